"""Tables of people: company, department, person, roles, sessions, throttle, one-use links."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.ids import new_id


class Company(Base):
    """The one company this portal belongs to; exists from the first migration."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    calendar: Mapped[dict[str, Any]]
    demo: Mapped[bool] = mapped_column(default=False)
    ready: Mapped[bool] = mapped_column(default=False)
    second_author: Mapped[bool] = mapped_column(default=False, server_default=false())


class Department(Base):
    """A node of the department tree; its head approves where `dept_head_of` asks."""

    __tablename__ = "department"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"))
    head_id: Mapped[str | None] = mapped_column(
        ForeignKey("person.id", use_alter=True, name="fk_department_head_id")
    )
    active: Mapped[bool] = mapped_column(default=True)


class Person(Base):
    """Someone who acts in the portal. Never deleted: history names them."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    title: Mapped[str | None] = mapped_column(String(200))
    external: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="en")
    zone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    password_hash: Mapped[str | None] = mapped_column(String(300))
    project_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]

    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])


class RoleGrant(Base):
    """A role held by a person in the company. `kind` is system (of the portal) or company."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "kind", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(60), index=True)
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]


class LoginSession(Base):
    """A signed-in browser; the cookie holds a random token, the table its SHA-256."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    acting_as_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    last_seen: Mapped[datetime]
    fresh_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None]


class Throttle(Base):
    """Counted tries per account and per address, shared by all workers."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    until: Mapped[datetime | None]


class OneUseLink(Base):
    """An invitation or a password reset: hashed, dated, used once."""

    __tablename__ = "one_use_link"
    __table_args__ = (Index("ix_one_use_link_person", "person_id", "purpose"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
