"""Tables of approvals: the run, its events (the truth), its tasks (the inbox)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Scoped
from portal.ids import new_id
from portal.records import scope
from portal.web.viewer import Viewer


class Approval(Base, Scoped):
    """One run of a workflow on one record; `folded` is the fold of its events."""

    __tablename__ = "approval"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"))
    workflow: Mapped[str] = mapped_column(String(41))
    state: Mapped[str] = mapped_column(String(12), default="open")
    folded: Mapped[dict[str, Any]]
    seq: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


_running = Approval.state.in_(["open", "stuck", "returned"])
Index(
    "uq_approval_running",
    Approval.record_id,
    unique=True,
    sqlite_where=_running,
    postgresql_where=_running,
)


class ApprovalEvent(Base, Scoped):
    """One thing that happened in a run, with the facts it rested on; never changed."""

    __tablename__ = "approval_event"
    __table_args__ = (UniqueConstraint("approval_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    approval_id: Mapped[str] = mapped_column(ForeignKey("approval.id"), index=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    record_revision: Mapped[int]
    record_sha256: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(String(4000), default="")
    at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return scope.child_visible(cls.record_id, viewer)


class Task(Base, Scoped):
    """A step waiting for a person, or done: the inbox. Can be rebuilt from the events.

    The columns beside the keys repeat what the inbox shows, so that a page is one narrow query.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("approval_id", "epoch", "person_id"),
        Index("ix_task_inbox", "person_id", "state", "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    approval_id: Mapped[str] = mapped_column(ForeignKey("approval.id"), index=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    step: Mapped[str] = mapped_column(String(41))
    epoch: Mapped[int]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    why: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default="open")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return or_(cls.person_id == viewer.person_id, scope.child_visible(cls.record_id, viewer))
