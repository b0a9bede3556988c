"""Tables of records and what hangs on them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Scoped
from portal.ids import new_id
from portal.records import scope
from portal.web.viewer import Viewer


class Record(Base, Scoped):
    """What a person filed under a form: validated data, pinned to a release."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_list", "form", "project_id", "state", "id"),
        Index("ix_record_mine", "requester_id", "state", "id"),
        Index("ix_record_release", "release_id", "state"),
        Index("ix_record_newest", "form", "id"),
        Index(  # whose they are, in order; the rest is what a list counts and sums
            "ix_record_counted",
            *("form", "requester_id", "id", "state", "project_id", "amount", "currency"),
        ),
        Index("ix_record_by_day", "form", "submitted_at", "id"),
        Index("ix_record_by_amount", "form", "amount", "id"),
        Index("ix_record_by_number", "form", "number"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    module: Mapped[str] = mapped_column(String(41))
    form: Mapped[str] = mapped_column(String(41))
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"))
    project_id: Mapped[str | None] = mapped_column(ForeignKey("project.id"), index=True)
    requester_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(24), default="draft")
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    subject: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    data: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(default=1)
    transition_seq: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": None}  # noqa: RUF012 - revision is content, kept by us

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.record_visible(cls, viewer)


class RecordRevision(Base, Scoped):
    """What the record was, at each saved version of its content after submission."""

    __tablename__ = "record_revision"
    __table_args__ = (UniqueConstraint("record_id", "revision"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    revision: Mapped[int]
    data: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class RecordLink(Base, Scoped):
    """A record named in a field of another record."""

    __tablename__ = "record_link"
    __table_args__ = (Index("ix_record_link_target", "target_id", "form", "field"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    form: Mapped[str] = mapped_column(String(41))
    field: Mapped[str] = mapped_column(String(90))
    row: Mapped[str] = mapped_column(String(36), default="")
    target_id: Mapped[str] = mapped_column(ForeignKey("record.id"))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class RecordIndex(Base, Scoped):
    """The typed values of fields that lists show, sort and filter by."""

    __tablename__ = "record_index"
    __table_args__ = (
        UniqueConstraint("record_id", "field"),
        Index("ix_record_index_text", "form", "field", "text", "record_id"),
        Index("ix_record_index_number", "form", "field", "number", "record_id"),
        Index("ix_record_index_day", "form", "field", "day", "record_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    form: Mapped[str] = mapped_column(String(41))
    field: Mapped[str] = mapped_column(String(90))
    text: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[Decimal | None]
    day: Mapped[date | None]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class RecordParticipant(Base):
    """Someone who may see a record because they took or take part in it."""

    __tablename__ = "record_participant"
    __table_args__ = (UniqueConstraint("record_id", "person_id", "part"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[str] = mapped_column(String(12))


class NumberSeries(Base):
    """One counter per expanded prefix; taken inside the submit, hence without gaps."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class UniqueValue(Base):
    """A value a form declared unique, held by the database."""

    __tablename__ = "unique_value"

    form: Mapped[str] = mapped_column(String(41), primary_key=True)
    field: Mapped[str] = mapped_column(String(90), primary_key=True)
    within: Mapped[str] = mapped_column(String(36), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)


class Attachment(Base, Scoped):
    """A file kept by its hash; before it is linked only its uploader sees it."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"), index=True)
    field: Mapped[str] = mapped_column(String(90), default="")
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.attachment_visible(cls.record_id, cls.uploaded_by, viewer)


class Comment(Base, Scoped):
    """A remark on a record; people named with @ are told."""

    __tablename__ = "comment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class Voiding(Base, Scoped):
    """Who voided a record, when and why; `with_id` is the record for whose sake it went along."""

    __tablename__ = "voiding"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    with_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class Retirement(Base, Scoped):
    """An entry of a register taken out of use: who did so, why, and when it came back.

    `into_id`: the entry it was merged into, which is read in its place while this lasts. A record
    is out of use once at a time.
    """

    __tablename__ = "retirement"
    __table_args__ = (CheckConstraint("into_id IS NULL OR into_id <> record_id", name="other"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    into_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_reason: Mapped[str] = mapped_column(Text, default="")

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


_lasting = Retirement.ended_at.is_(None)
Index(
    "uq_retirement_open",
    Retirement.record_id,
    unique=True,
    sqlite_where=_lasting,
    postgresql_where=_lasting,
)
