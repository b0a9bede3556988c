"""The page of a form and the small answers that keep it up to date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from portal import limits
from portal.errors import FieldError
from portal.forms.outcome import Outcome
from portal.forms.rendering.page import error_links, sections_of
from portal.records.entry import upward
from portal.records.entry.entries import Entry
from portal.records.entry.frozen import frozen_page
from portal.records.entry.looking import look_at
from portal.records.models import Record
from portal.usage import counting as usage
from portal.web.answers import page_or_fragment
from portal.web.filters import moment
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


def entry_page(
    entry: Entry,
    outcome: Outcome,
    *,
    status: int = 200,
    errors: Sequence[FieldError] = (),
    raw: Mapping[str, list[str]] | None = None,
    sought: tuple[str, str] | None = None,
    revision: int | None = None,
    changes: Sequence[Mapping[str, Any]] = (),
    saved_at: datetime | None = None,
    source: Record | None = None,
    lost: Sequence[Mapping[str, str]] | None = None,
) -> Response:
    """The whole form. `revision` is what the next save is based on, unless the one it has seen.

    `source` is the record it was copied from; `lost` what was typed into a page of an earlier
    release and has no place in the form any more.
    """
    if request.method == "GET":
        usage.mark(entry.form.key, entry.form.release_id, usage.OPEN)
    look = look_at(entry, outcome, errors=errors, raw=raw, sought=sought)
    response = page_or_fragment(
        "records/edit.html",
        status=status,
        entry=entry,
        title=entry.form.title.in_language(entry.viewer.language),
        sections=sections_of(look),
        problems=_leading_on(error_links(look), errors),
        revision=entry.revision if revision is None else revision,
        chain=chain_of(entry, outcome),
        has_chain=entry.form.has_workflow and entry.seat is None,
        changes=changes,
        saved_at=saved_at,
        source=source,
        lost=lost,
        frozen=frozen_page(entry),
        returned=upward.returned(entry.record, entry.viewer) if entry.record else None,
        kept=status < 400,
        save_text=_save_text(entry, kept=status < 400),
        upload_bytes=limits.UPLOAD_BYTES,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _leading_on(
    problems: list[dict[str, Any]], errors: Sequence[FieldError]
) -> list[dict[str, Any]]:
    """The problems, with the page of the record to look at where one leads on."""
    pages = {one.path: url_for("records.detail", record_id=one.see) for one in errors if one.see}
    return [{**one, "see": pages.get(one["path"])} for one in problems]


def chain_of(entry: Entry, outcome: Outcome) -> Sequence[Mapping[str, Any]]:
    """Who would be asked if it were sent as it stands."""
    if not entry.form.has_workflow or entry.seat is not None:
        return ()
    record = entry.as_record(entry.data, outcome)
    return upward.expected_chain(record, entry.viewer, entry.now)


def _save_text(entry: Entry, *, kept: bool) -> tuple[str, str, str]:
    """(words, tone, icon) of the state of saving; a refused page is not kept."""
    if not entry.keeps:
        return _("Changes take effect when you save."), "grey", "edit"
    if entry.record is None or not kept:
        return _("Not saved yet"), "grey", "cloud-off"
    return saved_words(entry.record), "green", "cloud-check"


def saved_words(record: Record) -> str:
    """When a draft was saved, in the reader's zone."""
    return str(_("Saved %(when)s", when=clock_time(record.updated_at)))


def clock_time(at: datetime) -> str:
    """The time of day of a recent instant, else day and time."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from portal import clock

    if clock.now() - at < timedelta(hours=12):
        return at.astimezone(ZoneInfo(current_viewer().zone)).strftime("%H:%M")
    return moment(at)


def saved_answer(record: Record, *, partly: bool) -> Response:
    """After an autosave: the state of saving and the revision the next one is based on."""
    words = saved_words(record)
    if partly:
        words = _("%(saved)s, except the marked fields", saved=words)
    tone, icon = ("amber", "alert-triangle") if partly else ("green", "cloud-check")
    response = _state_answer(words, tone, icon, record.revision)
    response.headers["HX-Replace-Url"] = url_for("records.edit", record_id=record.id)
    return response


def unsaved_answer() -> Response:
    """After an autosave of a form in which nothing stands: there is no draft to come back to."""
    return _state_answer(_("Not saved yet"), "grey", "cloud-off", 0)


def _state_answer(words: str, tone: str, icon: str, revision: int) -> Response:
    template = "records/answers/saved.html"
    page = render_template(template, words=words, tone=tone, icon=icon, revision=revision)
    return _numbered(make_response(page))


def stale_answer() -> Response:
    """After an autosave over a newer revision: nothing is overwritten, and the page says so."""
    return _numbered(make_response(render_template("records/answers/stale.html"), 409))


def outdated_answer() -> Response:
    """The page was made from an earlier release: it says so, and leads to the form as it is now."""
    return _numbered(make_response(render_template("records/answers/outdated.html"), 409))


def _numbered(response: Response) -> Response:
    """The page's own number of the request goes back, so that it can drop an older answer."""
    number = request.form.get("_n", "")[:12]
    response.headers["X-Page-Number"] = number if number.isascii() and number.isdigit() else ""
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


numbered = _numbered
