"""The area of administration."""

from portal.web.area import Area

area = Area("admin", __name__, url_prefix="/admin")
