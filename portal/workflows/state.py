"""What an approval is now, folded from its events."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.workflows.coding import Coded
from portal.workflows.people import Reason


@dataclass(frozen=True)
class Seat(Coded):
    """One place in a step. `place` is live, vacant (the holder left) or replaced (was vacant)."""

    person: str
    reasons: tuple[Reason, ...]
    vote: str | None = None
    voted_at: str | None = None
    version: int | None = None
    place: str = "live"

    @property
    def is_open(self) -> bool:
        return self.place == "live" and self.vote is None


@dataclass(frozen=True)
class Epoch(Coded):
    """One visit to one step. `void`: a later return or restart made it as if it never was."""

    number: int
    step: str
    seats: tuple[Seat, ...]
    entered_at: str
    outcome: str | None = None
    closed_by: str | None = None
    closed_at: str | None = None
    stalled: str | None = None
    void: bool = False

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    def live_seat(self, person: str) -> Seat | None:
        """The seat this person holds now, voted or not."""
        return next((s for s in self.seats if s.person == person and s.place == "live"), None)


@dataclass(frozen=True)
class Skip(Coded):
    """A step not asked: `why` is `empty` or `condition`, `block` is what decided it."""

    step: str
    why: str
    block: str


@dataclass(frozen=True)
class Hold(Coded):
    """The block at which the approval waits for an administrator without an open step."""

    block: str
    why: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class State(Coded):
    """The whole approval. `version` is the record version every decision must have seen.

    `unsent`: protected values are no longer those the requester sent.
    """

    requester: str
    version: int
    epochs: tuple[Epoch, ...] = ()
    skips: tuple[Skip, ...] = ()
    copies: tuple[str, ...] = ()
    hold: Hold | None = None
    with_requester: bool = False
    requester_left: bool = False
    returns: int = 0
    outcome: str | None = None
    unsent: bool = False

    @property
    def status(self) -> str:
        """The approval's own state: open, stuck, returned or ended."""
        if self.outcome is not None:
            return "ended"
        if self.with_requester:
            return "stuck" if self.requester_left else "returned"
        if self.hold is not None or any(e.stalled for e in self.open_epochs()):
            return "stuck"
        return "open"

    @property
    def record_state(self) -> str:
        """The record's state: submitted, returned, approved, rejected or withdrawn."""
        if self.outcome is not None:
            return self.outcome
        return "returned" if self.with_requester else "submitted"

    @property
    def next_epoch(self) -> int:
        return len(self.epochs) + 1

    def open_epochs(self) -> Iterator[Epoch]:
        return (epoch for epoch in self.epochs if epoch.is_open)

    def standing_epochs(self) -> Iterator[Epoch]:
        """The visits that count: not made void by a later return or restart."""
        return (epoch for epoch in self.epochs if not epoch.void)

    def epoch(self, number: int) -> Epoch | None:
        return self.epochs[number - 1] if 1 <= number <= len(self.epochs) else None

    def open_seats(self) -> Iterator[tuple[Epoch, Seat]]:
        """Every seat whose holder can decide now."""
        for epoch in self.open_epochs():
            for seat in epoch.seats:
                if seat.is_open:
                    yield epoch, seat
