"""The area of records, and what higher rooms add to the page of a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal.definitions.queries import FormInRelease
from portal.records.views import RecordPage
from portal.web.area import Area
from portal.web.viewer import Viewer

area = Area("records", __name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment a higher room puts on the page of a record: beside it, below it, or in its bar."""

    template: str
    place: Literal["side", "below", "bar", "top"]
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListLink:
    """A way from the list of a form's records to a page of a higher room."""

    label: str
    url: str
    icon: str


PanelMaker = Callable[[RecordPage, Viewer], list[Panel]]
ListLinkMaker = Callable[[FormInRelease, Viewer], list[ListLink]]
_makers: list[PanelMaker] = []
_links: list[ListLinkMaker] = []


def register_panels(maker: PanelMaker) -> None:
    """Called once, from portal.wiring."""
    if maker not in _makers:
        _makers.append(maker)


def register_list_links(maker: ListLinkMaker) -> None:
    """Called once, from portal.wiring."""
    if maker not in _links:
        _links.append(maker)


def list_links_of(form: FormInRelease, viewer: Viewer) -> list[ListLink]:
    """Where the list of a form leads this viewer."""
    return [link for maker in _links for link in maker(form, viewer)]


def panels_of(page: RecordPage, viewer: Viewer) -> dict[str, list[Panel]]:
    """The panels of a record's page, by place."""
    found: dict[str, list[Panel]] = {"side": [], "below": [], "bar": [], "top": []}
    for maker in _makers:
        for panel in maker(page, viewer):
            found[panel.place].append(panel)
    return found
