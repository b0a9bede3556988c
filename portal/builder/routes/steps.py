"""Taking back, doing again, and the history of a draft."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.steps import blocked_by, history_of, steps_of
from portal.builder.whereabouts import spots
from portal.definitions import services
from portal.web.answers import page_or_fragment, see_other
from portal.web.next_page import safe_next
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft"
_OVERVIEWS = {"form": "builder.design_form", "workflow": "builder.chain"}


@area.context_processor
def _offers() -> dict[str, Any]:
    viewer = current_viewer()
    return {
        "steps_of": lambda draft: steps_of(draft, viewer),
        "spots_of": lambda draft: spots(draft, viewer.language),
        "is_author": may_write(viewer),
    }


@area.action(f"{_AT}/undo", access=AUTHORS)
def undo(module: str) -> BaseResponse:
    """Take back one's last act; 409 with what is in the way where its place was changed since."""
    draft, viewer = queries.the_draft(module), current_viewer()
    try:
        names = services.undo(release_id=draft.id, act=_act(), actor=viewer, now=clock.now())
    except services.InTheWay as found:
        return _show_history(module, status=409, in_the_way=found)
    return see_other(_landing(module, names[-1]), _("Taken back."))


@area.action(f"{_AT}/redo", access=AUTHORS)
def redo(module: str) -> BaseResponse:
    """Do again what one took back last; as `undo`."""
    draft, viewer = queries.the_draft(module), current_viewer()
    try:
        names = services.redo(release_id=draft.id, act=_act(), actor=viewer, now=clock.now())
    except services.InTheWay as found:
        return _show_history(module, status=409, in_the_way=found)
    return see_other(_landing(module, names[-1]), _("Done again."))


@area.page(f"{_AT}/history", access=READERS, endpoint="history")
def draft_history(module: str) -> BaseResponse:
    """Who edited what, and when."""
    return _show_history(module)


@area.action(f"{_AT}/history/<int:number>/restore", access=AUTHORS)
def restore_draft(module: str, number: int) -> BaseResponse:
    """Bring the whole draft back to how it was at a revision; that is an edit like any other."""
    draft = queries.the_draft(module)
    changed = services.restore(
        release_id=draft.id, number=number, actor=current_viewer(), now=clock.now(),
        seen_revision=request.form.get("revision", type=int) or 0,
    )  # fmt: skip
    said = _("The draft is as it was then.") if changed else _("The draft is like that already.")
    return see_other(url_for("builder.history", module=module), said)


def _act() -> str:
    return request.form.get("act", "")[:36]


def _landing(module: str, name: str) -> str:
    """The page of the request as it was looked at, if it is still there; else the overview of the
    file changed."""
    files = queries.the_draft(module).files
    adapter = current_app.create_url_adapter(request)
    back = urlsplit(safe_next(request.form.get("back")))
    path = back.path.removeprefix(request.script_root)
    try:
        endpoint, values = adapter.match(path, method="GET") if adapter else ("", {})
    except HTTPException:
        endpoint, values = "", {}
    is_part = not values.keys() <= {"module", "file"}
    if values.get("module") == module and not is_part and values.get("file", name) in files:
        return url_for(endpoint, **values) + (f"?{back.query}" if back.query else "")
    name = values.get("file", name)
    if name not in files:
        return url_for("builder.draft", module=module)
    kind = name.split(".")[-2]
    return url_for(_OVERVIEWS.get(kind, "builder.edit_file"), module=module, file=name)


def _show_history(
    module: str, *, status: int = 200, in_the_way: services.InTheWay | None = None
) -> BaseResponse:
    draft, language = queries.the_draft(module), current_viewer().language
    before = request.args.get("before", type=int) or 0
    return page_or_fragment(
        "builder/history.html",
        status=status,
        module=queries.the_module(module),
        draft=draft,
        history=history_of(draft, language, before=before),
        in_the_way=in_the_way,
        blocking=blocked_by(draft, in_the_way, language) if in_the_way else None,
        may_write=may_write(current_viewer()),
    )
