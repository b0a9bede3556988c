"""The Flask extensions, made once and bound to the application in portal.app."""

from flask_babel import Babel
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_wtf import CSRFProtect

babel = Babel()
htmx = HTMX()
login = LoginManager()
csrf = CSRFProtect()
