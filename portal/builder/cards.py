"""What authors find on their home page: drafts to look at, and releases that did not go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.builder import queries
from portal.builder.area import may_write
from portal.definitions import plans, reviews
from portal.forms.texts import Text
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Waiting:
    """One draft: its module, since when, and whether a planned release failed."""

    module: str
    title: Text
    since: datetime
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The drafts as Home shows them."""

    drafts: Sequence[Waiting]
    template: str = "builder/_waiting.html"


def card(viewer: Viewer) -> Card | None:
    """The drafts that wait for this author; None where none does."""
    if not may_write(viewer):
        return None
    asked = [(module, one.asked_at, False) for module, one in reviews.waiting_for(viewer.person_id)]
    failed = [(module, one.at, True) for module, one in plans.failed_of(viewer.person_id)]
    found = [*asked, *failed]
    if not found:
        return None
    return Card([Waiting(key, queries.the_module(key).title, at, bad) for key, at, bad in found])
