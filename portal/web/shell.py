"""What surrounds every page: places, modules, projects, counts. Filled through providers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, session
from flask_wtf.csrf import generate_csrf

from portal.web.viewer import ProjectBrief, Viewer, current_viewer


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the side bar."""

    url: str
    label: str
    icon: str
    active: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A titled group of links of the side bar."""

    label: str
    items: Sequence[Place]


@dataclass(slots=True)
class Shell:
    """Everything base.html needs and no route should have to think of."""

    viewer: Viewer
    company_name: str = ""
    places: list[Place] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    projects: Sequence[ProjectBrief] = ()
    current_project: ProjectBrief | None = None
    inbox_count: int = 0
    unread_count: int = 0
    theme: str = "auto"
    demo: Any = None
    banner: str = ""
    csrf_token: str = ""


Provider = Callable[[Shell], None]
_providers: list[Provider] = []


def register_provider(provider: Provider) -> None:
    """Let a feature add what it knows to the shell. Called once, from portal.app."""
    if provider not in _providers:
        _providers.append(provider)


def current_project(viewer: Viewer) -> ProjectBrief | None:
    """The project the person works in now: remembered in the session, else the first of theirs."""
    chosen = session.get("project")
    by_id = {p.id: p for p in viewer.project_list}
    return by_id.get(chosen) or next(iter(viewer.project_list), None)


def build_shell() -> Shell:
    """The shell of this request."""
    viewer = current_viewer()
    shell = Shell(viewer=viewer, theme=viewer.theme, csrf_token=generate_csrf())
    if not viewer.is_anonymous:
        shell.projects = viewer.project_list
        shell.current_project = current_project(viewer)
    for provider in _providers:
        provider(shell)
    return shell


def is_here(prefix: str) -> bool:
    """Whether the current page stands below a place."""
    return request.path == prefix or request.path.startswith(prefix.rstrip("/") + "/")
