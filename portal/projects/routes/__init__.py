"""Pages of projects; importing this package fills the area."""

from portal.projects.routes import members, projects
from portal.projects.routes.area import area

__all__ = ["area", "members", "projects"]
