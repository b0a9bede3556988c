"""Drafts of modules: texts somebody is working on, kept as they are, right or wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from portal import limits
from portal.db import db
from portal.definitions.checking import file_kind
from portal.definitions.checking.module_file import OWN_WORDS
from portal.definitions.edits import Step
from portal.definitions.formatting import format_source
from portal.definitions.models import (
    DRAFT,
    Definition,
    DraftEdit,
    DraftReview,
    Module,
    ModuleRelease,
    Pilot,
    ReleasePlan,
)
from portal.definitions.recording import edited
from portal.definitions.trail import note
from portal.errors import N_, ChangedMeanwhile, Conflict, Invalid, NotFound, TooLarge
from portal.forms.fieldpaths import KEY
from portal.ids import new_id
from portal.web.viewer import Viewer

MODULE_FILE = "module.json"
PUBLISHED = N_("This release is published already.")
UNCHANGEABLE = N_("This release is published and cannot be changed. Open a new draft.")
PLANNED = N_("This draft waits to be published at a set time; until then nobody changes it.")
TAKE_BACK = N_("Take the plan back on the page “Look over and publish”, then change it.")


def draft_of(module: str) -> ModuleRelease | None:
    """The module's draft, if somebody has one open."""
    return db.session.scalars(
        select(ModuleRelease)
        .where(ModuleRelease.module == module, ModuleRelease.state == DRAFT)
        .order_by(ModuleRelease.created_at, ModuleRelease.id)
        .limit(1)
    ).first()


