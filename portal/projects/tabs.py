"""What other features add to a project's pages: tabs beside the overview, panels on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from portal.web.access import Access, signed_in
from portal.web.viewer import ProjectBrief, Viewer

Place = Literal["top", "main", "side"]


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a project: its endpoint takes `code`; `title()` speaks the reader's language.

    `access` says who finds the page, so that nobody is shown a tab that leads nowhere; `areas` are
    further ones whose pages stand below it.
    """

    endpoint: str
    title: Callable[[], str]
    order: int = 50
    access: Access = signed_in
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the overview: a template of its own, what it shows, and where it stands."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: Place = "main"


PanelSource = Callable[[Viewer, ProjectBrief], Panel | None]
_tabs: list[Tab] = []
_panels: list[PanelSource] = []


def register_tab(tab: Tab) -> None:
    """Add a tab to every project's pages. Called once, from portal.wiring."""
    if tab.endpoint not in {known.endpoint for known in _tabs}:
        _tabs.append(tab)
        _tabs.sort(key=lambda one: (one.order, one.endpoint))


def register_panel(source: PanelSource) -> None:
    """Add a panel to every project's overview; None shows nothing. Called once, from wiring."""
    if source not in _panels:
        _panels.append(source)


def tabs(viewer: Viewer) -> list[Tab]:
    """The tabs this viewer gets to see, in order."""
    return [one for one in _tabs if one.access.allows(viewer)]


def panels(viewer: Viewer, project: ProjectBrief) -> dict[Place, list[Panel]]:
    """The panels this viewer gets to see, by place."""
    found: dict[Place, list[Panel]] = {"top": [], "main": [], "side": []}
    for source in _panels:
        panel = source(viewer, project)
        if panel is not None:
            found[panel.place].append(panel)
    return found
