"""Publishing: a release is checked as a whole, or nothing of it is published."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.db import db
from portal.definitions import pilots, reviews
from portal.definitions.checking import Known, Report, check_module
from portal.definitions.current import forget_current
from portal.definitions.dependents import with_dependents
from portal.definitions.drafts import (
    demand_seen,
    drop_plan,
    files_of,
    held_draft,
    held_module,
    remove_draft,
)
from portal.definitions.folders import Offers, offers_of, read_folder
from portal.definitions.models import ModuleRelease
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
    published,
    refuse_reused_versions,
    set_open_records,
    unchanged,
)
from portal.definitions.trail import note
from portal.errors import N_, NotFound
from portal.web.viewer import Viewer


def publish(
    *,
    release_id: str,
    actor: Viewer | None,
    now: datetime,
    remark: str = "",
    projects: Collection[str] = (),
    seen_revision: int | None = None,
) -> Published:
    """Check a draft and make it the module's current release; raises Refused, changing nothing.

    With `projects` (ids) it becomes current in these alone, as a pilot; without, everywhere, and a
    pilot that runs ends. `remark` is what the author says of it in the history. Raises Conflict,
    Invalid, and Forbidden where another author has to look at it first.
    """
    draft = held_draft(release_id)
    demand_seen(draft, seen_revision)
    module = held_module(draft.module).key
    files = files_of(release_id)
    report = _checked(module, files, known_beside(module))
    pilots.demand_open(projects)
    reviews.demand_second_author(draft)
    current = current_release(module)
    made = hashes(report)
    if current is not None and current.sha256 == made.whole:
        remove_draft(draft)
        return unchanged(current)
    tried = pilots.pilot_of(module)
    if tried is not None and _sha256_of(tried.release_id) == made.whole:
        remove_draft(draft)
        return _widen(tried, module, projects, actor, now)
    refuse_reused_versions(module, report, made)
    if not projects:
        pilots.drop_pilot(module)
    draft.note = remark
    drop_plan(draft)
    return make_release(draft, report, made, actor, now, projects)


def _sha256_of(release_id: str) -> str | None:
    release = db.session.get(ModuleRelease, release_id)
    return release.sha256 if release else None


def _widen(
    tried: pilots.RunningPilot,
    module: str,
    projects: Collection[str],
    actor: Viewer | None,
    now: datetime,
) -> Published:
    """The draft says what is in pilot already: only where it holds can change."""
    if not projects:
        return promote(module=module, actor=actor, now=now)
    release = db.session.get(ModuleRelease, tried.release_id)
    assert release is not None
    pilots.set_pilot(module, release.id, projects, now)
    detail = {"number": release.number, "projects": sorted(projects)}
    note(actor, "module.pilot", module, detail, now)
    return published(release, projects)


def promote(*, module: str, actor: Viewer | None, now: datetime) -> Published:
    """Let the whole company work under the release that is in pilot.

    Checked once more: what it refers to may have changed since. Raises Refused, Conflict.
    """
    row = held_module(module)
    pilot = pilots.needed_pilot(module)
    release = db.session.get(ModuleRelease, pilot.release_id)
    assert release is not None
    _checked(module, files_of(release.id), known_beside(module))
    row.current_release_id = release.id
    pilots.drop_pilot(module)
    note(actor, "module.promote", module, {"number": pilot.number}, now)
    db.session.flush()
    forget_current()
    return published(release)


def demand_publishable(draft: ModuleRelease) -> None:
    """Raises Refused with what would be in the way if a draft were published now."""
    report = _checked(draft.module, files_of(draft.id), known_beside(draft.module))
    refuse_reused_versions(draft.module, report, hashes(report))


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
    done = [
        publish_files(module, texts[module], report, actor, now, remark=remark)
        for module, report in reports.items()
    ]
    for one in done:
        if one.changed:
            pilots.drop_pilot(one.module)
    return done


def roll_back(*, module: str, to_number: int, actor: Viewer | None, now: datetime) -> Published:
    """Publish the content of an earlier release again, under a new number."""
    held_module(module)
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
    row = held_module(module)
    if row.enabled != enabled:
        row.enabled = enabled
        action = "module.enable" if enabled else "module.disable"
        note(actor, action, module, {}, now)
        forget_current()
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
    "promote",
    "publish",
    "publish_folder",
    "publish_folders",
    "roll_back",
    "set_open_records",
]
