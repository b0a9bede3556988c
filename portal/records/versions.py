"""What a record was at each version of its content, and who takes part: only ever added to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db, is_sqlite, unscoped, write_fixed
from portal.ids import new_id
from portal.records.changes import Changed
from portal.records.models import Record, RecordParticipant, RecordRevision
from portal.web.viewer import Viewer


def last_revision(record_id: str) -> RecordRevision | None:
    """The version of a record that was filed or changed at a step last, if there is one."""
    statement = (
        select(RecordRevision)
        .where(RecordRevision.record_id == record_id)
        .order_by(RecordRevision.revision.desc())
        .limit(1)
    )
    return db.session.scalars(unscoped(statement, "a record's own versions")).first()


def add_revision(
    record: Record, changed: list[Changed], reason: str, actor: Viewer, now: datetime
) -> None:
    """Keep what the record was at this version of its content."""
    write_fixed(_keep_revision, revision_row(record, changed, reason, actor, now))


def add_revisions(rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep many versions at once, as `revision_row` makes them."""
    if rows:
        write_fixed(_keep_revision, rows)


def revision_row(
    record: Record, changed: list[Changed], reason: str, actor: Viewer, now: datetime
) -> dict[str, Any]:
    """The row of record_revision for what a record is now."""
    return {
        "id": new_id(),
        "record_id": record.id,
        "revision": record.revision,
        "data": record.data,
        "sha256": record.sha256,
        "changes": [change.to_json() for change in changed],
        "reason": reason,
        "actor_id": actor.person_id,
        "at": now,
    }


_keep_revision = unscoped(insert(RecordRevision), "what a record was is only ever added to")


def add_participants(record_id: str, parts: Sequence[tuple[str, str]]) -> None:
    """Note (person, part): who takes part in a record, and so may see it from now on."""
    take_part([part_row(record_id, person_id, part) for person_id, part in parts])


def part_row(record_id: str, person_id: str, part: str) -> dict[str, Any]:
    """The row of record_participant for a person's part in a record."""
    return {"id": new_id(), "record_id": record_id, "person_id": person_id, "part": part}


def take_part(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note the parts of many records at once, as `part_row` makes them."""
    if rows:
        write_fixed(_take_part[is_sqlite()], rows)


_take_part = {
    is_lite: unscoped(
        flavor.insert(RecordParticipant).on_conflict_do_nothing(), "taking part is noted once"
    )
    for is_lite, flavor in ((True, sqlite), (False, postgresql))
}