def held_draft(release_id: str, published: str = PUBLISHED) -> ModuleRelease:
    """A draft as it is now, held until the transaction ends: whoever else writes it waits.

    Raises NotFound, and Conflict in these words where it is published meanwhile.
    """
    found = db.session.get(ModuleRelease, release_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    if found.state != DRAFT:
        raise Conflict(published)
    return found


def held_module(key: str) -> Module:
    """A module as it is now, held until the transaction ends. Raises NotFound."""
    found = db.session.get(Module, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def demand_seen(draft: ModuleRelease, seen_revision: int | None) -> None:
    """Raises Conflict where somebody saved since `seen_revision`; None: whatever it is by now."""
    if seen_revision is not None and draft.revision != seen_revision:
        raise ChangedMeanwhile(
            N_("Somebody saved this draft since you opened it (revision %(now)s, yours %(seen)s)."),
            now=draft.revision,
            seen=seen_revision,
        )


def open_draft(*, module: str, actor: Viewer | None, now: datetime) -> ModuleRelease:
    """The module's draft; made from the release in pilot or the current one if there is none."""
    row = held_module(module)
    found = draft_of(module)
    if found is not None:
        return found
    base = db.session.scalar(select(Pilot.release_id).where(Pilot.module == module).limit(1))
    base = base or row.current_release_id
    made = _new_draft(module, base, actor, now)
    for name, source in files_of(base).items():
        _add_file(made, module, name, source)
    db.session.flush()
    return made


def new_module(
    *,
    key: str,
    title: dict[str, str] | str,
    actor: Viewer | None,
    now: datetime,
    files: Mapping[str, str] | None = None,
) -> ModuleRelease:
    """A new module with a draft that begins with `files`, or with a module.json of this title.

    Raises Invalid if the key is taken or bad.
    """
    if not KEY.match(key):
        raise Invalid(N_("A key is written with small letters, digits and _: %(key)s."), key=key)
    if key in OWN_WORDS:
        raise Invalid(N_("“%(key)s” is a word of the portal’s own. Choose another key."), key=key)
    if db.session.get(Module, key) is not None:
        raise Invalid(N_("The module “%(key)s” exists already."), key=key)
    db.session.add(Module(key=key))
    db.session.flush()
    made = _new_draft(key, None, actor, now)
    starter: dict[str, Any] = {
        "$schema": "../schema/module-1.json",
        "module": key,
        "format": 1,
        "title": title,
        "icon": "file-text",
        "menu": {"group": "company", "order": 100},
        "forms": [],
    }
    for name, text in (files or {MODULE_FILE: format_source(starter)}).items():
        _demand_storable(name, text)
        _add_file(made, key, name, text)
    note(actor, "module.create", key, {}, now)
    db.session.flush()
    return made


def save_draft_file(
    *,
    release_id: str,
    name: str,
    text: str,
    seen_revision: int,
    actor: Viewer | None,
    now: datetime,
    step: Step | None = None,
) -> int:
    """Keep a file of a draft as it is, valid or not; answers the draft's new revision.

    Several files saved as one act share a `step`. Conflict if somebody saved since `seen_revision`.
    """
    draft = _seen(release_id, seen_revision)
    _demand_storable(name, text)
    found = _file(release_id, name)
    before = found.source if found else None
    if found is None:
        _add_file(draft, draft.module, name, text)
    else:
        found.source = text
    return edited(draft, name, before, text, actor, now, step)


def save_draft_files(
    *,
    release_id: str,
    texts: Mapping[str, str],
    seen_revision: int,
    actor: Viewer | None,
    now: datetime,
) -> int:
    """Keep several files as one act; answers the draft's new revision. As `save_draft_file`."""
    step, revision = Step(new_id()), seen_revision
    for name, text in texts.items():
        revision = save_draft_file(
            release_id=release_id, name=name, text=text, seen_revision=revision,
            actor=actor, now=now, step=step,
        )  # fmt: skip
    return revision


def set_draft_files(
    *,
    release_id: str,
    files: Mapping[str, str],
    seen_revision: int,
    actor: Viewer | None,
    now: datetime,
) -> int:
    """Make the files of a draft exactly these, as one act; answers the draft's new revision."""
    before, step, revision = files_of(release_id), Step(new_id()), seen_revision
    for name in sorted(before.keys() - files.keys()):
        revision = delete_draft_file(
            release_id=release_id, name=name, seen_revision=revision, actor=actor, now=now,
            step=step,
        )  # fmt: skip
    for name in sorted(name for name in files if before.get(name) != files[name]):
        revision = save_draft_file(
            release_id=release_id, name=name, text=files[name], seen_revision=revision,
            actor=actor, now=now, step=step,
        )  # fmt: skip
    return revision


def delete_draft_file(
    *,
    release_id: str,
    name: str,
    seen_revision: int,
    actor: Viewer | None,
    now: datetime,
    step: Step | None = None,
) -> int:
    """Take a file out of a draft; answers the draft's new revision."""
    draft = _seen(release_id, seen_revision)
    found = _file(release_id, name)
    if found is None:
        raise NotFound
    db.session.delete(found)
    return edited(draft, name, found.source, None, actor, now, step)


def discard_draft(*, release_id: str, actor: Viewer | None, now: datetime) -> None:
    """Throw a draft away; a module that was never published goes with it."""
    draft = _draft(release_id)
    module = held_module(draft.module)
    remove_draft(draft)
    if not _was_published(module.key):
        db.session.delete(module)
    note(actor, "module.discard", draft.module, {"revision": draft.revision}, now)
    db.session.flush()


def plan_of(release_id: str) -> ReleasePlan | None:
    """When a draft is to be published, if that is planned; also a plan that failed."""
    return db.session.get(ReleasePlan, release_id)


def drop_plan(draft: ModuleRelease) -> None:
    """Let nothing be planned for a draft."""
    found = plan_of(draft.id)
    if found is not None:
        db.session.delete(found)
        db.session.flush()


def remove_draft(draft: ModuleRelease) -> None:
    """Delete the rows of a draft."""
    for hanging in (DraftEdit, DraftReview, ReleasePlan):
        db.session.execute(delete(hanging).where(hanging.release_id == draft.id))
    rows = select(Definition).where(Definition.release_id == draft.id).order_by(Definition.name)
    for file in db.session.scalars(rows):
        db.session.delete(file)
    db.session.flush()
    db.session.delete(draft)
    db.session.flush()


def files_of(release_id: str | None) -> dict[str, str]:
    """The files of a release as written, by name."""
    rows = (
        select(Definition.name, Definition.source)
        .where(Definition.release_id == release_id)
        .order_by(Definition.name)
    )
    return {row.name: row.source for row in db.session.execute(rows)}


def _was_published(module: str) -> bool:
    statement = select(ModuleRelease.id).where(
        ModuleRelease.module == module, ModuleRelease.state != DRAFT
    )
    return db.session.scalar(statement.limit(1)) is not None


def _draft(release_id: str) -> ModuleRelease:
    found = held_draft(release_id, UNCHANGEABLE)
    plan = plan_of(release_id)
    if plan is not None and not plan.failed:
        raise Conflict(PLANNED, hint=TAKE_BACK)
    return found


def _seen(release_id: str, seen_revision: int) -> ModuleRelease:
    draft = _draft(release_id)
    demand_seen(draft, seen_revision)
    return draft


def _demand_storable(name: str, text: str) -> None:
    if file_kind(name) is None:
        raise Invalid(N_("“%(name)s” is no file of a module."), name=name[:80])
    if len(text.encode("utf-8", "surrogatepass")) > limits.DEFINITION_BYTES:
        raise TooLarge(N_("The file is larger than %(most)s bytes."), most=limits.DEFINITION_BYTES)
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Invalid(N_("The text holds characters that cannot be stored."))


def _file(release_id: str, name: str) -> Definition | None:
    return db.session.scalars(
        select(Definition).where(Definition.release_id == release_id, Definition.name == name)
    ).first()


def _new_draft(
    module: str, based_on: str | None, actor: Viewer | None, now: datetime
) -> ModuleRelease:
    made = ModuleRelease(
        module=module,
        number=None,
        state=DRAFT,
        based_on_id=based_on,
        revision=1,
        created_by=actor.person_id if actor else None,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _add_file(release: ModuleRelease, module: str, name: str, source: str) -> None:
    kind, key = file_kind(name) or ("unknown", "")
    db.session.add(
        Definition(release_id=release.id, name=name, kind=kind, key=key or module, source=source)
    )
