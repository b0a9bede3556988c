"""What happened, in the past tense. The log of these is the truth; state is folded from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.workflows.coding import Coded, Tagged
from portal.workflows.facts import Truth
from portal.workflows.people import Candidate


@dataclass(frozen=True, kw_only=True)
class Event(Tagged):
    """Base of all events: the moment (ISO 8601, UTC) and the person whose command led to it."""

    family: ClassVar[dict[str, type[Tagged]]] = {}
    at: str
    by: str


@dataclass(frozen=True)
class Barred(Coded):
    """A person a rule found and a check kept out: `requester`, or `distinct` with the step."""

    person: str
    why: str
    step: str | None = None


@dataclass(frozen=True)
class Signature(Coded):
    """An approval that was given and then removed by a protected change."""

    person: str
    step: str
    epoch: int


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    kind: ClassVar[str] = "started"
    requester: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Entered(Event):
    """A step is visited: a new epoch with its seats."""

    kind: ClassVar[str] = "entered"
    step: str
    epoch: int
    seats: tuple[Candidate, ...]
    barred: tuple[Barred, ...] = ()
    instead: bool = False  # the people come from the empty policy, the rule found nobody


@dataclass(frozen=True, kw_only=True)
class Skipped(Event):
    """A step was passed without a decision; `why` is `empty`."""

    kind: ClassVar[str] = "skipped"
    step: str
    why: str
    barred: tuple[Barred, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chosen(Event):
    """A condition decided: case number (`None`: else), the values used, steps passed over."""

    kind: ClassVar[str] = "chosen"
    block: str
    case: int | None
    truths: tuple[Truth, ...]
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Held(Event):
    """The approval cannot go past this block; `why`: `unknown` condition or `nobody_approved`."""

    kind: ClassVar[str] = "held"
    block: str
    why: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Copied(Event):
    kind: ClassVar[str] = "copied"
    block: str
    people: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Voted(Event):
    """A decision. What the person saw, and the version the decision binds to.

    `epoch` differs from `seen_epoch` only if the same command changed protected fields and so
    began the step anew; `version` differs from `seen_version` only if it changed the record.
    """

    kind: ClassVar[str] = "voted"
    step: str
    epoch: int
    person: str
    vote: str
    seen_epoch: int
    seen_version: int
    version: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Closed(Event):
    """An epoch is over: approved, rejected, deadlock, returned, restarted, skipped, cancelled."""

    kind: ClassVar[str] = "closed"
    step: str
    epoch: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Returned(Event):
    """Sent back to `to`; the blocks in `cleared` are as if never visited.

    `why` is `asked` (a person returned it), `rejected` or `deadlock` (the step's own rule), or
    `unsent` (the requester's sending stands for a step, and the values are no longer those sent).
    """

    kind: ClassVar[str] = "returned"
    step: str
    to: str
    why: str
    cleared: tuple[str, ...]
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Resubmitted(Event):
    kind: ClassVar[str] = "resubmitted"
    version: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Carried(Event):
    """The record moved to another release of its form; nothing that was protected changed."""

    kind: ClassVar[str] = "carried"
    version: int


@dataclass(frozen=True, kw_only=True)
class Edited(Event):
    """The record was changed at a step: by the person (`paths`) and in consequence (`computed`).

    `protected` are those of both that void approvals; `filled` had no value before.
    """

    kind: ClassVar[str] = "edited"
    step: str
    epoch: int
    paths: tuple[str, ...]
    protected: tuple[str, ...]
    seen_version: int
    version: int
    computed: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Restarted(Event):
    """A protected change: everything in `cleared` is asked again, `removed` no longer counts.

    `unsent`: the protected values are no longer those the requester sent.
    """

    kind: ClassVar[str] = "restarted"
    to: str
    paths: tuple[str, ...]
    cleared: tuple[str, ...]
    removed: tuple[Signature, ...]
    unsent: bool = False


@dataclass(frozen=True, kw_only=True)
class Transferred(Event):
    kind: ClassVar[str] = "transferred"
    step: str
    epoch: int
    person: str
    to: Candidate
    seen_version: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Seated(Event):
    """New seats in an open epoch; they take the place of vacant seats, `fills` many of them.

    `why`: `assigned` by an administrator, `refreshed`, or `empty` (the empty policy's rule).
    """

    kind: ClassVar[str] = "seated"
    step: str
    epoch: int
    why: str
    seats: tuple[Candidate, ...]
    fills: int
    barred: tuple[Barred, ...] = ()
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Vacated(Event):
    """A person became inactive; `epochs` are those in which an open seat of theirs is vacant."""

    kind: ClassVar[str] = "vacated"
    person: str
    epochs: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Stalled(Event):
    """An open step waits for an administrator: `empty`, `deadlock`, `vacant`, `nobody_approved`."""

    kind: ClassVar[str] = "stalled"
    step: str
    epoch: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    """Taken back by the requester, or ended by an administrator (`terminated`)."""

    kind: ClassVar[str] = "withdrawn"
    terminated: bool = False
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Ended(Event):
    """The approval is over: approved, rejected or withdrawn. Nothing acts on it any more."""

    kind: ClassVar[str] = "ended"
    outcome: str
    detail: Mapping[str, Any] = field(default_factory=dict)
