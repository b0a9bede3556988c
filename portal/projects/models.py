"""Tables of projects and memberships."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Scoped
from portal.ids import new_id
from portal.web.viewer import Viewer


class Project(Base, Scoped):
    """A unit with a contract, a budget and a schedule of its own."""

    __tablename__ = "project"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default="active")
    currency: Mapped[str] = mapped_column(String(3))
    zone: Mapped[str] = mapped_column(String(64))
    calendar: Mapped[dict[str, Any]]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    closed_until: Mapped[date | None]
    budget_basis: Mapped[str | None] = mapped_column(String(41))
    created_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        if viewer.sees_all_projects:
            return true()
        return cls.id.in_(sorted(viewer.projects))


class Membership(Base, Scoped):
    """A role a person holds in a project; one row per role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("project_id", "person_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        if viewer.sees_all_projects:
            return true()
        return cls.project_id.in_(sorted(viewer.projects))
