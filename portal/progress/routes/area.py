"""The area of the progress center."""

from portal.web.area import Area

area = Area("progress", __name__)
