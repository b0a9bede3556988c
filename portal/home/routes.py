"""Home and Start."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from portal import clock
from portal.approvals import queries as approvals
from portal.definitions import queries as definitions
from portal.home import queries
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment
from portal.web.area import Area
from portal.web.shell import current_project
from portal.web.viewer import Viewer, current_viewer

area = Area("home", __name__)

Card = Callable[[Viewer], Any]
_cards: list[Card] = []


def register_card(card: Card) -> None:
    """Let a higher room put something on Home (the demo's Try it). None shows nothing."""
    if card not in _cards:
        _cards.append(card)


@area.page("/", access=signed_in)
def index() -> Response:
    """What waits for me first, then what I sent, drafts, my projects, what changed."""
    viewer = current_viewer()
    sent = queries.my_sent(viewer)
    return page_or_fragment(
        "home/index.html",
        waiting=approvals.inbox(viewer, limit=6),
        waiting_count=approvals.inbox_count(viewer),
        sent=sent,
        holders=approvals.holders([row.id for row in sent]),
        drafts=queries.my_drafts(viewer),
        lately=queries.decided_since(clock.now() - timedelta(days=2)),
        titles=definitions.form_titles(),
        projects={p.id: p for p in viewer.project_list},
        cards=[card for make in _cards if (card := make(viewer)) is not None],
    )


@area.page("/start", access=signed_in)
def start() -> Response:
    """The forms I may file in the current project, by module; lately used first."""
    viewer = current_viewer()
    project = current_project(viewer)
    forms = definitions.fileable_forms(viewer, project.id if project else None)
    wanted = request.args.get("q", "").strip()
    lately = queries.lately_filed(viewer)
    return page_or_fragment(
        "home/start.html", project=project, forms=forms, lately=lately, q=wanted
    )
