"""The area of the cost center."""

from portal.web.area import Area

area = Area("costs", __name__)
