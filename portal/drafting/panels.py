"""On the page of an approved opening: the project it has made."""

from portal.drafting.awards import project_of
from portal.records.routes.area import Panel
from portal.records.views import RecordPage
from portal.web.rendering import url_for
from portal.web.viewer import Viewer


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """The project, as a link for whoever may see it; nothing on other records."""
    found = project_of(page.record)
    if found is None or viewer.is_external:
        return []
    code, name = found
    sees = viewer.sees_all_projects or code in {one.code for one in viewer.project_list}
    url = url_for("projects.overview", code=code) if sees else ""
    return [Panel("drafting/_opened.html", "side", {"code": code, "name": name, "url": url})]
