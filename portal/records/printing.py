"""From the page of a record to its printed sheet; the chain comes from a higher room's registry."""

from collections.abc import Callable
from datetime import datetime

from portal.records.views import RecordPage
from portal.web.viewer import Viewer

Printer = Callable[[RecordPage, Viewer, datetime], bytes]
_printer: list[Printer] = []


def register_printer(printer: Printer) -> None:
    """Reports stand above records: they say how a record is printed. Called once, from wiring."""
    _printer[:] = [printer]


def print_record(page: RecordPage, viewer: Viewer, now: datetime) -> bytes:
    """The PDF of a record as this viewer may see it."""
    return _printer[0](page, viewer, now)
