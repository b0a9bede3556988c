"""Reading projects and members, within what the viewer may see unless the reason says otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from portal.accounts.models import Department, Person
from portal.accounts.sessions import Memberships
from portal.db import db, read_fixed, unscoped
from portal.errors import N_, NotFound
from portal.projects.models import Membership, Project
from portal.web.viewer import ProjectBrief

_OWN = "a person's own memberships are read before the scope stands"
_WHOLE = "people rules and labels need every member and project"
_BRIEF = (
    Project.id, Project.code, Project.name, Project.currency, Project.zone, Project.status
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a project with the roles they hold there."""

    person_id: str
    login: str
    name: str
    title: str
    department: str
    external: bool
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A line of the list of projects."""

    brief: ProjectBrief
    department: str
    managers: tuple[str, ...]
    members: int
    project: Project


_memberships = unscoped(
    select(Membership.role, *_BRIEF)
    .join(Project, Project.id == Membership.project_id)
    .where(Membership.person_id == bindparam("person"))
    .order_by(Project.code),
    _OWN,
)


def memberships_of(person_id: str, only_project: str | None = None) -> Memberships:
    """The projects and roles of a person; of an external, `only_project` is all there is."""
    roles: dict[str, set[str]] = {}
    briefs: dict[str, ProjectBrief] = {}
    for role, *columns in read_fixed(_memberships, {"person": person_id}):
        brief = ProjectBrief(*columns)
        if only_project is not None and brief.id != only_project:
            continue
        roles.setdefault(brief.id, set()).add(role)
        briefs[brief.id] = brief
    return Memberships({k: frozenset(v) for k, v in roles.items()}, tuple(briefs.values()))


def project_brief(project_id: str) -> ProjectBrief | None:
    """What the shell and documents show of a project, whoever asks (for records already seen)."""
    row = db.session.execute(
        unscoped(select(*_BRIEF).where(Project.id == project_id), _WHOLE)
    ).first()
    return ProjectBrief(*row) if row else None


def project_briefs(ids: Iterable[str]) -> dict[str, ProjectBrief]:
    """Several projects briefly, by id."""
    wanted = sorted({i for i in ids if i})
    if not wanted:
        return {}
    rows = db.session.execute(unscoped(select(*_BRIEF).where(Project.id.in_(wanted)), _WHOLE))
    return {row[0]: ProjectBrief(*row) for row in rows}


def visible_projects(*, status: str = "") -> list[ProjectBrief]:
    """The projects the viewer may see, by code."""
    statement = select(*_BRIEF).order_by(Project.code)
    if status:
        statement = statement.where(Project.status == status)
    return [ProjectBrief(*row) for row in db.session.execute(statement)]


def the_project(project_id: str) -> Project:
    """A project the viewer may see, or NotFound."""
    project = db.session.scalars(select(Project).where(Project.id == project_id)).first()
    if project is None:
        raise NotFound(N_("There is no such project, or you may not see it."))
    return project


def project_by_code(code: str) -> Project:
    """A project the viewer may see, by its code, or NotFound."""
    project = db.session.scalars(select(Project).where(Project.code == code)).first()
    if project is None:
        raise NotFound(N_("There is no such project, or you may not see it."))
    return project


def members(project_id: str) -> list[Member]:
    """The members of a project the viewer may see, by name."""
    statement = (
        select(
            Membership.role,
            Person.id,
            Person.login,
            Person.name,
            Person.title,
            Department.name,
            Person.external,
            Person.active,
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Membership.project_id == project_id)
        .order_by(Person.name, Person.login, Membership.role)
    )
    found: dict[str, Member] = {}
    for role, ident, login, name, title, department, external, active in db.session.execute(
        statement
    ):
        before = found[ident].roles if ident in found else ()
        found[ident] = Member(
            ident, login, name, title or "", department or "", external, active, (*before, role)
        )
    return list(found.values())


def holders(project_id: str, role: str) -> list[str]:
    """Ids of the active people who hold a role in a project, by name; for people rules."""
    statement = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.project_id == project_id,
            Membership.role == role,
            Person.active.is_(True),
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(unscoped(statement, _WHOLE)))


def first_holder(project_id: str, role: str) -> str:
    """The active person who has held a role in a project for longest; empty where nobody does."""
    statement = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.project_id == project_id,
            Membership.role == role,
            Person.active.is_(True),
        )
        .order_by(Membership.created_at, Membership.id)
        .limit(1)
    )
    return db.session.scalars(unscoped(statement, _WHOLE)).first() or ""


def member_ids(project_ids: Iterable[str]) -> frozenset[str]:
    """Ids of everybody in any of these projects."""
    wanted = sorted(set(project_ids))
    if not wanted:
        return frozenset()
    statement = select(Membership.person_id).where(Membership.project_id.in_(wanted))
    return frozenset(db.session.scalars(unscoped(statement.distinct(), _WHOLE)))


def project_rows(*, text: str = "", status: str = "") -> Sequence[ProjectRow]:
    """The list of projects the viewer may see."""
    statement = select(Project, Department.name).outerjoin(
        Department, Department.id == Project.department_id
    )
    if text:
        statement = statement.where(
            Project.code.icontains(text, autoescape=True)
            | Project.name.icontains(text, autoescape=True)
        )
    if status:
        statement = statement.where(Project.status == status)
    rows = db.session.execute(statement.order_by(Project.code)).all()
    ids = [project.id for project, _ in rows]
    managers, counts = _managers(ids), _member_counts(ids)
    return [
        ProjectRow(
            brief_of(project),
            department or "",
            tuple(managers.get(project.id, ())),
            counts.get(project.id, 0),
            project,
        )
        for project, department in rows
    ]


def brief_of(project: Project) -> ProjectBrief:
    """The brief of a row already read."""
    return ProjectBrief(
        project.id, project.code, project.name, project.currency, project.zone, project.status
    )


def _managers(ids: list[str]) -> dict[str, list[str]]:
    statement = (
        select(Membership.project_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.project_id.in_(ids), Membership.role == "project_manager")
        .order_by(Person.name)
    )
    found: dict[str, list[str]] = {}
    for project_id, name in db.session.execute(statement):
        found.setdefault(project_id, []).append(name)
    return found


def _member_counts(ids: list[str]) -> dict[str, int]:
    statement = (
        select(Membership.project_id, func.count(Membership.person_id.distinct()))
        .where(Membership.project_id.in_(ids))
        .group_by(Membership.project_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
