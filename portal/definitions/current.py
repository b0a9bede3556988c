"""Which releases are current, where: what new records of each module are made under."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, event, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from portal.db import db, read_fixed, unscoped
from portal.definitions.models import Module, ModuleRelease, ModuleSwitch, Pilot

_MEMO = "definitions.current"


@dataclass(frozen=True, slots=True)
class Current:
    """Which releases are current in this transaction; `mark` changes with any of them.

    `pilots` and `switches` are by (module, project).
    """

    mark: str
    releases: Mapping[str, str]
    enabled: frozenset[str]
    pilots: Mapping[tuple[str, str], str]
    switches: Mapping[tuple[str, str], bool]

    def is_on(self, module: str, project_id: str | None) -> bool:
        """Whether the forms of a module can be filed in a project; without one, in the company."""
        in_company = module in self.enabled
        if project_id is None:
            return in_company
        return self.switches.get((module, project_id), in_company)

    def is_on_anywhere(self, module: str) -> bool:
        """Whether the forms of a module can be filed in any place."""
        return module in self.enabled or any(
            on for (key, _), on in self.switches.items() if key == module
        )

    def release_in(self, module: str, project_id: str | None) -> str | None:
        """The release new records of a module are made under in a project, or in the company."""
        company = self.releases.get(module)
        return self.pilots.get((module, project_id), company) if project_id else company

    def pilot_projects(self, module: str) -> frozenset[str]:
        """The projects that pilot a release of a module."""
        return frozenset(project for key, project in self.pilots if key == module)


_none = cast(null(), String)
_current: Any = unscoped(
    union_all(
        select(
            literal("release").label("what"),
            Module.key.label("module"),
            _none.label("project"),
            Module.enabled.label("enabled"),
            ModuleRelease.id.label("release"),
            ModuleRelease.sha256.label("sha256"),
        ).outerjoin(ModuleRelease, ModuleRelease.id == Module.current_release_id),
        select(
            literal("pilot"), Pilot.module, Pilot.project_id, true(), Pilot.release_id,
            ModuleRelease.sha256,
        ).join(ModuleRelease, ModuleRelease.id == Pilot.release_id),
        select(
            literal("switch"), ModuleSwitch.module, ModuleSwitch.project_id, ModuleSwitch.enabled,
            _none, _none,
        ),
    ).order_by("what", "module", "project"),
    "everybody works under the same releases",
)  # fmt: skip


def current() -> Current:
    """One small query per database session."""
    found: Current | None = db.session.info.get(_MEMO)
    if found is None:
        found = db.session.info[_MEMO] = _read_current()
    return found


def _read_current() -> Current:
    rows = read_fixed(_current, {})
    marks: list[str] = []
    releases: dict[str, str] = {}
    pilots: dict[tuple[str, str], str] = {}
    switches: dict[tuple[str, str], bool] = {}
    enabled = set()
    for what, module, project, is_on, release_id, sha256 in rows:
        if release_id:
            marks.append(f"{release_id}:{sha256}:{what}")
        if what == "switch":
            switches[module, project] = bool(is_on)
        elif what == "pilot":
            pilots[module, project] = release_id
        else:
            if release_id:
                releases[module] = release_id
            if is_on:
                enabled.add(module)
    mark = "|".join(dict.fromkeys(marks))
    return Current(mark, releases, frozenset(enabled), pilots, switches)


def forget_current() -> None:
    """Ask again which releases are current; called where that changes."""
    _forget(db.session())


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_MEMO, None)
