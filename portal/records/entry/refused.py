"""What no page of this person would have posted, noted for the audit trail: places, no values."""

from collections.abc import Iterable

from portal.errors import FieldError
from portal.records.entry.entries import Entry
from portal.web import refusals

ACTION = "record.refused"
_MOST = 20  # a page of nonsense is one row of the trail, not a book


def note(entry: Entry, errors: Iterable[FieldError]) -> None:
    """Note fields that do not exist, are withheld, computed or locked."""
    paths = sorted({one.path for one in errors})
    if not paths:
        return
    detail = {"form": entry.form.key, "fields": paths[:_MOST], "count": len(paths)}
    refusals.note(refusals.Refusal(ACTION, "record", entry.record_id, detail))


def note_locked(entry: Entry, errors: Iterable[FieldError]) -> None:
    """Note changes of closed fields; a page that grew stale may hold them in good faith."""
    if not entry.is_stale:
        note(entry, (one for one in errors if one.code == "locked"))
