"""Changes of a record's state, and the registry of what must happen with them (postings).

Handlers run in the same transaction; one that raises refuses the change with its reason.
"""

from collections.abc import Callable
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
_handlers: list[Handler] = []


def register_handler(handler: Handler) -> None:
    """Let a higher room act on every change of state. Called once, from portal.wiring."""
    if handler not in _handlers:
        _handlers.append(handler)


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
