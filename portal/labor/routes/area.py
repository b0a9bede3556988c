"""The area of the day-labor center."""

from portal.web.area import Area

area = Area("labor", __name__)
