"""What a file of another program says of a plan, before anything is filed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.errors import Message
from portal.progress.filing import RowError, Wanted


@dataclass(frozen=True, slots=True)
class Reported:
    """What a file says of the progress of a task; `remaining` are working days."""

    code: str
    started_on: date | None
    finished_on: date | None
    percent: Decimal | None
    remaining: Decimal | None


@dataclass(slots=True)
class Incoming:
    """Tasks read from a file, and what it says of their progress as of a day. `errors` keep it
    out; `notes` say what is left behind.
    """

    wanted: list[Wanted] = field(default_factory=list)
    progress: list[Reported] = field(default_factory=list)
    as_of: date | None = None
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)

    def wrong(self, row: str, message: Message) -> None:
        self.errors.append(RowError(row, message))

    def note(self, row: str, message: Message) -> None:
        self.notes.append(RowError(row, message))


def first(texts: Sequence[str]) -> str:
    """The first text that is not empty."""
    return next((one for one in texts if one), "")
