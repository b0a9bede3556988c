"""The pages of the day-labor center, as its own row of tabs."""

from typing import Any

from portal.ledgers.pay import may_see_wages
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


def places(project: ProjectBrief, here: str) -> list[dict[str, Any]]:
    """The pages the viewer may open, the one shown marked."""
    known = [("labor.sheet", _("Month")), ("labor.pivot", _("Summaries"))]
    if may_see_wages(current_viewer(), project.id):
        known.append(("labor.wages", _("Wages")))
        known.append(("labor.ledger", _("Wage ledger")))
    known.append(("labor.conflicts", _("Conflicts")))
    return [
        {"label": label, "url": url_for(name, code=project.code), "active": name == here}
        for name, label in known
    ]
