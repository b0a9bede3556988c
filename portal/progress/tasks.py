"""The tasks of a plan as their records say them, read in bulk; and their order as a tree."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import func, or_, select

from portal.db import db, unscoped
from portal.records.models import Record, RecordRevision, Voiding
from portal.schedule.network import LinkType

FORM = "task"
WHY = "whoever sees a project's figures sees its plan"
SUMMARY = "summary"
MOMENTS = frozenset({"milestone", "decision"})
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class TaskLink:
    """What a task waits for: the predecessor's id, from which end to which, and the lag."""

    task: str
    type: LinkType
    lag: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its record says. `duration` is in `unit` (d or h); `data` holds the rest."""

    id: str
    code: str
    name: str
    type: str
    parent: str
    duration: Decimal
    unit: str
    calendar: str
    budget: Decimal
    links: tuple[TaskLink, ...]
    data: Mapping[str, Any]

    @property
    def is_summary(self) -> bool:
        return self.type == SUMMARY

    @property
    def is_moment(self) -> bool:
        """A milestone or a decision point: no work of its own."""
        return self.type in MOMENTS

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def measure(self) -> str:
        return str(self.data.get("measure") or "physical")

    def day(self, field: str) -> date | None:
        """A date of the record."""
        stored = self.data.get(field)
        return date.fromisoformat(stored) if stored else None

    def number(self, field: str) -> Decimal | None:
        """A number of the record."""
        stored = self.data.get(field)
        return None if stored is None else Decimal(str(stored))


def task_of(record_id: str, data: Mapping[str, Any]) -> Task:
    """A task by the stored data of its record."""
    links = tuple(
        TaskLink(
            str(row["task"]),
            LinkType(row.get("link") or "FS"),
            Decimal(str(row.get("lag") or 0)),
            str(row.get("lag_unit") or "d"),
        )
        for row in data.get("predecessors") or ()
        if row.get("task")
    )
    return Task(
        record_id,
        str(data.get("code") or ""),
        str(data.get("name") or ""),
        str(data.get("type") or "task"),
        str(data.get("parent_task") or ""),
        Decimal(str(data.get("duration") or 0)),
        str(data.get("duration_unit") or "d"),
        str(data.get("calendar") or ""),
        Decimal(str(data.get("budget") or 0)),
        links,
        data,
    )


def read_tasks(project_id: str, known_at: datetime | None = None) -> dict[str, Task]:
    """The tasks on file in a project, in tree order; `known_at`: as they were at that moment."""
    if known_at is None:
        now = select(Record.id, Record.data).where(
            Record.form == FORM, Record.project_id == project_id, Record.state == "approved"
        )
        rows = db.session.execute(unscoped(now, WHY))
    else:
        latest = (
            select(RecordRevision.record_id, func.max(RecordRevision.revision).label("revision"))
            .join(Record, Record.id == RecordRevision.record_id)
            .outerjoin(Voiding, Voiding.record_id == Record.id)
            .where(
                Record.form == FORM,
                Record.project_id == project_id,
                or_(Record.state == "approved", Voiding.at > known_at),
                RecordRevision.at <= known_at,
            )
            .group_by(RecordRevision.record_id)
            .subquery()
        )
        then = select(RecordRevision.record_id, RecordRevision.data).join(
            latest,
            (latest.c.record_id == RecordRevision.record_id)
            & (latest.c.revision == RecordRevision.revision),
        )
        rows = db.session.execute(unscoped(then, WHY))
    found = [task_of(key, data) for key, data in rows]
    return {one.id: one for one, _depth in in_tree_order(found)}


_PARTS = re.compile(r"(\d+)")


@lru_cache(maxsize=100_000)
def code_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """How codes sort: 2 before 10, 1.2 before 1.10."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in _PARTS.split(code.lower())
        if part
    )


def in_tree_order(tasks: Iterable[Task]) -> list[tuple[Task, int]]:
    """Tasks with their depth: every summary before what stands below it, codes in order.

    What hangs below itself, or below what is not there, stands at the top.
    """
    every = sorted(tasks, key=lambda one: (code_key(one.code), one.id))
    known = {one.id: one for one in every}
    below: dict[str, list[Task]] = {}
    for one in every:
        parent = known.get(one.parent)
        below.setdefault(one.parent if parent and parent.is_summary else "", []).append(one)
    found: list[tuple[Task, int]] = []
    stack = [(one, 0) for one in reversed(below.get("", []))]
    while stack:
        one, depth = stack.pop()
        found.append((one, depth))
        stack += [(child, depth + 1) for child in reversed(below.get(one.id, []))]
    if len(found) < len(every):
        seen = {one.id for one, _ in found}
        found += [(one, 0) for one in every if one.id not in seen]
    return found


def children(tasks: Sequence[tuple[Task, int]], at: int) -> range:
    """The places of everything that stands below the task at a place of the tree."""
    depth, end = tasks[at][1], at + 1
    while end < len(tasks) and tasks[end][1] > depth:
        end += 1
    return range(at + 1, end)
