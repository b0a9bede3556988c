"""What was filed, decided, opened, closed and judged anew between two instants."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.health.models import Alert
from portal.records.models import Record, RecordRevision
from portal.web.viewer import ProjectBrief
from portal.weekly.period import Period

Json = dict[str, Any]
DECIDED = ("approved", "rejected")
LISTED = 60  # records of one kind; the count is told in any case
SETTLED = ("change_request", "decision", "site_instruction", "budget", "budget_transfer")
MENDED = ("defect", "hazard")


def registers_moved(project: ProjectBrief, period: Period) -> Json:
    """Changes and decisions, defects and hazards, risks and alerts of the period."""
    return {
        "settled": {form: _filed_and_decided(project, form, period) for form in SETTLED},
        "mended": {form: _opened_and_closed(project, form, period) for form in MENDED},
        "risks": _risks(project, period),
        "alerts": _alerts(project, period),
    }


def _rows(project: ProjectBrief, form: str, *where: Any) -> list[Json]:
    statement = (
        select(Record)
        .where(Record.project_id == project.id, Record.form == form, *where)
        .order_by(Record.submitted_at, Record.id)
        .limit(LISTED)
    )
    return [
        {
            "id": one.id,
            "number": one.number or "",
            "subject": one.subject,
            "state": one.state,
            "amount": None if one.amount is None else f"{one.amount:.2f}",
            "currency": one.currency or "",
        }
        for one in db.session.scalars(statement)
    ]


def _count(project: ProjectBrief, form: str, *where: Any) -> int:
    statement = (
        select(func.count())
        .select_from(Record)
        .where(Record.project_id == project.id, Record.form == form, *where)
    )
    return int(db.session.execute(statement).scalar_one())


def _within(column: Any, period: Period) -> tuple[Any, Any]:
    return column >= period.start, column < period.end


def _filed_and_decided(project: ProjectBrief, form: str, period: Period) -> Json:
    filed = _rows(project, form, Record.number.is_not(None), *_within(Record.submitted_at, period))
    decided = _rows(project, form, Record.state.in_(DECIDED), *_within(Record.decided_at, period))
    return {"filed": filed, "decided": decided}


def _opened_and_closed(project: ProjectBrief, form: str, period: Period) -> Json:
    submitted, decided = Record.submitted_at, Record.decided_at
    open_after = (
        submitted < period.end,
        Record.state.in_(("submitted", "returned", "approved")),
        decided.is_(None) | (decided >= period.end),
    )
    return {
        "opened": _rows(project, form, Record.state != "draft", *_within(submitted, period)),
        "closed": _rows(project, form, Record.state == "approved", *_within(decided, period)),
        "open_after": _count(project, form, *open_after),
    }


def _risks(project: ProjectBrief, period: Period) -> list[Json]:
    """Risks whose level, score or standing differs, and those that are new."""
    mine = select(Record.id).where(Record.project_id == project.id, Record.form == "risk")
    statement = (
        select(RecordRevision.record_id, RecordRevision.data, RecordRevision.at)
        .where(RecordRevision.record_id.in_(mine), RecordRevision.at < period.end)
        .order_by(RecordRevision.record_id, RecordRevision.revision)
    )
    before: dict[str, Mapping[str, Any]] = {}
    after: dict[str, Mapping[str, Any]] = {}
    for record_id, data, at in db.session.execute(statement):
        after[record_id] = data
        if at < period.start:
            before[record_id] = data
    changed = [key for key in after if _standing(before.get(key)) != _standing(after[key])]
    wanted = select(Record.id, Record.number, Record.subject).where(Record.id.in_(sorted(changed)))
    named = {row.id: row for row in db.session.execute(wanted)}
    return [
        {
            "id": key,
            "number": named[key].number or "",
            "subject": named[key].subject,
            "before": _standing(before.get(key)),
            "after": _standing(after[key]),
        }
        for key in sorted(changed)
        if key in named
    ]


def _standing(data: Mapping[str, Any] | None) -> Json | None:
    """What of a risk is worth telling when it changes."""
    return (
        None if data is None else {key: data.get(key) for key in ("level", "score_now", "status")}
    )


def _alerts(project: ProjectBrief, period: Period) -> Json:
    def told(rows: Iterable[Alert]) -> list[Json]:
        return [
            {
                "id": one.id,
                "rule": one.rule,
                "row": one.row_label,
                "currency": one.currency,
                "level": one.level,
            }
            for one in rows
        ]

    return {
        "raised": told(_alert_rows(project, *_within(Alert.raised_at, period))),
        "closed": told(_alert_rows(project, *_within(Alert.closed_at, period))),
    }


def _alert_rows(project: ProjectBrief, *where: Any) -> Sequence[Alert]:
    statement = (
        select(Alert)
        .where(Alert.project_id == project.id, *where)
        .order_by(Alert.raised_at, Alert.id)
        .limit(LISTED)
    )
    return db.session.scalars(statement).all()
