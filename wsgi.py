"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi run`."""

from portal import serving, ticking
from portal.app import create_app

app = create_app()
serving.refuse_demo_in_production(app)
serving.survive_forks(app)
ticking.start(app)
serving.keep_what_is_loaded()
