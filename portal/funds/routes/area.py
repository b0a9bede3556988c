"""The area of the funds center."""

from portal.web.area import Area

area = Area("funds", __name__)
