"""Filling in a form: open again, save as a draft, send. What is typed is never lost."""

from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import Conflict, Invalid
from portal.forms.controls import Submission
from portal.records.entry import acts, opening, outdated, posting, upward
from portal.records.entry.entries import Entry
from portal.records.entry.upward import register_chain_preview, register_seats, register_submitter
from portal.records.routes import shown_again
from portal.records.routes.area import area
from portal.records.routes.entry_page import entry_page, saved_answer, unsaved_answer
from portal.records.routes.shown_again import refused, say_left_out, shown, stale
from portal.usage import counting as usage
from portal.web.access import signed_in
from portal.web.answers import see_other, wants_fragment
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

__all__ = ["register_chain_preview", "register_seats", "register_submitter"]


@area.page("/records/<record_id>/edit", access=signed_in)
def edit(record_id: str) -> Response:
    """The own draft, a returned record, a register entry, or (`?task=`) a record at a step."""
    task_id = request.args.get("task") or None
    entry = opening.saved_entry(current_viewer(), record_id, task_id, clock.now())
    outcome = entry.evaluated(entry.data)
    errors = posting.to_speak_of(entry, outcome) if entry.keeps else ()
    return entry_page(entry, outcome, errors=errors, sought=_sought())


def _sought() -> tuple[str, str] | None:
    name = request.args.get("find", "")
    return (name, request.args.get("q", "")) if name else None


def _posted(record_id: str) -> tuple[Entry, Submission] | Response:
    """What the page holds, or the page again where it cannot be taken as it is."""
    entry = opening.posted_entry(current_viewer(), record_id, request.form, clock.now(), lock=True)
    older = outdated.carried(entry, request.form)
    if older is not None:
        return shown_again.outdated(entry, older)
    try:
        taken = posting.read(entry, request.form)
    except posting.UnknownFields as error:
        if error.taken is None or wants_fragment():
            raise
        return shown(entry, error.taken, 400, error.errors)
    return stale(entry, taken) if entry.is_stale else (entry, taken)


@area.action("/records/<record_id>/save", access=signed_in)
def save(record_id: str) -> BaseResponse:
    """Keep what was typed, whatever is still wrong with it; row buttons come here as well."""
    found = _posted(record_id)
    if isinstance(found, Response):
        return found
    entry, taken = found
    act = acts.act_of(request.form)
    anchor = acts.carry_out(act, entry, taken) if act is not None else ""
    if not entry.keeps:
        taken.errors += taken.astray
        return shown(entry, taken) if act is not None else _change(entry, taken)
    if act is None and posting.holds_nothing(entry, taken):
        return _nothing_to_keep(entry, taken)
    if not wants_fragment():
        say_left_out(entry, taken)
    if taken.errors and not wants_fragment():
        return shown(entry, taken, 422)
    try:
        record = posting.keep(entry, taken)
    except Invalid as error:
        return shown(entry, taken, 422, error.errors)
    if wants_fragment():
        return saved_answer(record, partly=bool(taken.errors))
    notice = None if act is not None else _("The draft is saved.")
    return see_other(_edit_url(record.id, act, anchor), notice)


def _nothing_to_keep(entry: Entry, taken: Submission) -> Response:
    """No draft is made of a form nobody typed into."""
    if wants_fragment():
        return unsaved_answer()
    flash(_("Nothing is filled in yet, so no draft was saved."), "info")
    return shown(entry, taken)


def _edit_url(record_id: str, act: acts.Act | None, anchor: str) -> str:
    found: dict[str, Any] = {}
    if act is not None and act.name == "_find":
        found = {"find": act.value, "q": request.form.get(f"_find-{act.value}", "")[:100]}
    return url_for("records.edit", record_id=record_id, _anchor=anchor or None, **found)


@area.action("/records/<record_id>/submit", access=signed_in)
def submit(record_id: str) -> BaseResponse:
    """Send it: all or nothing; what is missing or wrong is said at its field."""
    found = _posted(record_id)
    if isinstance(found, Response):
        return found
    entry, taken = found
    usage.mark(entry.form.key, entry.form.release_id, usage.SEND)
    taken.errors += taken.astray
    if entry.seat is not None:
        return _change(entry, taken)
    if taken.errors:
        return refused(entry, taken)
    if entry.record is None:
        posting.begin(entry)
    try:
        record = upward.submit(
            actor=entry.viewer,
            record_id=entry.record_id,
            seen_revision=entry.revision,
            data=taken.data,
            comment=request.form.get("_comment", "").strip()[:4_000],
            now=entry.now,
        )
    except Invalid as error:
        return shown(entry, taken, 422, error.errors)
    except Conflict as error:
        if type(error) is not Conflict:
            raise
        return stale(entry, taken)
    return see_other(url_for("records.detail", record_id=record.id), _sent(entry, record.number))


def _sent(entry: Entry, number: str | None) -> str:
    title = entry.form.title.in_language(entry.viewer.language)
    name = number or title
    if entry.form.has_workflow:
        return str(_("%(name)s is sent.", name=name))
    return str(_("%(name)s is saved.", name=name))


def _change(entry: Entry, taken: Submission) -> BaseResponse:
    """Change an approved register entry as a whole, or a record at a step."""
    if taken.errors:
        return refused(entry, taken)
    if entry.seat is None:
        try:
            upward.submit(
                actor=entry.viewer,
                record_id=entry.record_id,
                seen_revision=entry.revision,
                data=taken.data,
                now=entry.now,
            )
        except Invalid as error:
            return shown(entry, taken, 422, error.errors)
        return see_other(url_for("records.detail", record_id=entry.record_id), _("Saved."))
    try:
        changed = upward.edit_at_seat(
            actor=entry.viewer,
            seat=entry.seat,
            seen_revision=entry.revision,
            data=taken.data,
            now=entry.now,
        )
    except Invalid as error:
        return shown(entry, taken, 422, error.errors)
    except Conflict as error:
        if type(error) is not Conflict:
            raise
        return stale(entry, taken)
    return see_other(changed.url, changed.told, tone=changed.tone)
