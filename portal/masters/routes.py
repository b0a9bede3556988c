"""The pages of whoever keeps a register: look-alikes, merging, out of use and back."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.ledger_words import LEDGER_TITLES
from portal.definitions.queries import FormInRelease
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.masters import apart, obstacles, queries, services
from portal.records import services as records
from portal.records.models import Record
from portal.records.transitions import APPROVED, RETIRED
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.area import Area
from portal.web.inputs import whole
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

area = Area("masters", __name__)
TEXT = 100


@area.page("/forms/<form_key>/duplicates", access=signed_in)
def duplicates(form_key: str) -> Response:
    """The entries of a register that look like one, and what is missing in it."""
    viewer = current_viewer()
    form = definitions.current_form(form_key)
    if form is None or not queries.keeps(viewer, form):
        raise NotFound()
    found = queries.register(viewer, form)
    return page_or_fragment(
        "masters/duplicates.html",
        form=form,
        title=form.title.in_language(viewer.language),
        found=found,
        against=obstacles.of_entries({one.id for group in found.groups for one in group}),
        apart=apart.told_apart(viewer, form),
        fields=[
            form.form.definition.fields[path].label for path in form.form.definition.duplicates
        ],
    )


@area.action("/forms/<form_key>/duplicates/apart", access=signed_in)
def tell_apart(form_key: str) -> BaseResponse:
    """These entries are different: they are suspected no more."""
    ids = [key for key in request.form.getlist("entry") if key][:50]
    services.tell_apart(actor=current_viewer(), record_ids=ids, now=clock.now())
    back = url_for("masters.duplicates", form_key=form_key)
    return see_other(back, _("Noted: these entries are different."))


@area.action("/forms/<form_key>/duplicates/again", access=signed_in)
def suspect_again(form_key: str) -> BaseResponse:
    """Two entries that were told apart may be one after all: they are looked at anew."""
    ids = [key for key in request.form.getlist("entry") if key][:50]
    services.suspect_again(actor=current_viewer(), record_ids=ids, now=clock.now())
    back = url_for("masters.duplicates", form_key=form_key)
    return see_other(back, _("Taken back: they are compared again."))


def _kept(record_id: str) -> tuple[Record, FormInRelease]:
    """An entry of a register the viewer keeps. Raises NotFound, Forbidden."""
    record = records.get(record_id)
    form = definitions.form_in(record.form, record.project_id)
    if form is None or not form.form.definition.retires:
        raise NotFound()
    if not services.may_keep(current_viewer(), record):
        raise Forbidden(services.MAY_NOT)
    return record, form


@area.page("/records/<record_id>/retire", access=signed_in)
def ask_to_retire(record_id: str) -> Response:
    """What it means to take an entry out of use, and why."""
    return _reason_page(_kept(record_id)[0])


@area.action("/records/<record_id>/retire", access=signed_in)
def retire(record_id: str) -> BaseResponse:
    """Take an entry out of use, with a reason."""
    try:
        services.retire(
            actor=current_viewer(),
            record_id=record_id,
            seen_revision=_seen("version"),
            reason=_reason(),
            now=clock.now(),
        )
    except Invalid as refused:
        return _refused(lambda told: _reason_page(_kept(record_id)[0], told), refused)
    done = _("Out of use. It is offered no more; what named it stays as it is.")
    return see_other(url_for("records.detail", record_id=record_id), done)


@area.page("/records/<record_id>/take-back", access=signed_in)
def ask_to_take_back(record_id: str) -> Response:
    """What it means to take an entry back into use, and why."""
    return _reason_page(_kept(record_id)[0])


@area.action("/records/<record_id>/take-back", access=signed_in)
def take_back(record_id: str) -> BaseResponse:
    """Take an entry back into use; one that was merged stands for itself again."""
    try:
        services.take_back(
            actor=current_viewer(), record_id=record_id, reason=_reason(), now=clock.now()
        )
    except Invalid as refused:
        return _refused(lambda told: _reason_page(_kept(record_id)[0], told), refused)
    return see_other(url_for("records.detail", record_id=record_id), _("In use again."))


@area.page("/records/<record_id>/merge", access=signed_in)
def ask_to_merge(record_id: str) -> Response:
    """Which entry stays; then what the two say and what will move."""
    return _merge_page(record_id, request.args.get("into", ""))


@area.action("/records/<record_id>/merge", access=signed_in)
def merge(record_id: str) -> BaseResponse:
    """Merge an entry into another, with a reason."""
    into_id = request.form.get("into", "")
    try:
        services.merge(
            actor=current_viewer(),
            record_id=record_id,
            into_id=into_id,
            seen_revisions=(_seen("version"), _seen("into_version")),
            reason=_reason(),
            now=clock.now(),
        )
    except Invalid as refused:
        return _refused(lambda told: _merge_page(record_id, into_id, told), refused)
    done = _("Merged. Figures of the two stand under this entry from now on.")
    return see_other(url_for("records.detail", record_id=into_id), done)


def _merge_page(record_id: str, into_id: str, problem: str = "") -> Response:
    viewer = current_viewer()
    record, form = _kept(record_id)
    if not form.form.definition.duplicates:
        raise NotFound()
    if record.state != APPROVED:
        raise Conflict(obstacles.NOT_IN_USE)
    shown: dict[str, Any] = {
        "record": record,
        "form": form,
        "title": form.title.in_language(viewer.language),
        "problem": problem,
        "typed": _reason(),
    }
    status = 422 if problem else 200
    if not into_id:
        text = request.args.get("q", "").strip()[:TEXT]
        return page_or_fragment(
            "masters/merge_into.html",
            against=obstacles.against_leaving(record),
            alike=queries.look_alikes(record, form, viewer),
            text=text,
            named=queries.candidates(record, form, viewer, text) if text else (),
            **shown,
        )
    into = records.get(into_id)
    never = obstacles.against_pairing(record, into)
    if never is None:
        _kept(into_id)
    return page_or_fragment(
        "masters/merge.html",
        status=status,
        into=into,
        never=never,
        against=never or obstacles.against_merging(record, into),
        may_turn=never is None and obstacles.against_merging(into, record) is None,
        lines=queries.beside(record, into, viewer),
        usage=_worded(queries.usage_of(record.id)),
        **shown,
    )


def _reason_page(record: Record, problem: str = "") -> Response:
    viewer = current_viewer()
    usage = _worded(queries.usage_of(record.id))
    goes = record.state == APPROVED
    if not goes and record.state != RETIRED:
        raise NotFound()
    return page_or_fragment(
        "masters/reason.html",
        status=422 if problem else 200,
        record=record,
        goes=goes,
        against=obstacles.against_leaving(record) if goes else None,
        usage=usage,
        problem=problem,
        typed=_reason(),
        title=definitions.form_titles()[record.form].in_language(viewer.language),
    )


def _worded(usage: queries.Usage) -> dict[str, Any]:
    """What hangs on an entry, in the reader's words."""
    titles, language = definitions.form_titles(), current_viewer().language
    return {
        "records": [
            (titles[key].in_language(language) if key in titles else key, count)
            for key, count in usage.records
        ],
        "entries": [(_(LEDGER_TITLES[key]), count) for key, count in usage.entries],
        "record_count": usage.record_count,
        "entry_count": usage.entry_count,
    }


def _refused(page: Any, refused: Invalid) -> Response:
    """The same page with why nothing was changed, and what was typed."""
    db.session.rollback()
    told = refused.errors[0].message if refused.errors else refused.message
    response: Response = page(sentence(told))
    return response


def _seen(name: str) -> int:
    return whole(request.form.get(name, "")) or 0


def _reason() -> str:
    return request.form.get("reason", "")
