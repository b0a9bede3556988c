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
