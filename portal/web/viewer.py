"""Who is asking: the one object scope, access rules and pages look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import g

_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})

SYSTEM_ROLES = ("people_admin", "author", "auditor", "operator")


@dataclass(frozen=True, slots=True)
class ProjectBrief:
    """What the shell shows of a project."""

    id: str
    code: str
    name: str
    currency: str
    zone: str
    status: str


@dataclass(frozen=True, slots=True)
class CompanyBrief:
    """What every page shows or asks of the company."""

    name: str = ""
    zone: str = "UTC"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person as of this request: roles and memberships are read anew each time."""

    person_id: str = ""
    login: str = ""
    name: str = ""
    language: str = "en"
    zone: str = "UTC"
    theme: str = "auto"
    session_id: str = ""
    acting_for: str = ""
    is_external: bool = False
    department_id: str | None = None
    system_roles: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    project_roles: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)
    project_list: tuple[ProjectBrief, ...] = ()
    fresh: bool = False
    company: CompanyBrief = CompanyBrief()

    @property
    def is_anonymous(self) -> bool:
        return not self.person_id

    @property
    def projects(self) -> frozenset[str]:
        """Ids of the projects this person is a member of."""
        return frozenset(self.project_roles)

    @property
    def is_auditor(self) -> bool:
        return "auditor" in self.system_roles

    @property
    def sees_all_projects(self) -> bool:
        """Auditors read everything; people administrators staff every project."""
        return bool(self.system_roles & {"auditor", "people_admin"})

    def has_system_role(self, *roles: str) -> bool:
        return not self.system_roles.isdisjoint(roles)


ANONYMOUS = Viewer()


def current_viewer() -> Viewer:
    """The viewer of this request. For routes and templates; services get the actor as argument."""
    viewer: Viewer = of_request().get("viewer", ANONYMOUS)
    return viewer


def of_request() -> Any:
    """What this request keeps: Flask's `g` itself, whose proxy costs more than what it looks up."""
    return g._get_current_object()
