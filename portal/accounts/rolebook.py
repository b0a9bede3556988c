"""The roles there are: the portal's own, and those that published modules declare."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

ROLE = re.compile(r"[a-z][a-z0-9_]{0,40}")
Text = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoleTitle:
    """A role, where it is held (company or project), and its title in every language."""

    role: str
    scope: str
    title: Text


BUILT_IN = (
    RoleTitle("project_manager", "project", {"en": "Project manager", "zh": "项目经理"}),
    RoleTitle("member", "project", {"en": "Member", "zh": "项目成员"}),
)

_sources: list[Callable[[], Iterable[RoleTitle]]] = []


def register_roles(source: Callable[[], Iterable[RoleTitle]]) -> None:
    """Let a feature declare roles; asked anew each time, so published modules count at once."""
    if source not in _sources:
        _sources.append(source)


def titles(scope: str, *, also: Iterable[str] = ()) -> dict[str, Text]:
    """Roles of a scope with their titles; `also` adds roles held but no longer declared."""
    known: dict[str, Text] = {}
    for one in (*BUILT_IN, *(one for source in _sources for one in source())):
        if one.scope == scope:
            known.setdefault(one.role, one.title)
    for role in sorted(also):
        known.setdefault(role, role.replace("_", " ").capitalize())
    return known
