"""The page of a form once more, with everything typed in it and what stands in the way."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash

from portal.errors import FieldError
from portal.forms.controls import Submission
from portal.forms.evaluation import merge_errors
from portal.records import services
from portal.records.entry import conflicts, posting
from portal.records.entry.entries import Entry
from portal.records.entry.looking import sentences
from portal.records.entry.outdated import Carried
from portal.records.routes.entry_page import entry_page, outdated_answer, stale_answer
from portal.web.answers import wants_fragment


def refused(entry: Entry, taken: Submission) -> Response:
    """Some of it could not even be read: everything wrong is said at once.

    Judged as for sending, shown as a draft: rows in which nothing could be read stay.
    """
    errors = merge_errors(taken, posting.judged(entry, taken))
    outcome = entry.evaluated(taken.data)
    return entry_page(entry, outcome, status=422, errors=errors, raw=taken.raw)


def shown(
    entry: Entry,
    taken: Submission,
    status: int = 200,
    errors: Sequence[FieldError] = (),
) -> Response:
    """The page again with everything typed and what is wrong with it."""
    outcome = entry.evaluated(taken.data)
    speak = posting.to_speak_of(entry, outcome, taken)
    found = [*taken.errors, *errors] if errors else speak
    return entry_page(entry, outcome, status=status, errors=found, raw=taken.raw)


def stale(entry: Entry, taken: Submission) -> Response:
    """It was saved elsewhere: both values, field by field, and the choice what to do."""
    if wants_fragment():
        return stale_answer()
    record = services.get(entry.record_id)
    changes: Sequence[Mapping[str, Any]] = conflicts.differences(entry, record.data, taken.data)
    outcome = entry.evaluated(taken.data)
    return entry_page(
        entry,
        outcome,
        status=409,
        errors=taken.errors,
        raw=taken.raw,
        revision=record.revision,
        changes=changes,
        saved_at=record.updated_at,
    )


def outdated(entry: Entry, older: Carried) -> Response:
    """The form as it is now with all that was typed into a page of an earlier release."""
    if wants_fragment():
        return outdated_answer()
    taken, record = older.taken, entry.record
    is_stale = record is not None and entry.is_stale
    return entry_page(
        entry,
        entry.evaluated(taken.data),
        status=409,
        errors=taken.errors,
        raw=taken.raw,
        revision=record.revision if record is not None else 0,
        changes=conflicts.differences(entry, entry.data, taken.data) if is_stale else (),
        saved_at=record.updated_at if record is not None and is_stale else None,
        lost=older.lost,
    )


def say_left_out(entry: Entry, taken: Submission) -> None:
    """Say with the next page what was typed for rows that are no longer there."""
    for text in sentences(taken.left_out, entry.viewer.language).values():
        flash(text, "warning")
