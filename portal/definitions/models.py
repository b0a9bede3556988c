"""Tables of definitions: modules, their releases, the files of each release."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.ids import new_id

DRAFT = "draft"
PUBLISHED = "published"


class Module(Base):
    """A module of the company; which release new records are made under."""

    __tablename__ = "module"

    key: Mapped[str] = mapped_column(String(41), primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    current_release_id: Mapped[str | None] = mapped_column(
        ForeignKey("module_release.id", use_alter=True, name="fk_module_current_release_id")
    )


class ModuleRelease(Base):
    """All files of a module, checked together: a draft, or published and never edited again."""

    __tablename__ = "module_release"
    __table_args__ = (UniqueConstraint("module", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    module: Mapped[str] = mapped_column(String(41), index=True)
    number: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default=DRAFT)
    sha256: Mapped[str | None] = mapped_column(String(64))
    based_on_id: Mapped[str | None] = mapped_column(ForeignKey("module_release.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]


class ModuleSwitch(Base):
    """A project in which a module is on or off otherwise than in the company."""

    __tablename__ = "module_switch"

    module: Mapped[str] = mapped_column(ForeignKey("module.key"), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    enabled: Mapped[bool]


class Pilot(Base):
    """A project that works under a published release before the company does.

    All rows of a module name the same release: one pilot at a time.
    """

    __tablename__ = "pilot"

    module: Mapped[str] = mapped_column(ForeignKey("module.key"), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"))
    since: Mapped[datetime]


class ReleasePlan(Base):
    """A draft that is to be published at a time; nobody edits it until then.

    `projects` are those of a pilot, none for everybody; `failed` with its arguments says why it
    was not published: then nothing is planned any more.
    """

    __tablename__ = "release_plan"

    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    projects: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(500), default="")
    planned_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    failed: Mapped[str] = mapped_column(String(500), default="")
    failed_args: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DraftReview(Base):
    """A draft as one author gave it to another, and what the other said of it."""

    __tablename__ = "draft_review"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"), index=True)
    revision: Mapped[int]
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(12), default="asked")
    remark: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]


class DraftEdit(Base):
    """One change of one file of a draft, so that it can be taken back.

    From character `start` on, `removed` became `added`; None is a file that was not there. Edits
    made together carry one `act`. `number` is the revision it made. `way` says whether it was made
    (edit), takes another back (undo), or takes back an undo (redo): that of `takes_back`.
    """

    __tablename__ = "draft_edit"
    __table_args__ = (UniqueConstraint("release_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(120))
    start: Mapped[int]
    removed: Mapped[str | None] = mapped_column(Text)
    added: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(8), default="edit")
    takes_back: Mapped[str | None] = mapped_column(String(36))
    undone: Mapped[bool] = mapped_column(default=False)


class TrustedKey(Base):
    """A public key (Ed25519, PEM) whose packages are taken in; named by its SHA-256 in hex."""

    __tablename__ = "trusted_key"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[str] = mapped_column(String(200))
    added_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class Definition(Base):
    """One file of a release: as written (`source`) and as it counts (`body`, expanded)."""

    __tablename__ = "definition"
    __table_args__ = (
        UniqueConstraint("release_id", "name"),
        Index("ix_definition_kind_key", "kind", "key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(ForeignKey("module_release.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(41))
    source: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any] | None]
    sha256: Mapped[str | None] = mapped_column(String(64))


def _was(target: Any, name: str) -> Any:
    """The value an attribute had when the row was read."""
    history = inspect(target).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(target, name)


@event.listens_for(ModuleRelease, "before_update")
@event.listens_for(ModuleRelease, "before_delete")
def _keep_release(_mapper: Any, _connection: Any, target: ModuleRelease) -> None:
    if _was(target, "state") == PUBLISHED:
        raise RuntimeError("a published release is never changed")


@event.listens_for(Definition, "before_update")
@event.listens_for(Definition, "before_delete")
def _keep_definition(_mapper: Any, _connection: Any, target: Definition) -> None:
    if _was(target, "body") is not None:  # only published files have one
        raise RuntimeError("a published file is never changed")
