"""Thresholds of a project's own: those of its newest approved record in force, rule by rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.db import db, unscoped
from portal.health.rules import Limits
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

FORM = "project_thresholds"
WHY = "whoever sees how a project stands sees by which thresholds"


def own_limits(projects: Sequence[ProjectBrief], now: datetime) -> dict[str, Mapping[str, Limits]]:
    """By project, the thresholds that stand in place of those of the rules: those as of the latest
    day that has come where the project is; of one day, those approved last.
    """
    todays = {one.id: clock.date_in(one.zone, now).isoformat() for one in projects}
    statement = (
        select(Record.id, Record.number, Record.project_id, Record.data)
        .where(
            Record.form == FORM,
            Record.state == "approved",
            Record.project_id.in_(sorted(todays)),
        )
        .order_by(Record.decided_at, Record.id)
    )
    found: dict[str, Mapping[str, Limits]] = {}
    as_of: dict[str, str] = {}
    for record_id, number, project_id, data in db.session.execute(unscoped(statement, WHY)):
        day = str(data.get("valid_from") or "")
        if as_of.get(project_id, "") <= day <= todays[project_id]:
            as_of[project_id] = day
            found[project_id] = _read(data, record_id, number or "")  # the newest stands alone
    return found


def _read(data: Mapping[str, Any], record_id: str, number: str) -> dict[str, Limits]:
    return {
        str(row["rule"]): Limits(_value(row, "amber"), _value(row, "red"), record_id, number)
        for row in data.get("lines") or ()
    }


def _value(row: Mapping[str, Any], key: str) -> Decimal | None:
    return None if row.get(key) is None else Decimal(str(row[key]))
