"""Home and Start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, request

from portal import clock
from portal.approvals import queries as approvals
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.forms.texts import read_text
from portal.home import queries
from portal.home.groups import group_label
from portal.portfolio.health import health
from portal.projects.queries import visible_projects
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
        health=health(viewer, clock.now()),
        may_create=viewer.has_system_role("people_admin"),
        others=len(visible_projects()) if not viewer.project_list else 0,
        cards=[card for make in _cards if (card := make(viewer)) is not None],
    )


@area.page("/start", access=signed_in)
def start() -> Response:
    """The forms I may file in the current project, by module; lately used first."""
    viewer = current_viewer()
    project = current_project(viewer)
    forms = definitions.fileable_forms(viewer, project.id if project else None)
    wanted = request.args.get("q", "").strip()
    tiles = [_tile(form) for form in forms]
    if wanted:
        tiles = [tile for tile in tiles if wanted.casefold() in tile.title.casefold()]
    lately = queries.lately_filed(viewer)
    recent = [tile for key in lately for tile in tiles if tile.form == key]
    groups: dict[str, list[Tile]] = {}
    for tile in tiles:
        groups.setdefault(tile.group, []).append(tile)
    return page_or_fragment(
        "home/start.html",
        project=project,
        groups=groups,
        group_label=group_label,
        recent=[] if wanted else recent,
        may_grant=viewer.has_system_role("people_admin"),
        q=wanted,
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """A form one may file."""

    form: str
    title: str
    text: str
    icon: str
    group: str
    scope: str


def _tile(form: FormInRelease) -> Tile:
    release = definitions.release(form.release_id)
    about = read_text(form.expanded.get("description"))
    language = current_viewer().language
    return Tile(
        form.key,
        form.title.in_language(language),
        about.in_language(language) or release.title.in_language(language),
        release.icon,
        release.group,
        form.scope,
    )
