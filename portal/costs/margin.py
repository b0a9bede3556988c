"""What is left of the contracts that pay us, once the work is paid for; all without tax."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.db import db
from portal.ledgers.columns import Column, Term
from portal.ledgers.models import FundsEntry
from portal.ledgers.pages import Center, Figure
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief

_STAGES = ("contract", "contract_change")
INCOME = Column(
    "income",
    _l("Income"),
    _l("Contracts that pay us and their approved changes, without tax"),
    "funds_entry",
    (Term(1, {"stage": _STAGES, "direction": ("in",)}),),
    measure="net",
)


@dataclass(frozen=True, slots=True)
class Margin:
    """Income less the estimate at completion. `untaxed` entries do not say their tax: while there
    is one the margin is not defined.
    """

    income: Figure
    cost: Figure
    untaxed: int

    @property
    def value(self) -> Decimal | None:
        return None if self.untaxed else self.income.value - self.cost.value

    @property
    def share(self) -> Decimal | None:
        """In percent of the income."""
        if self.value is None or self.income.value <= 0:
            return None
        return self.value / self.income.value * 100


def incomes(project: ProjectBrief) -> dict[str, tuple[Figure, int]]:
    """The income of a project by currency, and how many of its entries do not say their tax."""
    center = Center("cost", project)
    statement = (
        select(FundsEntry.ccy, func.count())
        .where(
            FundsEntry.project_id == project.id,
            FundsEntry.stage.in_(_STAGES),
            FundsEntry.direction == "in",
            FundsEntry.tax.is_(None),
        )
        .group_by(FundsEntry.ccy)
    )
    untaxed = {row[0]: int(row[1]) for row in db.session.execute(statement)}
    where = {"stage": _STAGES, "direction": ("in",)}
    return {
        currency: (center.figure(INCOME, group.values, ccy=currency), untaxed.get(currency, 0))
        for group in sums((INCOME,), ("ccy",), [project.id], where)
        for (currency,) in [group.by]
    }
