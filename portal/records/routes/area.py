"""The area of records, and what higher rooms add to the page of a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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


PanelMaker = Callable[[RecordPage, Viewer], list[Panel]]
_makers: list[PanelMaker] = []


def register_panels(maker: PanelMaker) -> None:
    """Called once, from portal.wiring."""
    if maker not in _makers:
        _makers.append(maker)


def panels_of(page: RecordPage, viewer: Viewer) -> dict[str, list[Panel]]:
    """The panels of a record's page, by place."""
    found: dict[str, list[Panel]] = {"side": [], "below": [], "bar": [], "top": []}
    for maker in _makers:
        for panel in maker(page, viewer):
            found[panel.place].append(panel)
    return found
