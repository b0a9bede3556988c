"""The area of accounts: signing in and out, passwords, one's own profile, the first run."""

from portal.web.area import Area

area = Area("accounts", __name__)
