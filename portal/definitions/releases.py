"""Releases in the database: what a checked module becomes, numbered and hashed for ever."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.definitions import pilots
from portal.definitions.checking import Report
from portal.definitions.current import forget_current
from portal.definitions.drafts import files_of
from portal.definitions.json_source import read_source
from portal.definitions.models import DRAFT, PUBLISHED, Definition, Module, ModuleRelease
from portal.definitions.trail import note
from portal.errors import N_, FieldError, Invalid
from portal.forms.canonical import canonical_json, content_hash
from portal.forms.expand import expand
from portal.web.viewer import Viewer

FORM_SUFFIX = ".form.json"
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
    `projects` are those it was published to as a pilot; none: everybody.
    """

    module: str
    release_id: str
    number: int
    changed: bool = True
    open_records_by_release: Mapping[int, int] = field(default_factory=dict)
    projects: tuple[str, ...] = ()


class Refused(Invalid):
    """A module that may not be published; `report` says why, by file and line."""

    def __init__(self, report: Report) -> None:
        self.report = report
        errors = [
            FieldError(f"{one.file}:{one.line}", one.path, one.message) for one in report.errors
        ]
        text = N_("The module has %(count)s errors and was not published.")
        super().__init__(text, errors, count=len(errors))


@dataclass(frozen=True, slots=True)
class Hashes:
    """The hash of every file by name, and the hash over them."""

    files: Mapping[str, str]
    whole: str


def hashes(report: Report) -> Hashes:
    """The hashes of a sound module; layout of the JSON and forms' `version` do not count."""
    assert report.package is not None
    contents: dict[str, Any] = {
        name: report.expanded[file.key] if file.kind == "form" else file.raw
        for name, file in report.package.files.items()
    }
    return _hashed(contents)


def hashes_of(files: Mapping[str, str]) -> Hashes:
    """The same of texts known to be sound, without judging them."""
    contents = {}
    for name, text in files.items():
        raw = read_source(text).value
        contents[name] = expand(raw) if name.endswith(FORM_SUFFIX) else raw
    return _hashed(contents)


def _hashed(contents: Mapping[str, Any]) -> Hashes:
    found = {
        name: content_hash(content)
        if name.endswith(FORM_SUFFIX)
        else hashlib.sha256(canonical_json(content)).hexdigest()
        for name, content in sorted(contents.items())
    }
    return Hashes(found, hashlib.sha256(canonical_json(found)).hexdigest())


def current_release(module: str) -> ModuleRelease | None:
    """The release new records of a module are made under, if it has one."""
    return db.session.scalars(
        select(ModuleRelease)
        .join(Module, Module.current_release_id == ModuleRelease.id)
        .where(Module.key == module)
    ).first()


def needed_release(module: str) -> ModuleRelease:
    """The current release of a module that is known to have one."""
    found = current_release(module)
    assert found is not None
    return found


def is_current(module: str, files: Mapping[str, str]) -> bool:
    """Whether these very texts are what is published: spares parsing at every start."""
    current = current_release(module)
    return current is not None and files_of(current.id) == dict(files)


def says_the_same(module: str, report: Report) -> bool:
    """Whether a sound module means what its current release means: nothing is to be published."""
    current = current_release(module)
    return current is not None and report.ok and current.sha256 == hashes(report).whole


def unchanged(current: ModuleRelease) -> Published:
    """The answer where nothing had to be published."""
    assert current.number is not None
    return Published(current.module, current.id, current.number, changed=False)


def publish_files(
    module: str,
    files: Mapping[str, str],
    report: Report,
    actor: Viewer | None,
    now: datetime,
    *,
    remark: str = "",
) -> Published:
    """Publish files that come from elsewhere than a draft; an open draft is left alone."""
    made = hashes(report)
    current = current_release(module)
    if current is not None and current.sha256 == made.whole:
        return unchanged(current)
    refuse_reused_versions(module, report, made)
    if db.session.get(Module, module) is None:
        db.session.add(Module(key=module))
        db.session.flush()
    release = ModuleRelease(
        module=module,
        number=None,
        state=DRAFT,
        based_on_id=current.id if current else None,
        note=remark,
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
    return make_release(release, report, made, actor, now)


def refuse_reused_versions(module: str, report: Report, made: Hashes) -> None:
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


def make_release(
    release: ModuleRelease,
    report: Report,
    made: Hashes,
    actor: Viewer | None,
    now: datetime,
    projects: Collection[str] = (),
) -> Published:
    """Number, hash and fill the rows; the module points at them, or the projects of a pilot do."""
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
    detail: dict[str, Any] = {"number": release.number, "sha256": made.whole}
    if projects:
        pilots.set_pilot(module.key, release.id, projects, now)
        detail["projects"] = sorted(projects)
    else:
        module.current_release_id = release.id
    note(actor, "module.publish", release.module, detail, now)
    db.session.flush()
    forget_current()
    return published(release, projects)


def published(release: ModuleRelease, projects: Collection[str] = ()) -> Published:
    """What publishing a release did, as it is told."""
    assert release.number is not None
    left = {n: count for n, count in _count_open(release.module).items() if n != release.number}
    return Published(
        release.module, release.id, release.number, True, left, tuple(sorted(projects))
    )


def _next_number(module: str) -> int:
    most = db.session.scalar(
        select(func.max(ModuleRelease.number)).where(ModuleRelease.module == module)
    )
    return (most or 0) + 1
