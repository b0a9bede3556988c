"""Where health appears on pages of other features: a tab, the overview of a project, Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.definitions.measures import register_measures
from portal.health import queries, shown
from portal.health.queries import AlertPage
from portal.projects.tabs import Panel, Tab, register_panel, register_tab
from portal.web.access import staff
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _

MOST = 5
LEADERS = frozenset({"director", "sponsor"})


@dataclass(frozen=True, slots=True)
class Card:
    """Home's card: the open alerts of the projects one leads."""

    alerts: Sequence[AlertPage]
    count: int
    projects: Mapping[str, ProjectBrief]
    words: Mapping[str, Any] = field(default_factory=dict)
    template: str = "health/_home.html"


def card(viewer: Viewer) -> Card | None:
    """For managers of projects and leaders of the company; nothing while all is well."""
    leads = not LEADERS.isdisjoint(viewer.roles)
    mine = {
        one.id: one
        for one in viewer.project_list
        if leads or "project_manager" in viewer.project_roles.get(one.id, ())
    }
    if viewer.is_external or not mine:
        return None
    alerts = queries.alerts_of(sorted(mine), is_open=True)
    if not alerts:
        return None
    return Card(alerts[:MOST], len(alerts), mine, _words())


def panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The open alerts of a project, on its overview."""
    if viewer.is_external:
        return None
    alerts = queries.alerts_of([project.id], is_open=True)
    if not alerts:
        return None
    context = {"alerts": alerts[:MOST], "count": len(alerts), "project": project, **_words()}
    return Panel("health/_overview.html", context)


def _words() -> dict[str, Any]:
    book = queries.rules_in_force()
    words = queries.figure_words(book)
    return {
        "title": lambda alert: shown.alert_title(alert, book),
        "value": lambda alert: shown.alert_value(alert.value, alert, words),
    }


def register() -> None:
    """Called once, from portal.wiring."""
    from portal.costs import figures as cost
    from portal.funds import figures as funds
    from portal.labor import figures as labor
    from portal.progress import figures as progress

    for center in (cost, labor):
        register_measures(center.MEASURES, center.take)
    register_measures(funds.RECEIVED, funds.take)
    register_measures(funds.OPEN, funds.take_open)
    register_measures(progress.MILESTONES, progress.take)
    register_measures(progress.PLANS, progress.take_plans)
    register_tab(Tab("health.project", lambda: str(_("Project health")), 10, staff))
    register_panel(panel)
