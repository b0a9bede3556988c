"""Where figures appear on pages of other features: tabs of a project, its overview, a decision."""

from portal.approvals.impact import register_mover
from portal.portfolio.moves import moves_of
from portal.portfolio.overview import five, money, plan, traffic
from portal.projects.tabs import Tab, register_panel, register_tab
from portal.web.access import staff
from portal.web.words import gettext as _


def register() -> None:
    """Called once, from portal.wiring."""
    # figures are the company's own: project_for_figures answers external people 404
    register_tab(Tab("costs.sheet", lambda: str(_("Cost")), 20, staff))
    register_tab(Tab("funds.sheet", lambda: str(_("Funds")), 21, staff))
    register_tab(Tab("labor.sheet", lambda: str(_("Labor")), 22, staff))
    register_tab(Tab("progress.sheet", lambda: str(_("Progress")), 23, staff, ("foresight",)))
    register_tab(Tab("books.months_page", lambda: str(_("Months")), 40, staff))
    register_tab(Tab("portfolio.exports", lambda: str(_("Exports")), 45, staff))
    register_tab(Tab("weekly.index", lambda: str(_("Weekly reports")), 30, staff))
    register_tab(Tab("quality.sheet", lambda: str(_("Quality")), 24, staff))
    for source in (
        five.panel,
        money.panel,
        plan.milestones_panel,
        traffic.waiting_panel,
        plan.tickets_panel,
        traffic.newest_panel,
    ):
        register_panel(source)
    register_mover(moves_of)
