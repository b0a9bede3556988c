"""Who may see what a single worker earns: wages are private, sums of teams are not."""

from portal.definitions.queries import read_reach
from portal.labor.hours import RUN
from portal.web.viewer import Viewer


def may_see_wages(viewer: Viewer, project_id: str) -> bool:
    """Whoever may read the accruals of a project; its members while no form of wages is in use."""
    if viewer.is_external:
        return False
    if viewer.is_auditor:
        return True
    reach = read_reach(viewer)
    if RUN not in reach:
        return True
    projects = reach[RUN]
    return projects is None or project_id in projects
