"""The figures of the day-labor center that rules of health may name."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.definitions.measures import Measure, Measured, PageWay
from portal.labor.columns import ACCRUED, AT_RISK, UNSIGNED_AMOUNT
from portal.ledgers.keeping import Kept
from portal.ledgers.models import LaborEntry
from portal.ledgers.pages import Center
from portal.ledgers.pay import may_see_pay
from portal.ledgers.queries import Sums, sums
from portal.web.viewer import ProjectBrief

MEASURES = (
    Measure("labor.at_risk", _l("Labor at risk"), AT_RISK.meaning, "money", may_see_pay),
    Measure(
        "labor.at_risk_share",
        _l("Labor at risk, of what is accrued"),
        _l("Accrued without the owner's signature for a change, in percent of all that is accrued"),
        "percent",
        may_see_pay,
    ),
    Measure("labor.unsigned", _l("Unsigned labor"), UNSIGNED_AMOUNT.meaning, "money", may_see_pay),
    Measure(
        "labor.unsigned_days",
        _l("Age of unsigned labor"),
        _l("Days since the oldest work that nobody has signed for"),
        "days",
    ),
)
SUMS = (ACCRUED, AT_RISK, UNSIGNED_AMOUNT)


@dataclass(frozen=True, slots=True)
class Worked:
    """The labor of a project by currency; the day of the oldest work that nobody has signed for."""

    sums: tuple[Sums, ...]
    since: date | None


_kept: Kept[Worked] = Kept()


def worked_in(projects: Collection[str]) -> dict[str, Worked]:
    """The labor of each project that has any; read anew only where something was posted."""
    found = _kept.of(projects, "", _read)
    return {key: one for key, one in found.items() if one.sums}


def _read(projects: list[str]) -> dict[str, Worked]:
    made: dict[str, list[Sums]] = {one: [] for one in projects}
    for group in sums(SUMS, ("project_id", "ccy"), projects, {}):
        made[group.by[0]].append(group)
    since = _oldest([one for one, found in made.items() if found])
    return {one: Worked(tuple(found), since.get(one)) for one, found in made.items()}


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """What day labor may stay unpaid, per currency, and how long a ticket waits for signatures."""
    by_id = {one.id: one for one in projects}
    found = worked_in(by_id)
    for group in (group for one in found.values() for group in one.sums):
        project_id, currency = group.by
        center = Center("labor", by_id[project_id])
        accrued, risk, unsigned = (group.values[one.key] for one in SUMS)
        way = center.way(AT_RISK.key, ccy=currency)
        if accrued > 0:
            yield "labor.at_risk", Measured(project_id, risk, way, currency)
            yield "labor.at_risk_share", Measured(project_id, risk / accrued * 100, way, currency)
        if accrued > 0 or unsigned:
            there = center.way(UNSIGNED_AMOUNT.key, ccy=currency)
            yield "labor.unsigned", Measured(project_id, unsigned, there, currency)
    for project_id, one in found.items():
        project = by_id[project_id]
        today = clock.date_in(project.zone, now)
        days = max(0, (today - (one.since or today)).days)
        sheet = PageWay("labor.sheet", project.code)
        yield "labor.unsigned_days", Measured(project_id, Decimal(days), sheet)


def _oldest(projects: Collection[str]) -> dict[str, date]:
    """The day of the oldest unsigned ticket of each project that has one."""
    if not projects:
        return {}
    amount: Any = func.sum(LaborEntry.amount)
    hours: Any = func.sum(LaborEntry.hours)
    oldest = (
        select(LaborEntry.project_id, func.min(LaborEntry.work_date).label("since"))
        .where(LaborEntry.project_id.in_(sorted(projects)), LaborEntry.kind == "booked")
        .where(LaborEntry.signed.is_(False))
        .group_by(LaborEntry.project_id, LaborEntry.record_id)
        .having((amount != 0) | (hours != 0))
        .subquery()
    )
    since = func.min(oldest.c.since)
    statement = select(oldest.c.project_id, since).group_by(oldest.c.project_id)
    return dict(db.session.execute(statement).all())
