"""The handbook's pages: contents and search, one page, its pictures."""

from typing import Any

from flask import Response, request, send_from_directory

from portal import paths
from portal.errors import N_, NotFound
from portal.handbook import contents, queries
from portal.handbook.searching import LONGEST
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment
from portal.web.area import Area
from portal.web.viewer import current_viewer

area = Area("handbook", __name__, url_prefix="/help")


@area.page("", access=signed_in)
def index() -> Response:
    """The contents; with `q` what the handbook says about it."""
    language = current_viewer().language
    asked = " ".join(request.args.get("q", "").split())[:LONGEST]
    return page_or_fragment(
        "handbook/index.html",
        "handbook/_found.html",
        q=asked,
        hits=queries.found(asked, language),
        parts=contents.parts(),
        title_of=lambda topic: queries.title(topic, language),
    )


@area.page("/<topic_area>/<name>", access=signed_in)
def page(topic_area: str, name: str) -> Any:
    """One page, in the reader's language or the one that was chosen; NotFound if there is none."""
    topic = contents.topic(topic_area, name)
    if topic is None:
        raise NotFound(N_("The handbook has no such page."))
    wanted = request.args.get("language", "")
    wanted = wanted if wanted in contents.LANGUAGES else current_viewer().language
    language = queries.written_in(topic, wanted)
    return page_or_fragment(
        "handbook/page.html",
        document=queries.page(topic, language),
        topic=topic,
        written_in=language,
        is_in_place_of=wanted if wanted != language else "",
        parts=contents.parts(),
        title_of=lambda one: queries.title(one, wanted),
    )


@area.page("/pictures/<name>", access=signed_in)
def picture(name: str) -> Response:
    """A picture of a page; NotFound if there is none of this name."""
    if name not in contents.pictures():
        raise NotFound(N_("The handbook has no such picture."))
    return send_from_directory(paths.DOCS / "pictures", name)
