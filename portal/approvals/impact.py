"""What a decision moves: figures before and after, from whoever keeps ledgers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.records.models import Record
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


Mover = Callable[[Record, Viewer], Sequence[Move]]
_movers: list[Mover] = []


def register_mover(mover: Mover) -> None:
    """Called once, from portal.wiring: ledgers and centers say what an approval would move."""
    if mover not in _movers:
        _movers.append(mover)


def moved_by(record: Record, viewer: Viewer) -> list[Move]:
    """Every figure that approving this record finally would move."""
    return [move for mover in _movers for move in mover(record, viewer)]
