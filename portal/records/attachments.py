"""Attachments: judged by content, kept by hash, linked to a record when it is saved."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from portal import limits
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message, NotFound, TooLarge
from portal.forms.fields import FieldDefinition
from portal.records import filekinds, filestore
from portal.records.models import Attachment, Record
from portal.web.viewer import Viewer

TOO_LARGE = N_("“%(name)s” is too large: a file may have at most %(most)s MB.")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]+")


def safe_name(name: str) -> str:
    """A file name fit for showing and downloading; never used as a path."""
    cleaned = _UNSAFE.sub("_", name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    if dot and len(cleaned) > 120:
        cleaned = f"{stem[: 118 - len(ending)]}.{ending}"
    return cleaned[:120] or "file"


def store(
    *, actor: Viewer, name: str, content: bytes, accept: Sequence[str], field: str, now: datetime
) -> Attachment:
    """Keep an uploaded file, not yet linked to a record.

    Raises TooLarge, or Invalid when its content is of no accepted kind or belies its name.
    """
    name = safe_name(name)
    if len(content) > limits.UPLOAD_BYTES:
        most = limits.UPLOAD_BYTES // 1_000_000
        raise TooLarge(TOO_LARGE, name=name, most=most)
    kind = filekinds.judge(content) if content else None
    if kind is None or (accept and kind.kind not in accept):
        message = Message(
            N_("“%(name)s” is not a file of an accepted kind (%(kinds)s)."),
            {"name": name, "kinds": ", ".join(accept) or "image, pdf, office, text"},
        )
        raise Invalid(errors=[FieldError(field, "kind", message)])
    if name.rpartition(".")[2].lower() not in kind.extensions:
        name = f"{name}.{kind.extensions[0]}"
    row = Attachment(
        sha256=filestore.keep(content),
        name=name,
        kind=kind.kind,
        mime=kind.mime,
        size=len(content),
        field=field,
        uploaded_by=actor.person_id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def link(*, actor: Viewer, record: Record, wanted: Mapping[str, FieldDefinition]) -> None:
    """Tie attachments (id -> the field that names it) to their record.

    Raises Invalid when one is not the actor's own upload, belongs elsewhere, or is of a kind that
    its field does not accept.
    """
    if not wanted:
        return
    rows = {
        row.id: row
        for row in db.session.scalars(select(Attachment).where(Attachment.id.in_(sorted(wanted))))
    }
    for key, field in sorted(wanted.items()):
        row = rows.get(key)
        if row is None or not _may_hold(actor, record, row, field):
            message = Message(N_("This file does not belong to this record. Attach it again."))
            raise Invalid(errors=[FieldError(field.path, "foreign_file", message)])
        row.record_id, row.field = record.id, field.path


def _may_hold(actor: Viewer, record: Record, row: Attachment, field: FieldDefinition) -> bool:
    """Whether it stands in this field already, or is the actor's own and of a kind it accepts."""
    if row.record_id == record.id and row.field == field.path:
        return True
    at_hand = row.record_id in (None, record.id) and row.uploaded_by == actor.person_id
    return at_hand and row.kind in (field.options.get("accept") or (row.kind,))


def of_record(record: Record) -> Sequence[Attachment]:
    """The files of a record the viewer was allowed to see, oldest first."""
    return db.session.scalars(_of_record, {"record": record.id}).all()


_of_record = unscoped(
    select(Attachment)
    .where(Attachment.record_id == bindparam("record"))
    .order_by(Attachment.created_at, Attachment.id),
    "whoever holds the record was allowed to see it",
)


def get(attachment_id: str) -> Attachment:
    """One file's row, through the record's scope. Raises NotFound."""
    row = db.session.scalars(select(Attachment).where(Attachment.id == attachment_id)).first()
    if row is None:
        raise NotFound()
    return row


def unlink(record_id: str) -> None:
    """Free the files of a discarded draft for the sweep."""
    db.session.execute(
        update(Attachment).where(Attachment.record_id == record_id).values(record_id=None)
    )
