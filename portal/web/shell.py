"""What surrounds every page: places, modules, projects, counts. Filled through providers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, session
from flask_wtf.csrf import generate_csrf

from portal import __version__
from portal.web.rendering import gettext as _
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, Viewer, current_viewer

LINKS = {
    "home": "home.index",
    "inbox": "approvals.inbox",
    "start": "home.start",
    "search": "search.index",
    "notices": "notify.index",
    "projects": "projects.index",
    "help": "handbook.index",
    "profile": "accounts.profile",
    "language": "accounts.set_language",
    "theme": "accounts.set_theme",
    "sign_out": "accounts.sign_out",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the side bar."""

    endpoint_url: str
    label: str
    icon: str
    active: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """Several links of one module under its name; open where one of them is the page itself."""

    label: str
    icon: str
    inside: Sequence[Place]

    @property
    def is_open(self) -> bool:
        return any(one.active for one in self.inside)


@dataclass(frozen=True, slots=True)
class Group:
    """A titled group of links of the side bar."""

    label: str
    items: Sequence[Place | Fold]


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above every page: `tone` is blue, amber or red."""

    tone: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """A project of the switcher."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(slots=True)
class Shell:
    """Everything base.html needs and no route should have to think of."""

    viewer: Viewer
    language: str
    theme: str
    here: str
    links: dict[str, str]
    csrf_token: str
    company_name: str = ""
    version: str = __version__
    places: list[Place] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    projects: Sequence[ProjectLink] = ()
    inbox_count: int = 0
    unread_count: int = 0
    demo: Any = None
    banner: Banner | None = None


Provider = Callable[[Shell], None]
_providers: list[Provider] = []


def register_provider(provider: Provider) -> None:
    """Let a feature add what it knows to the shell. Called once, from portal.wiring."""
    if provider not in _providers:
        _providers.append(provider)


def current_project(viewer: Viewer) -> ProjectBrief | None:
    """The project the person works in now: remembered in the session, else the first of theirs."""
    chosen = str(session.get("project", ""))
    by_id = {p.id: p for p in viewer.project_list}
    return by_id.get(chosen) or next(iter(viewer.project_list), None)


def build_shell() -> Shell:
    """The shell of this request."""
    viewer = current_viewer()
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    shell = Shell(
        viewer=viewer,
        language=viewer.language,
        theme=viewer.theme,
        here=here,
        links={name: url_for(endpoint) for name, endpoint in LINKS.items()},
        csrf_token=generate_csrf(),
    )
    if not viewer.is_anonymous:
        current = current_project(viewer)
        shell.projects = [
            ProjectLink(p.code, p.name, url_for("projects.overview", code=p.code), p == current)
            for p in viewer.project_list
        ]
    for provider in _providers:
        provider(shell)
    if not viewer.is_anonymous:
        shell.places[:0] = _places(shell)
    return shell


def _places(shell: Shell) -> list[Place]:
    return [
        place("home.index", _("Home"), "home", exact=True),
        place("approvals.inbox", _("Inbox"), "inbox", badge=shell.inbox_count),
        place("home.start", _("Start"), "plus"),
        place("projects.index", _("Projects"), "crane"),
        place("search.index", _("Search"), "search"),
    ]


def place(endpoint: str, label: str, icon: str, *, badge: int = 0, exact: bool = False) -> Place:
    """A place of the side bar, lit when the page stands in it."""
    url = url_for(endpoint)
    return Place(url, label, icon, request.path == url if exact else is_here(url), badge)


def is_here(prefix: str) -> bool:
    """Whether the current page stands at or below an address."""
    return request.path == prefix or request.path.startswith(prefix.rstrip("/") + "/")
