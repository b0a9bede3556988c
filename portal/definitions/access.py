"""Who files, reads and voids a form: the access rules of module.json (TRUST 4.5); pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.definitions.metaschema.module import PURPOSES
from portal.web.viewer import Viewer

Reach = frozenset[str] | None
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """One purpose's people: company roles, project roles, departments (codes), each requester."""

    roles: frozenset[str] = frozenset()
    project_roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    requester: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """None where the module says nothing: members of the project, or everybody inside.

    Nobody voids what has no rule for it; private fields are read by whoever may file.
    """

    scope: str
    file: Rules | None = None
    read: Rules | None = None
    void: Rules | None = None
    private: Rules | None = None

    def reach(self, viewer: Viewer, department: str | None) -> Reach:
        """The projects whose records the viewer may read; None: every record."""
        if viewer.is_external:
            return NOWHERE
        if self.read is None:
            return None if self.scope == "company" else viewer.projects
        return _reach(self.read, viewer, department)

    def may_file(self, viewer: Viewer, project_id: str | None, department: str | None) -> bool:
        """Whether the viewer may file this form, for a form of a project in this one."""
        if self.scope == "company":
            return self._may_file_in_company(viewer, department)
        if project_id is None or project_id not in viewer.project_roles:
            return False
        if self.file is None:
            return not viewer.is_external
        reach = _reach(self.file, viewer, department)
        return self.file.requester or reach is None or project_id in reach

    def may_void(self, viewer: Viewer, project_id: str | None, department: str | None) -> bool:
        """Whether the viewer may void what counts of this form, in this project."""
        if self.void is None or viewer.is_external or viewer.is_anonymous:
            return False
        reach = _reach(self.void, viewer, department)
        return reach is None or project_id in reach

    def may_see_private(
        self, viewer: Viewer, project_id: str | None, department: str | None
    ) -> bool:
        """Whether the viewer reads the private fields of a form in full, in this project."""
        if self.private is None:
            return self.may_file(viewer, project_id, department)
        if viewer.is_external or viewer.is_anonymous:
            return False
        reach = _reach(self.private, viewer, department)
        return reach is None or project_id in reach

    def _may_file_in_company(self, viewer: Viewer, department: str | None) -> bool:
        if viewer.is_external or viewer.is_anonymous:
            return False
        if self.file is None or self.file.requester:
            return True
        reach = _reach(self.file, viewer, department)
        return reach is None or bool(reach)


def _reach(rules: Rules, viewer: Viewer, department: str | None) -> Reach:
    if not rules.roles.isdisjoint(viewer.roles) or department in rules.departments:
        return None
    if not rules.project_roles:
        return NOWHERE
    if "member" in rules.project_roles:
        return viewer.projects
    return frozenset(
        project
        for project, roles in viewer.project_roles.items()
        if not rules.project_roles.isdisjoint(roles)
    )


def read_access(raw: Mapping[str, Any], scope: str) -> Access:
    """The `access` member of a form in module.json."""
    rules = {part: _rules(raw[part]) for part in PURPOSES if part in raw}
    return Access(scope, **rules)


def _rules(raw: Sequence[Mapping[str, Any]]) -> Rules:
    return Rules(
        roles=_named(raw, "role"),
        project_roles=_named(raw, "project_role"),
        departments=_named(raw, "department"),
        requester=any(rule.get("requester") for rule in raw),
    )


def _named(raw: Sequence[Mapping[str, Any]], member: str) -> frozenset[str]:
    found: list[str] = []
    for rule in raw:
        value = rule.get(member, ())
        found += [value] if isinstance(value, str) else value
    return frozenset(found)
