"""Pages of accounts; importing this package fills the area."""

from portal.accounts.routes import demo, first_run, me, passwords, preferences, sign_in
from portal.accounts.routes.area import area

__all__ = ["area", "demo", "first_run", "me", "passwords", "preferences", "sign_in"]
