"""What every page of a project shows around its content, and who may manage it."""

from collections.abc import Iterable
from typing import Any

from flask import request, url_for

from portal.accounts import rolebook
from portal.errors import N_, Forbidden
from portal.projects import queries, services
from portal.projects.inputs import STATUS_TITLES
from portal.projects.models import Project
from portal.projects.tabs import tabs
from portal.web.filters import text_in
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


def frame(project: Project) -> dict[str, Any]:
    """Tabs and rights of a project's page; `frame["tabs"]` fits components/tabs.html."""
    viewer = current_viewer()
    may_manage = services.may_manage(viewer, project.id)
    registered = tabs(viewer)
    places = [("projects.overview", _("Overview"))]
    places += [(tab.endpoint, tab.title()) for tab in registered]
    places.append(("projects.members", _("People")))
    if may_manage:
        places.append(("projects.settings", _("Settings")))
    below = {area: tab.endpoint for tab in registered for area in tab.areas}
    endpoint = request.endpoint or ""
    here = below.get(endpoint.partition(".")[0]) or _tab_of(endpoint, [one for one, _ in places])
    return {
        "project_tabs": [
            {
                "label": label,
                "url": url_for(endpoint, code=project.code),
                "active": endpoint == here,
            }
            for endpoint, label in places
        ],
        "may_manage": may_manage,
        "status_title": STATUS_TITLES.get(project.status, project.status),
    }


def _tab_of(endpoint: str, known: list[str]) -> str:
    """The tab a page belongs to: its own, or that of its area, where the area has one tab."""
    if endpoint in known:
        return endpoint
    area = endpoint.partition(".")[0]
    alike = [one for one in known if one.partition(".")[0] == area]
    return alike[0] if len(alike) == 1 else ""


def role_titles(held: Iterable[str]) -> dict[str, str]:
    """Titles of project roles in the reader's language, including roles no longer declared."""
    titles = rolebook.titles("project", also=set(held))
    return {role: text_in(title) for role, title in titles.items()}


def manageable(code: str) -> Project:
    """The project, if the viewer may change it. Raises NotFound, Forbidden."""
    project = queries.project_by_code(code)
    if not services.may_manage(current_viewer(), project.id):
        raise Forbidden(N_("Only the project's manager or a people administrator may do this."))
    return project
