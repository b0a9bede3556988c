"""Modules whose shipped content is newer than what is published here, taken over as drafts."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import select

from portal import paths
from portal.builder.queries import published_versions
from portal.db import db
from portal.definitions import services
from portal.definitions.drafts import draft_of
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.models import PUBLISHED, Module, ModuleRelease
from portal.definitions.releases import FORM_SUFFIX, hashes_of
from portal.definitions.trail import note
from portal.errors import N_, Conflict, NotFound
from portal.web.viewer import Viewer

_VERSION = re.compile(r'"version": (\d+)')


@cache
def _shipped_hashes() -> Mapping[str, str]:
    """The hash of every module that came with the portal."""
    folders = module_folders(paths.DEFINITIONS)
    return {folder.name: hashes_of(read_folder(folder)).whole for folder in folders}


def newer() -> frozenset[str]:
    """Modules in use here whose shipped content was never published here.

    Whoever goes on from a shipped module, or goes back to an earlier release, is not asked again:
    what they went on from stands in their history.
    """
    rows = db.session.execute(
        select(ModuleRelease.module, ModuleRelease.sha256)
        .join(Module, Module.key == ModuleRelease.module)
        .where(ModuleRelease.state == PUBLISHED, Module.current_release_id.is_not(None))
    )
    published: dict[str, set[str | None]] = {}
    for module, sha256 in rows:
        published.setdefault(module, set()).add(sha256)
    shipped = _shipped_hashes()
    return frozenset(
        key for key, known in published.items() if key in shipped and shipped[key] not in known
    )


def take_over(*, module: str, actor: Viewer, now: datetime) -> ModuleRelease:
    """Make the shipped content the draft of its module, to be looked over like any other.

    Raises NotFound where there is nothing newer, Conflict where somebody has a draft.
    """
    if module not in newer():
        raise NotFound
    if draft_of(module) is not None:
        raise Conflict(
            N_("“%(module)s” has a draft open. It is kept as it is."),
            hint=N_("Publish that draft or throw it away first."),
            module=module,
        )
    draft = services.open_draft(module=module, actor=actor, now=now)
    files = _renumbered(module, read_folder(paths.DEFINITIONS / module))
    services.set_draft_files(
        release_id=draft.id, files=files, seen_revision=draft.revision, actor=actor, now=now
    )
    note(actor, "module.take_over", module, {}, now)
    return draft


def _renumbered(module: str, files: Mapping[str, str]) -> dict[str, str]:
    """Forms whose version stands for other content here already get the next free one."""
    known, hashed, made = published_versions(module), hashes_of(files).files, dict(files)
    for name, text in files.items():
        found = _VERSION.search(text) if name.endswith(FORM_SUFFIX) else None
        if found is None:
            continue
        key = name.removesuffix(FORM_SUFFIX)
        if known.get((key, int(found[1])), hashed[name]) != hashed[name]:
            following = max(number for form, number in known if form == key) + 1
            made[name] = _VERSION.sub(f'"version": {following}', text, count=1)
    return made
