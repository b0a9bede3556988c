"""What is published, as written and as it counts: the files of a release, and a form by its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions.drafts import files_of
from portal.definitions.models import Definition, Module, ModuleRelease
from portal.errors import N_, NotFound
from portal.expressions.scope import nearest


@dataclass(frozen=True, slots=True)
class PublishedForm:
    """A form of a current release: its text, and the full form that is stored and hashed."""

    module: str
    number: int
    sha256: str
    source: str
    body: Mapping[str, Any]


def export(module: str, number: int | None = None) -> Mapping[str, str]:
    """The files of a release as written, by name; of the current one unless a number is given.

    Raises NotFound, saying what there is.
    """
    statement = select(ModuleRelease.id).where(ModuleRelease.module == module)
    if number is None:
        statement = statement.join(Module, Module.current_release_id == ModuleRelease.id)
    else:
        statement = statement.where(ModuleRelease.number == number)
    found = db.session.scalar(statement)
    if found is None:
        raise _not_found(module)
    return files_of(found)


def _not_found(module: str) -> NotFound:
    """Which release was not found, and what there is instead."""
    rows = db.session.execute(
        select(ModuleRelease.module, ModuleRelease.number)
        .where(ModuleRelease.number.is_not(None))
        .order_by(ModuleRelease.module, ModuleRelease.number)
    ).all()
    numbers = [str(row.number) for row in rows if row.module == module]
    if numbers:
        text = N_("The module “%(module)s” has no such release. There is: %(known)s.")
        return NotFound(text, module=module, known=", ".join(numbers))
    modules = list(dict.fromkeys(row.module for row in rows))
    other = nearest(module, modules)
    if other:
        text = N_("There is no module “%(module)s” here. Did you mean “%(other)s”?")
    else:
        text = N_("There is no module “%(module)s” here. Published are: %(known)s.")
    return NotFound(text, module=module, other=other or "", known=", ".join(modules) or "-")


def published_form(key: str) -> PublishedForm | None:
    """A form as its module's current release has it; None where it is not published."""
    row = db.session.execute(
        select(
            ModuleRelease.module,
            ModuleRelease.number,
            Definition.sha256,
            Definition.source,
            Definition.body,
        )
        .join(Module, Module.current_release_id == ModuleRelease.id)
        .join(Definition, Definition.release_id == ModuleRelease.id)
        .where(Definition.kind == "form", Definition.key == key)
    ).first()
    return None if row is None else PublishedForm(*row)
