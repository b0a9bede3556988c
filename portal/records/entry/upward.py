"""What filling in a form reaches upward for: sending, editing at a step, the chain to expect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from portal.records.models import Record
from portal.records.transitions import RETURNED
from portal.web.viewer import Viewer

Steps = Sequence[Mapping[str, Any]]


class Submitter(Protocol):
    """Files a draft; raises Invalid with the fields at fault, Conflict when it changed."""

    def __call__(
        self,
        *,
        actor: Viewer,
        record_id: str,
        seen_revision: int,
        data: Mapping[str, Any] | None = None,
        comment: str = "",
        now: datetime,
    ) -> Record:
        """The filed record."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A step at which somebody may change fields: its visit, what it asks for, its own page."""

    task_id: str
    record_id: str
    step: str
    epoch: int
    title: str
    required: frozenset[str]
    back_url: str


class SeatFinder(Protocol):
    """The viewer's open seat; raises NotFound."""

    def __call__(self, viewer: Viewer, task_id: str) -> Seat:
        """The seat."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change at a step led to: where its author goes on, and what they are told."""

    url: str
    told: str
    tone: str = "success"


class SeatEditor(Protocol):
    """Changes a record at a step; raises Invalid, Conflict, Forbidden."""

    def __call__(
        self,
        *,
        actor: Viewer,
        seat: Seat,
        seen_revision: int,
        data: Mapping[str, Any],
        now: datetime,
    ) -> Changed:
        """Where to go on."""


class ChainPreview(Protocol):
    """The steps a record would take if it were sent now, as components/chain.html shows them."""

    def __call__(
        self, record: Record, viewer: Viewer, now: datetime
    ) -> Sequence[Mapping[str, Any]]:
        """The steps."""


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a record came back: who sent it back and when, in a sentence, and what they wrote."""

    sentence: str
    comment: str


class ReturnTeller(Protocol):
    """Says why a returned record came back, to somebody who may change it."""

    def __call__(self, record: Record, viewer: Viewer) -> Returned | None:
        """The last return, if any."""


_submitter: list[Submitter] = []
_seats: list[tuple[SeatFinder, SeatEditor]] = []
_preview: list[ChainPreview] = []
_returns: list[ReturnTeller] = []


def register_submitter(submitter: Submitter) -> None:
    """Say how a record is filed. Called once, from portal.wiring."""
    _submitter[:] = [submitter]


def register_seats(find: SeatFinder, edit: SeatEditor) -> None:
    """Say how a record is edited at a step. Called once, from portal.wiring."""
    _seats[:] = [(find, edit)]


def register_chain_preview(preview: ChainPreview) -> None:
    """Say which chain a record would take. Called once, from portal.wiring."""
    _preview[:] = [preview]


def register_return_teller(teller: ReturnTeller) -> None:
    """Say why records come back. Called once, from portal.wiring."""
    _returns[:] = [teller]


def returned(record: Record, viewer: Viewer) -> Returned | None:
    """Why a record came back; None where it did not."""
    return _returns[0](record, viewer) if _returns and record.state == RETURNED else None


def submit(**given: Any) -> Record:
    """File a draft or a returned record; see Submitter."""
    return _submitter[0](**given)


def find_seat(viewer: Viewer, task_id: str) -> Seat:
    """The viewer's open seat. Raises NotFound."""
    return _seats[0][0](viewer, task_id)


def edit_at_seat(**given: Any) -> Changed:
    """Change a record at a step; see SeatEditor."""
    return _seats[0][1](**given)


def expected_chain(record: Record, viewer: Viewer, now: datetime) -> Steps:
    """The steps to expect; none where nobody registered."""
    return _preview[0](record, viewer, now) if _preview else ()
