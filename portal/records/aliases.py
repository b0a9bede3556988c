"""Entries of registers that were merged into another: whatever named them is read as the other's.

Records keep the name they were signed with; sums, look-ups and what is offered go by the entry that
stayed. Nobody merges into what is out of use, so that one step always leads to the end.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.db import db, read_fixed, remembered, unscoped
from portal.records.models import Record, Retirement

WHY = "what was merged is read as one entry by everybody"
_open: Any = unscoped(
    select(Retirement.record_id, Retirement.into_id)
    .where(Retirement.into_id.is_not(None), Retirement.ended_at.is_(None))
    .order_by(Retirement.record_id),
    WHY,
)


@dataclass(frozen=True, slots=True)
class Aliases:
    """By the id of a merged entry the one that stayed, and the other way round."""

    into: Mapping[str, str] = field(default_factory=dict)
    behind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def stays(self, key: Any) -> Any:
        """The entry that stands for this one; itself where it was never merged."""
        return self.into.get(key, key)

    def family(self, key: str) -> tuple[str, ...]:
        """The entry that stands for this one, and all that were merged into it."""
        standing = self.stays(key)
        return (standing, *self.behind.get(standing, ()))

    def families(self, keys: Collection[Any]) -> list[Any]:
        """All entries that are read as one of these, each once; None stays None."""
        if not self.into:
            return list(keys)
        every = [one for key in keys for one in (self.family(key) if key else (key,))]
        return list(dict.fromkeys(every))

    def resolved(self, data: Mapping[str, Any], kept: Collection[str] = ()) -> Mapping[str, Any]:
        """A record's data with the entries that stayed; `kept` as they are, and rows of tables.

        Rows of a table stand for themselves: two of them that became one would count twice.
        """
        swap = {key: value for key, value in self.into.items() if key not in kept}
        if not swap:
            return data
        return {
            key: swap.get(value, value) if isinstance(value, str) else value
            for key, value in data.items()
        }


def merged() -> Aliases:
    """What is merged now; read once per session."""
    known = remembered(Retirement)
    if "aliases" not in known:
        into = {row.record_id: row.into_id for row in read_fixed(_open, {})}
        behind: dict[str, tuple[str, ...]] = {}
        for key, stays in into.items():
            behind[stays] = (*behind.get(stays, ()), key)
        known["aliases"] = Aliases(into, behind)
    found: Aliases = known["aliases"]
    return found


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """An entry that is out of use: its name, and that of the one it was merged into, if it was."""

    name: str
    into: str = ""


def out_of_use(record_ids: Collection[str]) -> dict[str, OutOfUse]:
    """Which of these entries are out of use now."""
    if not record_ids:
        return {}
    statement = (
        select(Retirement.record_id, Retirement.into_id, Record.subject, Record.number)
        .join(Record, Record.id == Retirement.record_id)
        .where(Retirement.record_id.in_(sorted(record_ids)), Retirement.ended_at.is_(None))
    )
    rows = db.session.execute(unscoped(statement, WHY)).all()
    names = _names({row.into_id for row in rows if row.into_id})
    return {
        row.record_id: OutOfUse(
            row.subject or row.number or "–", names.get(row.into_id, "") if row.into_id else ""
        )
        for row in rows
    }


def _names(record_ids: Collection[str]) -> dict[str, str]:
    if not record_ids:
        return {}
    statement = select(Record.id, Record.subject, Record.number).where(
        Record.id.in_(sorted(record_ids))
    )
    rows = db.session.execute(unscoped(statement, WHY))
    return {row.id: row.subject or row.number or "–" for row in rows}


def named_alike(text: str) -> Sequence[str]:
    """The entries that stand for merged ones whose name holds a text."""
    aliases = merged()
    if not aliases.into:
        return ()
    statement = select(Record.id).where(
        Record.id.in_(sorted(aliases.into)),
        Record.subject.icontains(text, autoescape=True)
        | Record.number.icontains(text, autoescape=True),
    )
    found = db.session.scalars(unscoped(statement, WHY))
    return sorted({aliases.into[one] for one in found})
