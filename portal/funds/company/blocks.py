"""What the page of the company's cash shows, one block per currency."""

from collections.abc import Sequence
from datetime import date, datetime

from portal import clock
from portal.accounts.models import Company
from portal.db import db
from portal.funds.charted import cash_chart
from portal.funds.company.stands import Stand, past_of, stands_of
from portal.funds.company.tables import (
    accounts_table,
    ageing_table,
    causes_table,
    left_out_table,
    month_address,
    months_table,
    retention_table,
    stats_of,
)
from portal.funds.company.together import Together, nothing, together
from portal.funds.drawing import PAPER, Curve, Step, curves, draw
from portal.funds.reading import names_for
from portal.funds.tables import Block
from portal.projects.queries import visible_projects
from portal.web.charts import Chart


def company_cash(now: datetime) -> list[Together]:
    """All projects the viewer may see, by currency; the currency of most projects first."""
    stands = stands_of(visible_projects(), now)
    by_currency: dict[str, list[Stand]] = {}
    for one in stands:
        by_currency.setdefault(one.currency, []).append(one)
    order = sorted(by_currency, key=lambda currency: (-len(by_currency[currency]), currency))
    return [together(currency, by_currency[currency]) for currency in order]


def empty_company(now: datetime) -> Together:
    """What stands for a company without money: its tables are headed and hold no rows."""
    company = db.session.get_one(Company, 1)
    return nothing(company.currency, clock.date_in(company.zone, now))


def blocks_of(found: Sequence[Together]) -> list[Block]:
    """Figures, then what causes the lowest point, accounts, ageing, retention, months."""
    named = {
        one
        for all_of in found
        for stand in all_of.stands
        for one in (
            *stand.accounts,
            *(held.contract for held in stand.held),
            *(held.party for held in stand.held),
        )
    }
    names = names_for((), named)
    return [
        Block(
            one.currency,
            stats_of(one),
            (
                causes_table(one),
                left_out_table(one),
                accounts_table(one, names),
                ageing_table(one, "in"),
                ageing_table(one, "out"),
                retention_table(one, names),
                months_table(one),
            ),
        )
        for one in found
    ]


def curves_of(one: Together) -> list[Curve]:
    """The drawing of the balance: what moved, and what is expected."""
    return curves(*_steps(one))


def chart_of(one: Together, drawn: Curve) -> Chart:
    """The same as a chart: a balance leads to its month, project by project."""
    known = {each.first for each in one.months}

    def way(on: date) -> str | None:
        first = on.replace(day=1)
        return month_address(one.currency, first) if first in known else None

    return cash_chart(*_steps(one), drawn, way)


def printed_curve(one: Together) -> Curve:
    """The same for paper."""
    return draw(*_steps(one), PAPER)


def _steps(one: Together) -> tuple[list[Step], list[Step]]:
    ahead = [(point.on, point.balance) for point in one.points]
    return past_of(one.stands, one.today), ahead
