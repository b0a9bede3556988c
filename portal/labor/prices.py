"""Prices of pieces: of one work of a team, one price is valid on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.masters.similar import plain
from portal.records import counting
from portal.records.models import Record, RecordLink
from portal.records.transitions import APPROVED, Transition

FORM = "piece_price"
WHY = "prices of one team are compared, whoever files one"
TWICE = N_(
    "“%(name)s” of this team has a price from %(since)s already. End that one the day before, "
    "or choose other days."
)
TWICE_UNTIL = N_(
    "“%(name)s” of this team has a price from %(since)s to %(until)s already. Choose other days."
)


def on_transition(transition: Transition) -> None:
    """A second price of the same work in the same days is not taken. Raises Invalid with the first.

    The same work is named alike, whatever spaces, marks and capital letters; entries that are out
    of use or void do not count, and one comes back into use only where its days are free.
    """
    record = transition.record
    if record.form != FORM or transition.after != APPROVED:
        return
    team = str(record.data.get("team") or "")
    counting.hold(frozenset({f"{FORM}:{team}"}))  # two could be filed at the same moment
    for other in _of_team(team):
        if other.id == record.id or _work(other.data) != _work(record.data):
            continue
        if overlap(record.data, other.data):
            error = FieldError("valid_from", "price_twice", _told(other), see=other.id)
            raise Invalid(errors=[error])


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two prices are valid on some same day; one without an end goes on."""
    ends = [str(each.get("valid_until") or "9999") for each in (one, other)]
    return str(one["valid_from"]) <= ends[1] and str(other["valid_from"]) <= ends[0]


def _of_team(team: str) -> list[Record]:
    """The prices of a team in use, as they are now."""
    statement = (
        select(Record)
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            RecordLink.target_id == team,
            RecordLink.form == FORM,
            RecordLink.field == "team",
            Record.state == APPROVED,
        )
        .order_by(Record.id)
        .execution_options(populate_existing=True)
    )
    with db.session.no_autoflush:
        return list(db.session.scalars(unscoped(statement, WHY)))


def _work(data: Mapping[str, Any]) -> str:
    name = str(data.get("name") or "")
    return plain(name) or name.strip().casefold()


def _told(other: Record) -> Message:
    data = other.data
    named = {"name": other.subject, "since": date.fromisoformat(data["valid_from"])}
    if not data.get("valid_until"):
        return Message(TWICE, named)
    return Message(TWICE_UNTIL, {**named, "until": date.fromisoformat(data["valid_until"])})
