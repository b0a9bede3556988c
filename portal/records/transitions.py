"""Changes of a record's state, and the registry of what must happen with them (postings).

Handlers run in the same transaction; one that raises refuses the change with its reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.web.viewer import Viewer

if TYPE_CHECKING:
    from portal.records.models import Record

DRAFT = "draft"
SUBMITTED = "submitted"
RETURNED = "returned"
APPROVED = "approved"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
VOID = "void"
RETIRED = "retired"
STATES = (DRAFT, SUBMITTED, RETURNED, APPROVED, REJECTED, WITHDRAWN, VOID, RETIRED)
EDITABLE = frozenset({DRAFT, RETURNED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of one record's state; `seq` numbers the changes of that record.

    `comment` is what the person who caused it wrote beside it; `left` what handlers leave to those
    behind them.
    """

    record: "Record"
    before: str
    after: str
    seq: int
    actor: Viewer
    now: datetime
    comment: str = ""
    left: dict[str, Any] = field(default_factory=dict, compare=False)


Handler = Callable[[Transition], None]
Together = Callable[[Sequence[Transition]], None]
_handlers: dict[Handler, Together | None] = {}


def register_handler(handler: Handler, together: Together | None = None) -> None:
    """Let a higher room act on every change of state. Called once, from portal.wiring.

    `together`: the same for many changes at once, where one after the other would take too long.
    """
    _handlers.setdefault(handler, together)


def handle_together(moved: Sequence[Transition]) -> None:
    """What must happen with changes that were made together, in the order of the handlers."""
    for handler, together in _handlers.items():
        if together is not None:
            together(moved)
            continue
        for transition in moved:
            handler(transition)


def set_state(
    *, record: "Record", state: str, actor: Viewer, now: datetime, comment: str = ""
) -> Transition:
    """Move a record to a state; only the engine's effects and register saves call this.

    A move to the same state is a real transition: an approved register entry revised.
    """
    seq = record.transition_seq + 1
    transition = Transition(record, record.state, state, seq, actor, now, comment)
    record.state = state
    record.transition_seq = transition.seq
    record.updated_at = now
    if state in {APPROVED, REJECTED}:
        record.decided_at = now
    for handler in _handlers:
        handler(transition)
    return transition
