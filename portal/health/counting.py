"""Figures that count the records of a form, for several projects at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import db, unscoped
from portal.definitions.measures import Measured
from portal.health.rules import Count
from portal.records.models import Record, RecordIndex
from portal.web.viewer import ProjectBrief

WHY = "whoever sees a project's figures sees how many records they count, not which"


@dataclass(frozen=True, slots=True)
class ListWay:
    """The way to the list of the records that are counted."""

    form: str
    args: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        args: dict[str, Any] = dict(self.args)
        return url_for("records.index", form_key=self.form, **args)


def way_of(count: Count, project: ProjectBrief, today: date) -> ListWay:
    """The list narrowed to exactly what a count counts in a project."""
    args = [("project", project.code), ("state", ",".join(count.states))]
    args += [(f"f.{key}", value) for key, value in count.where.items()]
    last = count.last_day(today)
    if count.older and last:
        args.append((f"f.{count.older[0]}:to", last.isoformat()))
    return ListWay(count.form, tuple(args))


def counted(
    counts: Sequence[Count], projects: Sequence[ProjectBrief], now: datetime
) -> Iterator[tuple[str, Measured]]:
    """How many records each count finds in each project; a form nobody published finds none."""
    by_day: dict[date, list[ProjectBrief]] = {}
    for one in projects:
        by_day.setdefault(clock.date_in(one.zone, now), []).append(one)
    for today, those in by_day.items():
        for count in counts:
            found = _numbers(count, [one.id for one in those], today)
            for project in those:
                number = Decimal(found.get(project.id, 0))
                yield count.key, Measured(project.id, number, way_of(count, project, today))


def _numbers(count: Count, projects: Collection[str], today: date) -> Mapping[str, int]:
    conditions: list[ColumnElement[bool]] = [
        Record.form == count.form,
        Record.project_id.in_(sorted(projects)),
        Record.state.in_(count.states),
    ]
    for key, value in count.where.items():
        conditions.append(_indexed(count.form, key, "text", value))
    last = count.last_day(today)
    if count.older and last:
        conditions.append(_indexed(count.form, count.older[0], "day", last))
    statement = (
        select(Record.project_id, func.count()).where(*conditions).group_by(Record.project_id)
    )
    rows = db.session.execute(unscoped(statement, WHY))
    return {str(project_id): int(number) for project_id, number in rows}


def _indexed(form: str, key: str, kind: str, value: Any) -> ColumnElement[bool]:
    """Whose value of a field is this one; of a day: this one, or an earlier one."""
    index = aliased(RecordIndex)
    column = index.day if kind == "day" else index.text
    holds = column <= value if kind == "day" else column == value
    held = select(index.record_id).where(index.form == form, index.field == key, holds)
    return Record.id.in_(held)
