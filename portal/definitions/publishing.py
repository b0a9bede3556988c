"""Publishing: a release is checked as a whole, or nothing of it is published."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.db import db
from portal.definitions import catalog
from portal.definitions.checking import Known, Report, check_module
from portal.definitions.dependents import with_dependents
from portal.definitions.drafts import files_of, remove_draft
from portal.definitions.folders import Offers, offers_of, read_folder
from portal.definitions.models import DRAFT, Module, ModuleRelease
from portal.definitions.neighbors import known_beside
from portal.definitions.releases import (
    Published,
    Refused,
    current_release,
    hashes,
    is_current,
    make_release,
    needed_release,
    publish_files,
    refuse_reused_versions,
    set_open_records,
    unchanged,
)
from portal.definitions.trail import note
from portal.errors import N_, Conflict, NotFound
from portal.web.viewer import Viewer


def publish(*, release_id: str, actor: Viewer | None, now: datetime, remark: str = "") -> Published:
    """Check a draft and make it the module's current release; raises Refused, changing nothing.

    `remark` is what the author says of it in the history.
    """
    draft = db.session.get(ModuleRelease, release_id)
    if draft is None:
        raise NotFound
    if draft.state != DRAFT:
        raise Conflict(N_("This release is published already."))
    module = draft.module
    files = files_of(release_id)
    report = _checked(module, files, known_beside(module))
    current = current_release(module)
    made = hashes(report)
    if current is not None and current.sha256 == made.whole:
        remove_draft(draft)
        return unchanged(current)
    refuse_reused_versions(module, report, made)
    draft.note = remark
    return make_release(draft, report, made, actor, now)


def publish_folder(*, path: Path, actor: Viewer | None, now: datetime) -> Published:
    """Publish the module in a folder; equal content does nothing. Raises Refused."""
    return publish_folders(paths=[path], actor=actor, now=now)[0]


def publish_folders(
    *, paths: Iterable[Path], actor: Viewer | None, now: datetime, remark: str = ""
) -> list[Published]:
    """Publish several modules that may refer to each other; all are checked, or none published."""
    folders = [path.resolve() for path in paths]
    texts = {folder.name: read_folder(folder) for folder in folders}
    if all(is_current(module, files) for module, files in texts.items()):
        return [unchanged(needed_release(module)) for module in texts]
    also = offers_of(folders)
    reports = {
        module: _checked(module, files, known_beside(module, also), also)
        for module, files in texts.items()
    }
    return [
        publish_files(module, texts[module], report, actor, now, remark=remark)
        for module, report in reports.items()
    ]


def roll_back(*, module: str, to_number: int, actor: Viewer | None, now: datetime) -> Published:
    """Publish the content of an earlier release again, under a new number."""
    old = db.session.scalars(
        select(ModuleRelease).where(
            ModuleRelease.module == module, ModuleRelease.number == to_number
        )
    ).first()
    if old is None:
        raise NotFound
    known = known_beside(module)
    known = Known(known.forms, known.owners, known.roles, known.modules)  # no "versions only grow"
    files = files_of(old.id)
    report = _checked(module, files, known)
    return publish_files(module, files, report, actor, now, remark=f"← {to_number}")


def enable(*, module: str, actor: Viewer | None, now: datetime) -> None:
    """Show a module in menus and let people file its forms."""
    _switch(module, actor, now, enabled=True)


def disable(*, module: str, actor: Viewer | None, now: datetime) -> None:
    """Take a module out of menus and let nobody file its forms; its records stay."""
    _switch(module, actor, now, enabled=False)


def _switch(module: str, actor: Viewer | None, now: datetime, *, enabled: bool) -> None:
    row = db.session.get(Module, module)
    if row is None:
        raise NotFound
    if row.enabled != enabled:
        row.enabled = enabled
        action = "module.enable" if enabled else "module.disable"
        note(actor, action, module, {}, now)
        catalog.forget_current()
        db.session.flush()


def check_release(release_id: str, replaced: Mapping[str, str] | None = None) -> Report:
    """What a check finds in a release, against the other published modules.

    `replaced` are texts looked at instead of those stored: what stands in an editor, unsaved.
    """
    release = db.session.get(ModuleRelease, release_id)
    if release is None:
        raise NotFound
    files = {**files_of(release_id), **(replaced or {})}
    report = check_module(files, known=known_beside(release.module))
    return with_dependents(release.module, report)


def _checked(
    module: str, files: Mapping[str, str], known: Known, also: Offers | None = None
) -> Report:
    report = check_module(files, known=known)
    package = report.package
    if report.ok and package is not None and package.key != module:
        assert package.module is not None
        package.module.notes.add(
            ("module",),
            N_("The key is “%(key)s”, but the file is named for “%(file)s”."),
            N_("Make both the same."),
            key=package.key,
            file=module,
        )
        report = Report([*report.findings, *package.module.notes.findings[-1:]], package=package)
    report = with_dependents(module, report, also)
    if not report.ok:
        raise Refused(report)
    return report


__all__ = [
    "Published",
    "Refused",
    "check_release",
    "disable",
    "enable",
    "publish",
    "publish_folder",
    "publish_folders",
    "roll_back",
    "set_open_records",
]
