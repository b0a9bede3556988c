"""What comes next in a project, and what is at risk: milestones, tickets nobody signed for."""

from collections.abc import Iterable
from decimal import Decimal

from portal import clock
from portal.labor.columns import UNSIGNED_AMOUNT, labor_days
from portal.labor.queries import Unsigned
from portal.ledgers.pages import Center, record_url, start_url
from portal.ledgers.pay import may_see_pay
from portal.portfolio.overview.gathered import milestones_of, tickets_of
from portal.projects.tabs import Panel
from portal.web.viewer import ProjectBrief, Viewer

NEXT = 5
OLDEST = 4


def milestones_panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The next milestones, planned and forecast, and how late they are."""
    if viewer.is_external:
        return None
    sheet = milestones_of(project, clock.now())
    ahead = [row for row in sheet.rows if not row.is_reached]
    return Panel(
        "portfolio/overview/_milestones.html",
        {
            "sheet": sheet,
            "rows": ahead[:NEXT],
            "late": sum(row.is_late for row in ahead),
            "project": project,
            "start_url": start_url(),
        },
    )


def tickets_panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The unsigned tickets that wait longest, and what all of them are worth."""
    if viewer.is_external:
        return None
    tickets = tickets_of(project, clock.now())
    center = Center("labor", project)
    sees_pay = may_see_pay(viewer, project.id)
    return Panel(
        "portfolio/overview/_tickets.html",
        {
            "tickets": tickets[:OLDEST],
            "count": len(tickets),
            "sees_pay": sees_pay,
            "labor_days": labor_days(sum((one.days.value for one in tickets), Decimal(0))),
            "worth": [
                center.figure(UNSIGNED_AMOUNT, {UNSIGNED_AMOUNT.key: value}, ccy=currency)
                for currency, value in (_worth(tickets) if sees_pay else ())
            ],
            "project": project,
            "record_url": record_url,
        },
    )


def _worth(tickets: Iterable[Unsigned]) -> list[tuple[str, Decimal]]:
    """What they are worth, per currency."""
    found: dict[str, Decimal] = {}
    for one in tickets:
        currency = one.amount.currency
        found[currency] = found.get(currency, Decimal(0)) + one.amount.value
    return sorted(found.items())
