"""A folder of modules beside what is published: what differs, and publishing it all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from portal.accounts.queries import person_name
from portal.db import db
from portal.definitions.checking import Finding, Report, check_module
from portal.definitions.dependents import with_dependents
from portal.definitions.diff import Diff, diff
from portal.definitions.drafts import draft_of, files_of
from portal.definitions.folders import Offers, offers_of, read_folder
from portal.definitions.models import Module
from portal.definitions.neighbors import known_beside
from portal.definitions.publishing import Published, publish_folders
from portal.definitions.releases import current_release, says_the_same
from portal.errors import N_, ChangedMeanwhile
from portal.web.viewer import Viewer

State = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft somebody has open; it stays as it is when its module is applied."""

    person: str
    revision: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A module of the folder beside its current release (`number`; None: never published)."""

    module: str
    folder: Path
    state: State
    number: int | None
    diff: Diff
    report: Report
    draft: OpenDraft | None

    @property
    def differs(self) -> bool:
        """Whether applying would publish a release of it."""
        return self.state != "same"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every module of the folder, and the published ones that are not in it and stay."""

    modules: tuple[Planned, ...]
    elsewhere: tuple[str, ...]

    @property
    def changed(self) -> list[Planned]:
        """The modules of which a release would be published."""
        return [one for one in self.modules if one.differs]

    @property
    def errors(self) -> list[tuple[str, Finding]]:
        """What keeps the folder from being applied, by module."""
        return [(one.module, found) for one in self.modules for found in one.report.errors]


def plan(folders: Sequence[Path]) -> Plan:
    """What applying these folders would do; reads only."""
    also = offers_of(folders)
    found = tuple(_planned(folder, also) for folder in folders)
    published = db.session.scalars(
        select(Module.key).where(Module.current_release_id.is_not(None)).order_by(Module.key)
    )
    names = {one.module for one in found}
    return Plan(found, tuple(key for key in published if key not in names))


def apply(
    *, planned: Plan, actor: Viewer | None, now: datetime, remark: str = ""
) -> list[Published]:
    """Publish the modules that differ, all or none; open drafts are left alone.

    Raises Refused for what a check finds, and Conflict if somebody published one of the modules
    since the plan was made.
    """
    for one in planned.modules:
        current = current_release(one.module)
        if (current.number if current else None) != one.number:
            raise ChangedMeanwhile(
                N_("Somebody published “%(module)s” meanwhile. Compare again and repeat."),
                module=one.module,
            )
    folders = [one.folder for one in planned.modules]
    done = publish_folders(paths=folders, actor=actor, now=now, remark=remark)
    return [one for one in done if one.changed]


def _planned(folder: Path, also: Offers) -> Planned:
    module, files = folder.name, read_folder(folder)
    report = check_module(files, known=known_beside(module, also))
    report = with_dependents(module, report, also)
    current = current_release(module)
    before = files_of(current.id) if current else {}
    same = current is not None and (before == files or says_the_same(module, report))
    state: State = "same" if same else "changed" if current else "new"
    return Planned(
        module=module,
        folder=folder,
        state=state,
        number=current.number if current else None,
        diff=Diff(()) if same else diff(before, files),
        report=report,
        draft=_open_draft(module),
    )


def _open_draft(module: str) -> OpenDraft | None:
    row = draft_of(module)
    if row is None:
        return None
    by = row.created_by or ""
    return OpenDraft(person_name([by]).get(by, ""), row.revision, row.created_at)
