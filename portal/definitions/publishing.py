"""Publishing: a release is checked as a whole, numbered, hashed, and never changed again."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.audit.services import record
from portal.db import db
from portal.definitions import catalog
from portal.definitions.checking import Known, Report, check_module
from portal.definitions.drafts import files_of, remove_draft
from portal.definitions.folders import Offers, offers_of, read_folder
from portal.definitions.models import DRAFT, PUBLISHED, Definition, Module, ModuleRelease
from portal.definitions.neighbors import known_beside
from portal.errors import N_, Conflict, FieldError, Invalid, NotFound
from portal.forms.canonical import canonical_json, content_hash
from portal.web.viewer import Viewer

OpenRecords = Callable[[str], Mapping[int, int]]


def _nobody_counts(_module: str) -> Mapping[int, int]:
    return {}


_count_open: OpenRecords = _nobody_counts


def set_open_records(count: OpenRecords) -> None:
    """Let the records say how many open ones of a module stand on each release number."""
    global _count_open
    _count_open = count


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the release's number, and open records left on earlier releases.

    `changed` is False where the content equals the current release and nothing was done.
    """

    module: str
    release_id: str
    number: int
    changed: bool = True
    open_records_by_release: Mapping[int, int] = field(default_factory=dict)


class Refused(Invalid):
    """A module that may not be published; `report` says why, by file and line."""

    def __init__(self, report: Report) -> None:
        self.report = report
        errors = [
            FieldError(f"{one.file}:{one.line}", one.path, one.message) for one in report.errors
        ]
        text = N_("The module has %(count)s errors and was not published.")
        super().__init__(text, errors, count=len(errors))


def publish(*, release_id: str, actor: Viewer | None, now: datetime) -> Published:
    """Check a draft and make it the module's current release; raises Refused, changing nothing."""
    draft = db.session.get(ModuleRelease, release_id)
    if draft is None:
        raise NotFound
    if draft.state != DRAFT:
        raise Conflict(N_("This release is published already."))
    module = draft.module
    files = files_of(release_id)
    report = _checked(module, files, known_beside(module))
    current = _current(module)
    made = _hashes(report)
    if current is not None and current.sha256 == made.whole:
        remove_draft(draft)
        return _unchanged(current)
    _refuse_reused_versions(module, report, made)
    return _release(draft, report, made, actor, now)


def publish_folder(*, path: Path, actor: Viewer | None, now: datetime) -> Published:
    """Publish the module in a folder; equal content does nothing. Raises Refused."""
    return publish_folders(paths=[path], actor=actor, now=now)[0]


