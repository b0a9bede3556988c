"""What a decision moves: figures before and after, from whoever keeps ledgers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.records.models import Record
from portal.records.transitions import APPROVED
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Move:
    """One figure this decision moves: its name, before and after, its unit or currency."""

    label: str
    before: Decimal
    after: Decimal
    unit: str = ""
    url: str = ""
    warns: bool = False


Mover = Callable[[Record, Viewer, str], Sequence[Move]]
_movers: list[Mover] = []


def register_mover(mover: Mover) -> None:
    """Called once, from portal.wiring: ledgers and centers say what a change of state moves."""
    if mover not in _movers:
        _movers.append(mover)


def moved_by(record: Record, viewer: Viewer, after: str = APPROVED) -> list[Move]:
    """Every figure this record would move by coming into a state; approved at last, if not told."""
    return [move for mover in _movers for move in mover(record, viewer, after)]
