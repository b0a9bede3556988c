"""The editor of one file: its text, checked and previewed while typing, saved when asked."""

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.desk import Desk, InsertInput, lay_out
from portal.builder.saving import Overtaken, as_typed, save_text
from portal.errors import N_, NotFound, TooLarge
from portal.web.answers import page_or_fragment, see_other, wants_fragment
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/modules/<module>/draft/<file>", access=READERS)
def edit_file(module: str, file: str) -> BaseResponse:
    """The file's text with its errors, and what it means beside it."""
    return show(lay_out(queries.the_draft(module), file, current_viewer().language))


@area.action("/modules/<module>/draft/<file>", access=AUTHORS)
def save_file(module: str, file: str) -> BaseResponse:
    """Keep the text as it is, right or wrong; 409 if somebody else saved this file meanwhile."""
    draft = queries.the_draft(module)
    text = typed_text(draft, file)
    viewer = current_viewer()
    try:
        save_text(draft, file, text, seen=seen_mark(), actor=viewer, now=clock.now())
    except Overtaken as overtaken:
        return show_overtaken(draft, file, overtaken)
    if not wants_fragment():
        return see_other(url_for("builder.edit_file", module=module, file=file), _("Saved."))
    return show(replace(lay_out(queries.the_draft(module), file, viewer.language), just_saved=True))


@area.action("/modules/<module>/draft/<file>/look", access=AUTHORS, own_transaction=True)
def look_at_file(module: str, file: str) -> BaseResponse:
    """Check and preview a text without saving it. Writes nothing and takes no write lock."""
    draft = queries.the_draft(module)
    text = typed_text(draft, file)
    typing = bool(request.form.get("typing")) and wants_fragment()
    language = current_viewer().language
    return show(lay_out(draft, file, language, text=text, seen=seen_mark(), run_cases=not typing))


def typed_text(draft: queries.Draft, name: str) -> str:
    """The text of the request as the author meant it; raises NotFound, TooLarge."""
    if name not in draft.files:
        raise NotFound
    text = as_typed(request.form.get("text", ""), draft.files[name])
    if len(text.encode("utf-8", "replace")) > limits.DEFINITION_BYTES:
        raise TooLarge(N_("The file is larger than %(most)s bytes."), most=limits.DEFINITION_BYTES)
    return text


def seen_mark() -> str:
    """Which text the page of this request began with, or knowingly writes over."""
    return (request.form.get("over") or request.form.get("seen", ""))[:64]


def show_overtaken(draft: queries.Draft, name: str, overtaken: Overtaken) -> Response:
    """Both texts, side by side; what was typed stays in the editor and is not saved."""
    language = current_viewer().language
    desk = lay_out(draft, name, language, text=overtaken.ours, seen=seen_mark(), run_cases=False)
    return show(desk, status=409)


def show(
    desk: Desk, *, status: int = 200, insert: InsertInput | None = None, **more: Any
) -> Response:
    """The editor's page, or what changes in it."""
    return page_or_fragment(
        "builder/editor.html",
        "builder/_live.html",
        status=status,
        desk=desk,
        module=queries.the_module(desk.module),
        insert=insert or InsertInput(),
        kind_titles=words.kind_titles(),
        file_titles=words.file_titles(),
        group_titles=words.group_titles(),
        may_write=may_write(current_viewer()),
        **more,
    )
