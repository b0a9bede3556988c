"""What the author's pages read; their routes judge who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from portal.builder.shipped import as_written
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.definitions.models import DRAFT, Definition, Module, ModuleRelease
from portal.definitions.moving import is_sound
from portal.definitions.queries import ModuleBrief, PastRelease
from portal.errors import NotFound
from portal.forms.fields import FormDefinition
from portal.records.counts import OPEN
from portal.records.losses import Loss, losses
from portal.records.models import Record

_WHY = "authors are told how many records a release carries, and see none of them"


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module of the list, with its open records by release number."""

    brief: ModuleBrief
    open_records: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Draft:
    """A module's draft: its files as texts, who opened it and when."""

    id: str
    module: str
    revision: int
    files: Mapping[str, str]
    based_on: int | None
    created_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    """A published release with its files as written."""

    release: PastRelease
    files: Mapping[str, str]


def module_rows() -> list[ModuleRow]:
    """Every module by title, with what its releases carry."""
    counts = _open_by_release()
    return [ModuleRow(_titled(one), counts.get(one.key, {})) for one in definitions.modules()]


def the_module(key: str) -> ModuleBrief:
    """One module; raises NotFound."""
    found = next((one for one in definitions.modules() if one.key == key), None)
    if found is None:
        raise NotFound
    return _titled(found)


def _titled(brief: ModuleBrief) -> ModuleBrief:
    """The module with the title its draft gives it, where nothing is published yet."""
    row = definitions.draft_of(brief.key) if brief.shown is None else None
    if row is None:
        return brief
    draft = as_written(brief.key, definitions.files_of(row.id).get("module.json", ""))
    return replace(brief, title=draft.title, icon=draft.icon)


def open_records(module: str) -> Mapping[int, int]:
    """Open records of a module by the release number they stand on."""
    return _open_by_release(module).get(module, {})


def values_dropped(module: str, forms: Mapping[str, FormDefinition]) -> list[Loss]:
    """What these forms of a draft would drop of the values filled in under the current ones."""
    found: list[Loss] = []
    for key, following in forms.items():
        current = definitions.current_form(key)
        if current is not None and current.module == module and is_sound(following):
            found += losses(current, following)
    return found


def records_on(module: str) -> Mapping[str, int]:
    """Records of a module, drafts left out, by the id of their release."""
    rows = db.session.execute(
        unscoped(
            select(Record.release_id, func.count())
            .join(ModuleRelease, ModuleRelease.id == Record.release_id)
            .where(ModuleRelease.module == module, Record.state != "draft")
            .group_by(Record.release_id),
            _WHY,
        )
    )
    return {row[0]: row[1] for row in rows}


def _open_by_release(module: str | None = None) -> dict[str, dict[int, int]]:
    statement = (
        select(ModuleRelease.module, ModuleRelease.number, func.count())
        .join(Record, Record.release_id == ModuleRelease.id)
        .where(Record.state.in_(OPEN), ModuleRelease.number.is_not(None))
        .group_by(ModuleRelease.module, ModuleRelease.number)
        .order_by(ModuleRelease.module, ModuleRelease.number.desc())
    )
    if module is not None:
        statement = statement.where(ModuleRelease.module == module)
    found: dict[str, dict[int, int]] = {}
    for key, number, count in db.session.execute(unscoped(statement, _WHY)):
        found.setdefault(key, {})[int(number or 0)] = count
    return found


def draft(module: str) -> Draft | None:
    """The module's open draft, with its files."""
    row = definitions.draft_of(module)
    if row is None:
        return None
    return Draft(
        id=row.id,
        module=module,
        revision=row.revision,
        files=definitions.files_of(row.id),
        based_on=_number(row.based_on_id),
        created_by=row.created_by,
        created_at=row.created_at,
    )


def draft_forms() -> list[tuple[str, str]]:
    """(module, file) of every form of an open draft."""
    statement = (
        select(ModuleRelease.module, Definition.name)
        .join(Definition, Definition.release_id == ModuleRelease.id)
        .where(ModuleRelease.state == DRAFT, Definition.kind == "form")
        .order_by(ModuleRelease.module, Definition.name)
    )
    return [(module, name) for module, name in db.session.execute(statement)]


def the_draft(module: str) -> Draft:
    """The module's open draft; raises NotFound if there is none."""
    found = draft(module)
    if found is None:
        raise NotFound
    return found


def _number(release_id: str | None) -> int | None:
    if release_id is None:
        return None
    return db.session.scalar(select(ModuleRelease.number).where(ModuleRelease.id == release_id))


def release_files(module: str, number: int) -> ReleaseFiles:
    """A published release and its files; raises NotFound."""
    found = next((one for one in definitions.history(module) if one.number == number), None)
    if found is None:
        raise NotFound
    return ReleaseFiles(found, definitions.files_of(found.id))


def current_files(module: str) -> Mapping[str, str]:
    """The files of the current release; none where nothing was published."""
    return definitions.files_of(
        db.session.scalar(select(Module.current_release_id).where(Module.key == module))
    )


def expanded_files(release_id: str) -> Mapping[str, object]:
    """The files of a release as they count: forms expanded to plain JSON Schema."""
    rows = db.session.execute(
        select(Definition.name, Definition.body)
        .where(Definition.release_id == release_id)
        .order_by(Definition.name)
    )
    return {name: body for name, body in rows if body is not None}


def published_versions(module: str) -> Mapping[tuple[str, int], str]:
    """The content hash of every (form, version) of a module ever published."""
    rows = db.session.execute(
        select(Definition.key, Definition.body, Definition.sha256)
        .join(ModuleRelease, ModuleRelease.id == Definition.release_id)
        .where(
            ModuleRelease.module == module,
            ModuleRelease.number.is_not(None),
            Definition.kind == "form",
        )
        .order_by(ModuleRelease.number)
    )
    return {(key, int(body["version"])): sha for key, body, sha in rows if body is not None}


def release_with_form(
    form: str, *, number: int | None = None, version: int | None = None
) -> str | None:
    """The id of the published release that has a form: the current one, the one of this number,
    or the newest with this version of the form."""
    statement = (
        select(ModuleRelease.id, Definition.body)
        .join(Definition, Definition.release_id == ModuleRelease.id)
        .where(
            Definition.kind == "form",
            Definition.key == form,
            ModuleRelease.number.is_not(None),
        )
        .order_by(ModuleRelease.number.desc())
    )
    if number is not None:
        statement = statement.where(ModuleRelease.number == number)
    elif version is None:
        statement = statement.join(Module, Module.current_release_id == ModuleRelease.id)
    for release_id, body in db.session.execute(statement):
        if version is None or (body is not None and body["version"] == version):
            return str(release_id)
    return None
