"""Recalculation: what a change leads to, answered in pieces; nothing is written."""

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, request

from portal import clock
from portal.forms.controls import Submission
from portal.forms.evaluation import recompute
from portal.forms.outcome import Outcome
from portal.forms.rendering.fragments import fragments_of
from portal.forms.rendering.reach import EVERYTHING, Reach, reach_of
from portal.records import offering
from portal.records.entry import acts, link_filters, linked_rows, opening, outdated, posting
from portal.records.entry.entries import Entry
from portal.records.entry.looking import look_at, sentences
from portal.records.routes.area import area
from portal.records.routes.entry_page import chain_of, numbered, outdated_answer, stale_answer
from portal.web.access import signed_in
from portal.web.viewer import current_viewer


@area.ask("/records/<record_id>/recalculate", access=signed_in)
def recalculate(record_id: str) -> Response:
    """Totals, computed values, errors, and what rules show, hide or lock now."""
    entry = opening.posted_entry(current_viewer(), record_id, request.form, clock.now(), lock=False)
    if outdated.as_it_was(entry, request.form) is not None:
        return outdated_answer()
    if entry.is_stale and entry.keeps:
        return stale_answer()
    taken = posting.read(entry, request.form)
    shown = posting.shown_rows(entry, taken, request.form)
    act = acts.act_of(request.form)
    if act is not None:
        acts.carry_out(act, entry, taken, request.form.get("_count", 1, type=int) or 1)
    said = posting.said_to_change(entry, request.form)
    changed = None if said is None else said | taken.changed
    reach = EVERYTHING if changed is None else reach_of(entry.compiled, changed)
    judged = EVERYTHING if said is None else reach_of(entry.compiled, said)
    outcome = _outcome(entry, taken.data, changed, reach)
    errors = posting.to_speak_of(entry, outcome, taken, said or ())
    look = look_at(entry, outcome, errors=errors, raw=taken.raw)
    pieces = fragments_of(look, reach, judged, shown, _renewed(entry, reach))
    chain = chain_of(entry, outcome) if _moves_chain(entry, reach) else None
    normal = posting.normalised(entry, taken, request.form, said)
    page = render_template(
        "records/answers/recalculated.html",
        pieces=pieces,
        notes=_line_notes(entry, taken, reach, outcome),
        chain=chain,
        normal=normal,
    )
    return numbered(make_response(page))


def _line_notes(entry: Entry, taken: Submission, reach: Reach, outcome: Outcome) -> dict[str, str]:
    """By table on the page whose lines may be others now: what was left out with the former ones.

    A table that rules hide has no place on the page for it.
    """
    said = sentences(taken.left_out, entry.viewer.language)
    tables = linked_rows.fixed_tables(entry.definition)
    return {
        table: said.get(table, "")
        for table in tables
        if reach.has(table) and outcome.is_visible(table)
    }


def _outcome(entry: Entry, data: Any, changed: set[str] | None, reach: Reach) -> Outcome:
    """Only what the changes reach, over a saved draft; else everything."""
    if changed is None or entry.record is None:
        return entry.evaluated(data)
    return recompute(entry.compiled, data, changed, posting.light_facts(entry, data, reach))


def _renewed(entry: Entry, reach: Reach) -> Sequence[str]:
    """Fields that offer others now: their filter, or the day they offer for, changed."""
    links = [
        link.path
        for link in entry.definition.links
        if any(reach.has(path) for path in link_filters.depends_on(entry.compiled, link.path))
    ]
    dated = [
        one.path
        for one in offering.offering_fields(entry.definition)
        if reach.has(str(one.options["offers"].get("on") or ""))
    ]
    return [*links, *dated]


def _moves_chain(entry: Entry, reach: Reach) -> bool:
    """Whether the chain may be another one; a change inside one row reaches it by the header."""
    if not entry.form.has_workflow or entry.seat is not None:
        return False
    return reach.all or any(reach.has(one.path) for one in entry.definition.header)
