"""Fills the portal with many open requests, fast, in rows `portal doctor` accepts.

One request per project is filed through the services; the others are copies of its rows with
keys, numbers, times and hashes of their own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select, update

from bench.company import SIZE, Cast
from bench.limit_workload import FIELDS, record, rows
from portal.approvals import services as approvals
from portal.approvals.log import START, event_hash
from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.audit import services as audit
from portal.db import SYSTEM, Base, db, set_context
from portal.ids import new_id
from portal.notify.models import Notice
from portal.records import services as records
from portal.records.content import content_hash_of_data
from portal.records.models import (
    NumberSeries,
    Record,
    RecordIndex,
    RecordParticipant,
    RecordRevision,
)

Row = dict[str, Any]
CHILDREN = (RecordRevision, RecordIndex, RecordParticipant, ApprovalEvent, Task, Notice)
BATCH = 5_000
DIGITS = 6


def purchase(number: int) -> Row:
    """The workload's request as the portal stores it."""
    kinds = {name: kind for name, kind, _required in FIELDS}
    data: Row = {}
    for name, value in record(number).items():
        if kinds[name] == "number":
            value = f"{float(value):.2f}"
        elif kinds[name] == "check":
            value = True
        elif kinds[name] == "select":
            value = value.replace(" ", "_")
        data[name] = value
    data["text0"] = f"Title {number}"
    data["rows"] = [
        {**row, "_id": f"r{place}", "qty": int(row["qty"])}
        for place, row in enumerate(rows(number))
    ]
    return data


def load(cast: Cast, count: int, now: datetime, *, projects: int = SIZE) -> None:
    """`count` requests over this many projects, each waiting for its first approver; commits."""
    each = count // projects
    for number in range(projects):
        first = _file(cast, number, now)
        _write(Copier.of(first, now), range(2, each + 1), each)
    set_context(db.session(), SYSTEM)
    audit.record(
        actor=None,
        action="bench.load",
        object_kind="record",
        object_id="purchase",
        detail={"count": count},
        now=now,
    )
    db.session.commit()


def _file(cast: Cast, number: int, now: datetime) -> str:
    """File one request in a project as its buyer; returns its id."""
    set_context(db.session(), SYSTEM)
    buyer = cast.buyer(number)
    db.session.expunge_all()
    set_context(db.session(), buyer)
    origin = records.Origin("purchase", cast.projects[number], purchase(1))
    draft = records.start_draft(actor=buyer, record_id="", origin=origin, now=now)
    records.save_draft(actor=buyer, record=draft, data=origin.data, now=now)
    approvals.submit(actor=buyer, record_id=draft.id, seen_revision=draft.revision, now=now)
    db.session.flush()
    return draft.id


@dataclass(frozen=True, slots=True)
class Copier:
    """The rows of one filed request, and how another one differs from them."""

    at: datetime
    record: Row
    approval: Row
    children: Mapping[type[Base], Sequence[Row]]

    @classmethod
    def of(cls, record_id: str, at: datetime) -> "Copier":
        """Everything stored about a request."""
        set_context(db.session(), SYSTEM)
        children = {kind: _rows(kind, "record_id", record_id) for kind in CHILDREN}
        children[ApprovalEvent].sort(key=lambda row: int(row["seq"]))
        return cls(
            at,
            _rows(Record, "id", record_id)[0],
            _rows(Approval, "record_id", record_id)[0],
            children,
        )

    def made(self, number: int, at: datetime) -> Iterator[tuple[type[Base], Row]]:
        """The rows of the request with this number in its series."""
        key, approval, title = new_id(), new_id(), f"Title {number}"
        data = {**self.record["data"], "text0": title}
        sha256 = content_hash_of_data(data)
        own = {"id": key, "data": data, "sha256": sha256, "subject": title}
        own["number"] = f"{self.record['number'][:-DIGITS]}{number:0{DIGITS}d}"
        times = dict.fromkeys(("created_at", "updated_at", "submitted_at"), at)
        yield Record, {**self.record, **own, **times}
        folded = self._dated(self.approval["folded"], at)
        run = {"id": approval, "record_id": key, "folded": folded, "opened_at": at}
        yield Approval, {**self.approval, **run}
        previous = START
        for kind, found in self.children.items():
            for row in found:
                made = {**row, "id": new_id(), "record_id": key}
                if "approval_id" in made:
                    made["approval_id"] = approval
                made |= {name: at for name in ("at", "opened_at") if name in made}
                if kind is RecordRevision:
                    made |= {"data": data, "sha256": sha256, "changes": _retitled(row, title)}
                elif kind is RecordIndex and made["field"] == "text0":
                    made["text"] = title
                elif kind is ApprovalEvent:
                    made |= {"data": self._dated(row["data"], at), "record_sha256": sha256}
                    made["previous"] = previous
                    made["hash"] = previous = _link(made)
                yield kind, made

    def _dated(self, stored: Any, at: datetime) -> Any:
        return json.loads(json.dumps(stored).replace(self.at.isoformat(), at.isoformat()))


def _rows(kind: type[Base], column: str, value: str) -> list[Row]:
    table = _table(kind)
    found = db.session.execute(select(table).where(table.c[column] == value))
    return [dict(row._mapping) for row in found]


def _table(kind: type[Base]) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)
    return table


def _retitled(revision: Row, title: str) -> list[Row]:
    return [
        {**one, "after": title} if one["path"] == "text0" else one for one in revision["changes"]
    ]


def _link(event: Row) -> str:
    """The hash of an event, as the log makes it."""
    body = {
        "data": event["data"],
        "actor": event["actor_id"],
        "name": event["actor_name"],
        "revision": event["record_revision"],
        "sha256": event["record_sha256"],
        "comment": event["comment"],
        "at": event["at"].isoformat(),
    }
    return event_hash(event["previous"], event["approval_id"], event["seq"], body)


def _write(copier: Copier, numbers: range, last: int) -> None:
    waiting: dict[type[Base], list[Row]] = {kind: [] for kind in (Record, Approval, *CHILDREN)}
    for number in numbers:
        at = copier.at - timedelta(minutes=last - number + 1)
        for kind, row in copier.made(number, at):
            waiting[kind].append(row)
        if len(waiting[Record]) >= BATCH:
            _flush(waiting)
    _flush(waiting)
    series = NumberSeries.prefix == copier.record["number"][:-DIGITS]
    db.session.execute(update(NumberSeries).where(series).values(last=last))
    db.session.commit()


def _flush(waiting: dict[type[Base], list[Row]]) -> None:
    connection = db.session.connection()
    for kind, found in waiting.items():
        if found:
            connection.execute(insert(_table(kind)), found)
        found.clear()
