"""The area of projects."""

from portal.web.area import Area

area = Area("projects", __name__)
