"""Tables of conversions: a job over stored records, and what each of them was before."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.ids import new_id


class Conversion(Base):
    """A job that carries the stored records of one form to a release; it can be resumed.

    `states` are the kinds of records it takes; `cursor` the id of the last record it looked at;
    `held_until` until when a process has it for itself.
    """

    __tablename__ = "conversion"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    module: Mapped[str] = mapped_column(String(41), index=True)
    form: Mapped[str] = mapped_column(String(41))
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"))
    states: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12), default="waiting", index=True)
    cursor: Mapped[str] = mapped_column(String(36), default="")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    held_until: Mapped[datetime | None]


class ConvertedRecord(Base):
    """One record a job looked at: what it was before, or why it was left as it is (a message)."""

    __tablename__ = "converted_record"
    __table_args__ = (
        UniqueConstraint("conversion_id", "record_id"),
        Index("ix_converted_record_record", "record_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversion_id: Mapped[str] = mapped_column(ForeignKey("conversion.id"))
    record_id: Mapped[str] = mapped_column(String(36))
    outcome: Mapped[str] = mapped_column(String(12))
    why: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any] | None]
    after_revision: Mapped[int | None]
    at: Mapped[datetime]
