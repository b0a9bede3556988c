"""The notice table: what the bell shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Scoped
from portal.ids import new_id
from portal.web.viewer import Viewer


class Notice(Base, Scoped):
    """One line of the bell: about a record, for one person."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_bell", "person_id", "read_at", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(30))
    record_id: Mapped[str | None] = mapped_column(String(36))
    args: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return cls.person_id == viewer.person_id
