"""Pilots: a release some projects work under before the company does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal.db import db, unscoped
from portal.definitions.current import forget_current
from portal.definitions.drafts import held_module
from portal.definitions.models import ModuleRelease, ModuleSwitch, Pilot
from portal.definitions.trail import note
from portal.errors import N_, Conflict, Invalid
from portal.projects.models import Project
from portal.web.viewer import Viewer

NO_PILOT = N_("No release of this module is in pilot any more.")
_ALL_PROJECTS = "authors choose among the projects of the whole company"


@dataclass(frozen=True, slots=True)
class RunningPilot:
    """The release in pilot: where, and since when. `projects` are ids, by their codes."""

    release_id: str
    number: int
    since: datetime
    projects: tuple[str, ...]


def pilot_of(module: str) -> RunningPilot | None:
    """The pilot of a module, if one runs."""
    rows = db.session.execute(
        unscoped(
            select(Pilot.release_id, ModuleRelease.number, Pilot.since, Pilot.project_id)
            .join(ModuleRelease, ModuleRelease.id == Pilot.release_id)
            .join(Project, Project.id == Pilot.project_id)
            .where(Pilot.module == module)
            .order_by(Project.code),
            _ALL_PROJECTS,
        )
    ).all()
    if not rows:
        return None
    release_id, number, _, _ = rows[0]
    return RunningPilot(
        release_id, number or 0, min(row[2] for row in rows), tuple(row[3] for row in rows)
    )


def open_projects() -> Mapping[str, str]:
    """The projects a release can be tried in: code and name by id, by code."""
    rows = db.session.execute(
        unscoped(
            select(Project.id, Project.code, Project.name)
            .where(Project.status == "active")
            .order_by(Project.code),
            _ALL_PROJECTS,
        )
    )
    return {ident: f"{code} {name}" for ident, code, name in rows}


def demand_open(projects: Collection[str]) -> None:
    """Raises Invalid for a project that is not there, or closed."""
    unknown = set(projects) - open_projects().keys()
    if unknown:
        raise Invalid(N_("Choose open projects only: one of these is closed or not there."))


def set_pilot(module: str, release_id: str, projects: Collection[str], now: datetime) -> None:
    """Let exactly these projects work under a release; a pilot that ran before ends with it."""
    since = {
        one.project_id: one.since
        for one in db.session.scalars(select(Pilot).where(Pilot.module == module))
        if one.release_id == release_id
    }
    drop_pilot(module)
    for project in sorted(projects):
        db.session.add(
            Pilot(
                module=module,
                project_id=project,
                release_id=release_id,
                since=since.get(project, now),
            )
        )
    db.session.flush()
    forget_current()


def drop_pilot(module: str) -> None:
    """Let every project work under the release of the company again."""
    db.session.execute(delete(Pilot).where(Pilot.module == module))
    db.session.flush()
    forget_current()


def end(*, module: str, actor: Viewer, now: datetime) -> RunningPilot:
    """Take the release in pilot back; what was filed under it stays and goes on under it.

    Raises Conflict where none is in pilot any more.
    """
    held_module(module)
    pilot = needed_pilot(module)
    drop_pilot(module)
    detail = {"number": pilot.number, "projects": list(pilot.projects)}
    note(actor, "module.pilot_end", module, detail, now)
    return pilot


def needed_pilot(module: str) -> RunningPilot:
    """The pilot of a module. Raises Conflict where none runs (any more)."""
    found = pilot_of(module)
    if found is None:
        raise Conflict(NO_PILOT)
    return found


def switched(module: str, *, enabled: bool) -> list[str]:
    """Ids of the projects in which a module is on, or off, otherwise than in the company."""
    statement = select(ModuleSwitch.project_id).where(
        ModuleSwitch.module == module, ModuleSwitch.enabled.is_(enabled)
    )
    return list(db.session.scalars(statement.order_by(ModuleSwitch.project_id)))


def switch_in_project(
    *, module: str, project_id: str, enabled: bool | None, actor: Viewer, now: datetime
) -> None:
    """Let a module be on or off in one project; None: as in the company. Raises NotFound."""
    held_module(module)
    demand_open([project_id])
    row = db.session.get(ModuleSwitch, (module, project_id))
    was = None if row is None else row.enabled
    if was == enabled:
        return
    if enabled is None:
        db.session.delete(row)
    elif row is None:
        db.session.add(ModuleSwitch(module=module, project_id=project_id, enabled=enabled))
    else:
        row.enabled = enabled
    db.session.flush()
    forget_current()
    detail = {"project": project_id, "enabled": enabled}
    note(actor, "module.switch_in_project", module, detail, now)
