"""Where figures appear on pages of other features: tabs of a project, its overview, a decision."""

from flask_babel import gettext as _

from portal.approvals.impact import register_mover
from portal.ledgers.pages import Center
from portal.ledgers.queries import sums
from portal.portfolio.moves import moves_of
from portal.portfolio.queries import COST_COLUMNS, FUNDS_COLUMNS
from portal.projects.tabs import Panel, Tab, register_panel, register_tab
from portal.web.viewer import ProjectBrief, Viewer


def register() -> None:
    """Called once, from portal.wiring."""
    register_tab(Tab("costs.sheet", lambda: str(_("Cost")), 20))
    register_tab(Tab("funds.sheet", lambda: str(_("Funds")), 21))
    register_tab(Tab("labor.sheet", lambda: str(_("Labor")), 22))
    register_tab(Tab("progress.sheet", lambda: str(_("Progress")), 23))
    register_panel(figures_panel)
    register_mover(moves_of)


def figures_panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The headline figures of a project on its overview, in its own currency."""
    if viewer.is_external:
        return None
    own = {"ccy": (project.currency,)}
    cost = sums(COST_COLUMNS, (), [project.id], own)
    money = sums(FUNDS_COLUMNS, (), [project.id], {**own, "direction": ("out",)})
    figures = [
        *Center("cost", project)
        .figures(COST_COLUMNS, cost[0].values, ccy=project.currency)
        .values(),
        *Center("funds", project)
        .figures(FUNDS_COLUMNS, money[0].values, direction="out", ccy=project.currency)
        .values(),
    ]
    return Panel("portfolio/_figures.html", {"figures": figures})
