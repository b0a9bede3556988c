"""Forecasts of what is still to come on cost codes, each against what came since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from portal.db import db
from portal.ledgers.models import CostEntry
from portal.ledgers.naming import names_of
from portal.ledgers.pay import may_see_wages, tells_wages
from portal.ledgers.standing import FORECAST, standing_cost
from portal.progress.columns import SPENT
from portal.schedule.past_error import miss_in_percent
from portal.web.viewer import ProjectBrief, Viewer


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A forecast: `to_come` from the day `on`; `spent` since. `by_latest` is what the latest
    forecast of the code makes of it: spent until then, and what it still expects; None where this
    is the latest. `is_settled`: the latest one expects nothing more. `is_private`: what was spent
    holds pay of workers that is not told by code and day to this viewer; it is None then.
    """

    label: str
    record_id: str
    on: date
    to_come: Decimal
    spent: Decimal | None
    by_latest: Decimal | None
    is_settled: bool
    is_private: bool = False

    @property
    def is_beyond(self) -> bool:
        """Whether more was spent already than was foreseen."""
        return self.spent is not None and self.spent > self.to_come

    @property
    def happened(self) -> Decimal | None:
        """What came of it, as far as that is certain: the least of it where it is beyond."""
        return self.spent if self.is_settled or self.is_beyond else None

    @property
    def off(self) -> Decimal | None:
        """How far it was off, of what is certain, in percent of what was foreseen."""
        return None if self.happened is None else miss_in_percent(self.happened, self.to_come)


def adjustments_of(viewer: Viewer, project: ProjectBrief) -> list[Adjusted]:
    """The forecasts of a project's cost codes that stand, the newest first, as told to a viewer."""
    by_code: dict[str, list[CostEntry]] = {}
    for one in standing_cost(FORECAST, [project.id]):
        if one.ccy == project.currency:
            by_code.setdefault(str(one.cost_code_id), []).append(one)
    spent = _spent(project, by_code)
    names = names_of(set(by_code))
    hidden = set() if may_see_wages(viewer, project.id) else _with_pay(project, by_code)
    found = []
    for code, entries in by_code.items():
        label = names[code].label if code in names else "?"
        if code in hidden:
            found += [_untold(label, one) for one in entries]
        else:
            found += _against(label, entries, spent.get(code, {}))
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.label))


def _untold(label: str, one: CostEntry) -> Adjusted:
    return Adjusted(
        label, one.record_id, one.effective_on, one.amount, None, None,
        is_settled=False, is_private=True,
    )  # fmt: skip


def _against(
    label: str, entries: Sequence[CostEntry], spent: Mapping[date, Decimal]
) -> list[Adjusted]:
    latest = entries[-1]
    found = []
    for at, one in enumerate(entries, start=1):
        since = sum((amount for on, amount in spent.items() if on > one.effective_on), Decimal(0))
        is_latest = at == len(entries)
        after = (on for on in spent if one.effective_on < on <= latest.effective_on)
        until = sum((spent[on] for on in after), Decimal(0))
        found.append(
            Adjusted(
                label,
                one.record_id,
                one.effective_on,
                one.amount,
                since,
                None if is_latest else until + latest.amount,
                is_settled=not is_latest and not latest.amount,
            )
        )
    return found


def _with_pay(project: ProjectBrief, codes: Collection[str]) -> set[str]:
    """Those of the codes whose actual cost holds pay of workers: a code from one day on is a choice
    so narrow that even the sum would tell it (as portal.portfolio.told rules for its entries).
    """
    pay = tells_wages(SPENT)
    if pay is None:
        return set()
    statement = (
        select(CostEntry.cost_code_id)
        .where(
            CostEntry.project_id == project.id,
            CostEntry.cost_code_id.in_(sorted(codes)),
            SPENT.condition(CostEntry),
            pay,
        )
        .distinct()
    )
    return {str(code) for code in db.session.scalars(statement)}


def _spent(
    project: ProjectBrief, codes: Mapping[str, object]
) -> Mapping[str, Mapping[date, Decimal]]:
    """Actual cost of these codes by the day from which it counts."""
    statement = (
        select(CostEntry.cost_code_id, CostEntry.effective_on, SPENT.sum(CostEntry))
        .where(
            CostEntry.project_id == project.id,
            CostEntry.ccy == project.currency,
            CostEntry.cost_code_id.in_(sorted(codes)),
            SPENT.condition(CostEntry),
        )
        .group_by(CostEntry.cost_code_id, CostEntry.effective_on)
    )
    found: dict[str, dict[date, Decimal]] = {}
    for code, on, amount in db.session.execute(statement):
        found.setdefault(str(code), {})[on] = Decimal(amount or 0)
    return found
