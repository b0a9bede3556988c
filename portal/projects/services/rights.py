"""Who may create, change and staff projects."""

from portal.db import db
from portal.errors import N_, Forbidden, NotFound
from portal.projects.models import Project
from portal.web.viewer import Viewer


def may_create(actor: Viewer | None) -> bool:
    """Whether this person may create projects."""
    return actor is None or actor.has_system_role("people_admin")


def may_manage(actor: Viewer | None, project_id: str) -> bool:
    """Whether this person may change the project and staff it."""
    if actor is None or actor.has_system_role("people_admin"):
        return True
    return "project_manager" in actor.project_roles.get(project_id, frozenset())


def demand_manager(actor: Viewer | None, project_id: str) -> None:
    """Only the project's manager or a people administrator goes on. Raises Forbidden."""
    if not may_manage(actor, project_id):
        raise Forbidden(N_("Only the project's manager or a people administrator may do this."))


def found(project_id: str) -> Project:
    """The project, if it may be seen. Raises NotFound."""
    project = db.session.get(Project, project_id)
    if project is None:
        raise NotFound(N_("There is no such project, or you may not see it."))
    return project
