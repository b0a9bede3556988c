"""What other features add to a project's pages: tabs beside the overview, panels on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.web.viewer import ProjectBrief, Viewer


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a project: its endpoint takes `code`; `title()` speaks the reader's language."""

    endpoint: str
    title: Callable[[], str]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the overview: a template of its own, and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


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


def tabs() -> list[Tab]:
    """The tabs in order."""
    return list(_tabs)


def panels(viewer: Viewer, project: ProjectBrief) -> list[Panel]:
    """The panels this viewer gets to see."""
    return [panel for source in _panels if (panel := source(viewer, project)) is not None]