def publish_folders(
    *, paths: Iterable[Path], actor: Viewer | None, now: datetime
) -> list[Published]:
    """Publish several modules that may refer to each other; all are checked, or none published."""
    folders = [path.resolve() for path in paths]
    texts = {folder.name: read_folder(folder) for folder in folders}
    if all(_is_current(module, files) for module, files in texts.items()):
        return [_unchanged(_needed(module)) for module in texts]
    also = offers_of(folders)
    reports = {
        module: _checked(module, files, known_beside(module, also))
        for module, files in texts.items()
    }
    return [
        _publish_files(module, texts[module], report, actor, now)
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
    return _publish_files(module, files, report, actor, now, note=f"← {to_number}")


def set_enabled(*, module: str, enabled: bool, actor: Viewer | None, now: datetime) -> None:
    """Show a module in menus and let people file its forms, or stop both; records stay."""
    row = db.session.get(Module, module)
    if row is None:
        raise NotFound
    if row.enabled != enabled:
        row.enabled = enabled
        action = "module.enable" if enabled else "module.disable"
        _audit(actor, action, module, {}, now)
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
    return check_module(files, known=known_beside(release.module))


def _checked(module: str, files: Mapping[str, str], known: Known) -> Report:
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
    if not report.ok:
        raise Refused(report)
    return report


@dataclass(frozen=True, slots=True)
class _Hashes:
    """The hash of every file by name, and the hash over them."""

    files: Mapping[str, str]
    whole: str


def _hashes(report: Report) -> _Hashes:
    found: dict[str, str] = {}
    assert report.package is not None
    for name, file in sorted(report.package.files.items()):
        if file.kind == "form":
            found[name] = content_hash(report.expanded[file.key])
        else:
            found[name] = hashlib.sha256(canonical_json(file.raw)).hexdigest()
    return _Hashes(found, hashlib.sha256(canonical_json(found)).hexdigest())


def _current(module: str) -> ModuleRelease | None:
    return db.session.scalars(
        select(ModuleRelease)
        .join(Module, Module.current_release_id == ModuleRelease.id)
        .where(Module.key == module)
    ).first()


def _needed(module: str) -> ModuleRelease:
    found = _current(module)
    assert found is not None
    return found


def _is_current(module: str, files: Mapping[str, str]) -> bool:
    """Whether these very texts are what is published: spares parsing at every start."""
    current = _current(module)
    return current is not None and files_of(current.id) == dict(files)


def _unchanged(current: ModuleRelease) -> Published:
    assert current.number is not None
    return Published(current.module, current.id, current.number, changed=False)


def _publish_files(
    module: str,
    files: Mapping[str, str],
    report: Report,
    actor: Viewer | None,
    now: datetime,
    *,
    note: str = "",
) -> Published:
    """Publish files that come from elsewhere than a draft; an open draft is left alone."""
    made = _hashes(report)
    current = _current(module)
    if current is not None and current.sha256 == made.whole:
        return _unchanged(current)
    _refuse_reused_versions(module, report, made)
    if db.session.get(Module, module) is None:
        db.session.add(Module(key=module))
        db.session.flush()
    release = ModuleRelease(
        module=module,
        number=None,
        state=DRAFT,
        based_on_id=current.id if current else None,
        note=note,
        created_by=actor.person_id if actor else None,
        created_at=now,
    )
    db.session.add(release)
    db.session.flush()
    assert report.package is not None
    for name, text in files.items():
        file = report.package.files[name]
        db.session.add(
            Definition(release_id=release.id, name=name, kind=file.kind, key=file.key, source=text)
        )
    db.session.flush()
    return _release(release, report, made, actor, now)


def _refuse_reused_versions(module: str, report: Report, made: _Hashes) -> None:
    """A form's version number stands for one content for ever."""
    rows = db.session.execute(
        select(Definition.key, Definition.sha256, Definition.body)
        .join(ModuleRelease, ModuleRelease.id == Definition.release_id)
        .where(
            ModuleRelease.module == module,
            ModuleRelease.state == PUBLISHED,
            Definition.kind == "form",
        )
        .order_by(ModuleRelease.number)
    )
    published = {(key, body["version"]): sha for key, sha, body in rows}
    assert report.package is not None
    reused = []
    for file in report.package.of_kind("form"):
        version = (file.raw or {})["version"]
        sha = published.get((file.key, version))
        if sha is not None and sha != made.files[file.name]:
            file.notes.add(
                ("version",),
                N_("Version %(version)s of “%(form)s” is published with other content."),
                N_("Write the next version number."),
                version=version,
                form=file.key,
            )
            reused.append(file.notes.findings[-1])
    if reused:
        raise Refused(Report([*report.findings, *reused], report.expanded, report.package))


def _release(
    release: ModuleRelease, report: Report, made: _Hashes, actor: Viewer | None, now: datetime
) -> Published:
    """Number, hash and fill the rows, and let the module point at them."""
    module = db.session.get(Module, release.module)
    assert module is not None
    assert report.package is not None
    rows = select(Definition).where(Definition.release_id == release.id).order_by(Definition.name)
    for file in db.session.scalars(rows):
        checked = report.package.files[file.name]
        file.body = dict(report.expanded.get(checked.key, {})) if checked.kind == "form" else None
        file.body = file.body or checked.raw
        file.sha256 = made.files[file.name]
    release.number = _next_number(release.module)
    release.state = PUBLISHED
    release.sha256 = made.whole
    release.published_by = actor.person_id if actor else None
    release.published_at = now
    module.current_release_id = release.id
    detail: dict[str, Any] = {"number": release.number, "sha256": made.whole}
    _audit(actor, "module.publish", release.module, detail, now)
    db.session.flush()
    catalog.forget_current()
    left = {n: count for n, count in _count_open(release.module).items() if n != release.number}
    return Published(release.module, release.id, release.number, True, left)


def _next_number(module: str) -> int:
    most = db.session.scalar(
        select(func.max(ModuleRelease.number)).where(ModuleRelease.module == module)
    )
    return (most or 0) + 1


def _audit(
    actor: Viewer | None, action: str, module: str, detail: dict[str, Any], now: datetime
) -> None:
    record(
        actor=actor, action=action, object_kind="module", object_id=module, detail=detail, now=now
    )


__all__ = [
    "Offers",
    "Published",
    "Refused",
    "check_release",
    "publish",
    "publish_folder",
    "publish_folders",
    "roll_back",
    "set_enabled",
    "set_open_records",
]
