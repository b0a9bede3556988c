"""What entries recorded between two instants did to the figures of the centers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from portal.costs.columns import sheet_in_force
from portal.db import db
from portal.funds import columns as funds
from portal.labor import columns as labor
from portal.ledgers.columns import Column
from portal.ledgers.models import Posting, ProgressEntry
from portal.ledgers.naming import documents_of, names_of
from portal.ledgers.queries import Recorded, sums
from portal.ledgers.standing import takes_nothing_back, undoing
from portal.web.filters import LOCALES
from portal.web.viewer import ProjectBrief
from portal.weekly.period import Period

Json = dict[str, Any]

FUNDS: tuple[Column, ...] = (funds.CURRENT, funds.CERTIFIED, funds.PAID, funds.DUE, funds.LOOSE)
LABOR: tuple[Column, ...] = (labor.SIGNED_AMOUNT, labor.AT_RISK, labor.UNPAID)


@dataclass(frozen=True, slots=True)
class _Part:
    """Columns of one center and what its rows are told apart by besides the currency."""

    center: str
    columns: tuple[Column, ...]
    labels: Mapping[str, Json]
    by: tuple[str, ...] = ("ccy",)


def money_moved(project: ProjectBrief, period: Period) -> list[Json]:
    """Cost, funds and labor by currency (funds also by direction): before, moved, after."""
    return [made for part in _parts() for made in _moved(project, part, period)]


def columns_of(center: str) -> Mapping[str, Column]:
    """The columns by which a report tells money of a center now."""
    return {one.key: one for part in _parts() if part.center == center for one in part.columns}


def _parts() -> list[_Part]:
    sheet = sheet_in_force()
    plain = {one.key: one for one in sheet.columns if one.cells is not None}
    keys = [key for key in dict.fromkeys((*sheet.headlines, *sheet.portfolio)) if key in plain]
    named = {key: {"en": plain[key].label.en, "zh": plain[key].label.zh} for key in keys}
    cost = tuple(sheet.ledger_columns[key] for key in keys)
    return [
        _Part("cost", cost, named),
        _Part("funds", FUNDS, {one.key: both(one.label) for one in FUNDS}, ("ccy", "direction")),
        _Part("labor", LABOR, {one.key: both(one.label) for one in LABOR}),
    ]


def both(label: Any) -> Json:
    """A text of the portal in both languages."""
    found = {}
    for language in ("en", "zh"):
        with force_locale(LOCALES[language]):
            found[language] = str(label)
    return found


def _moved(project: ProjectBrief, part: _Part, period: Period) -> Iterator[Json]:
    before = _sums(project, part, Recorded(None, period.start))
    moved = _sums(project, part, Recorded(period.start, period.end))
    for key in sorted({*before, *moved}, key=lambda one: (one[0] != project.currency, one)):
        currency, direction = key[0], key[1] if len(key) > 1 else ""
        old, new = before.get(key, {}), moved.get(key, {})
        yield {
            "center": part.center,
            "currency": currency,
            "direction": direction,
            "rows": [
                _row(one, part, direction, old.get(one.key), new.get(one.key))
                for one in part.columns
                if one is not funds.LOOSE or old.get(one.key) or new.get(one.key)
            ],
        }


def _row(
    column: Column, part: _Part, direction: str, old: Decimal | None, new: Decimal | None
) -> Json:
    before, moved = old or Decimal(0), new or Decimal(0)
    shown = funds.titled(column, direction)
    label = part.labels[column.key] if shown is column else both(shown.label)
    return {
        "key": column.key,
        "label": label,
        "before": f"{before:.2f}",
        "moved": f"{moved:.2f}",
        "after": f"{before + moved:.2f}",
    }


def _sums(
    project: ProjectBrief, part: _Part, recorded: Recorded
) -> Mapping[tuple[str, ...], Mapping[str, Decimal]]:
    found: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for columns in by_ledger(part.columns):
        for one in sums(columns, part.by, [project.id], {"posted_at": recorded}):
            found.setdefault(tuple(str(each) for each in one.by), {}).update(one.values)
    return found


def by_ledger(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns put together by the ledger they sum."""
    found: dict[str, list[Column]] = {}
    for one in columns:
        found.setdefault(one.ledger, []).append(one)
    return list(found.values())


def progress_moved(project: ProjectBrief, period: Period) -> list[Json]:
    """What milestones and tasks were said to be at the start and at the end, where it differs."""
    undone = undoing()
    statement = (
        select(ProgressEntry, Posting.posted_at, undone.c.posted_at)
        .join(Posting, Posting.id == ProgressEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == ProgressEntry.posting_id)
        .where(
            ProgressEntry.project_id == project.id,
            takes_nothing_back(),
            Posting.posted_at < period.end,
        )
        .order_by(ProgressEntry.as_of, Posting.posted_at, ProgressEntry.id)
    )
    rows = [(row[0], row[1], _aware(row[2])) for row in db.session.execute(statement)]
    before, after = standing(rows, period.start), standing(rows, period.end)
    moved = [
        {
            "id": key[0],
            "reading": key[1],
            "before": before[key][0] if key in before else None,
            "after": after[key][0] if key in after else None,
            "record": (after.get(key) or before[key])[1],
        }
        for key in dict.fromkeys((*after, *before))
        if before.get(key, ("",))[0] != after.get(key, ("",))[0]
    ]
    return _named(moved)


Reading = tuple[ProgressEntry, datetime, datetime | None]


def standing(rows: Sequence[Reading], at: datetime) -> dict[tuple[str, str], tuple[str, str]]:
    """What each milestone is said to be at an instant, and the record that says so.

    The latest reading that stands counts; days moved by changes add up.
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for entry, posted_at, undone_at in rows:
        if posted_at >= at or (undone_at is not None and undone_at < at):
            continue
        key = (str(entry.milestone_id or entry.task_id), entry.reading)
        if entry.reading == "shift":
            days = (entry.days or 0) + int(found.get(key, ("0", ""))[0])
            found[key] = (str(days), entry.record_id)
        elif entry.on_date is not None:
            found[key] = (entry.on_date.isoformat(), entry.record_id)
        elif entry.reading == "progress":
            found[key] = (_done(entry), entry.record_id)
    return found


def _done(entry: ProgressEntry) -> str:
    """What a task's reading says of it, in the first of its measures that is told."""
    if entry.finished_on is not None:
        return "100 %"
    for value, unit in ((entry.percent, "%"), (entry.qty, ""), (entry.remaining, "d")):
        if value is not None:
            return f"{value.normalize():f} {unit}".strip()
    return entry.started_on.isoformat() if entry.started_on is not None else "–"


def _aware(moment: datetime | None) -> datetime | None:
    """A moment of a table read without its type: SQLite keeps no zone."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _named(moved: Sequence[Json]) -> list[Json]:
    names = names_of({one["id"] for one in moved})
    documents = documents_of({one["record"] for one in moved})
    return [
        {
            **one,
            "name": names[one["id"]].label if one["id"] in names else "?",
            "number": documents[one["record"]].number if one["record"] in documents else "",
        }
        for one in moved
    ]
