"""What an evaluation runs on: values, host functions, a step budget, and its outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import (
    ROUND_HALF_UP,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any, Literal, NamedTuple

from portal import limits
from portal.errors import N_, Message
from portal.expressions.errors import BudgetExceeded

DIGITS = 34
CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_UP,
    Emin=-999,
    Emax=DIGITS - 1,
    traps=[InvalidOperation, DivisionByZero, Overflow],
    flags=[],
)
CONTEXT.traps[Clamped] = False
LARGEST_INTEGER = 10**DIGITS

Reason = Literal["division_by_zero", "overflow", "value", "host"]

_REASONS: dict[str, str] = {
    "division_by_zero": N_("Cannot be computed: %(path)s is zero."),
    "overflow": N_("Cannot be computed: the result is too large."),
    "value": N_("Cannot be computed: a value is not of the expected kind."),
    "host": N_("Cannot be computed: %(path)s is not known here."),
}


@dataclass(frozen=True, slots=True)
class NotComputable:
    """Why a result is null although its inputs may be there.

    `path` names the field (or, for a constant or a formula, its source text) that is to blame;
    empty where no single one is.
    """

    reason: Reason
    path: str = ""

    @property
    def message(self) -> Message:
        return Message(_REASONS[self.reason], {"path": self.path})


class Outcome(NamedTuple):
    """A value (None = null, undetermined) and, when it is null for that reason, the problem."""

    value: Any
    problem: NotComputable | None = None


class Budget:
    """Steps still allowed: per evaluation and, over all evaluations of one record, in total.

    One step is one operator or function call, or one row visited; names and constants are free.
    """

    __slots__ = ("_left", "per_evaluation", "per_record", "used")

    def __init__(
        self,
        per_evaluation: int = limits.EXPRESSION_STEPS,
        per_record: int = limits.RECORD_STEPS,
    ) -> None:
        self.per_evaluation = per_evaluation
        self.per_record = per_record
        self.used = 0
        self._left = per_evaluation

    def begin(self, steps: int) -> None:
        """Start an evaluation whose fixed part takes so many steps."""
        self._left = self.per_evaluation
        self.charge(steps)

    def charge(self, steps: int) -> None:
        """Take steps before doing them; raises BudgetExceeded."""
        self._left -= steps
        self.used += steps
        if self._left < 0:
            raise BudgetExceeded(self.per_evaluation)
        if self.used > self.per_record:
            raise BudgetExceeded(self.per_record)


@dataclass(frozen=True, slots=True)
class Environment:
    """The values one evaluation reads.

    Values are Python values: Decimal for decimal, money, quantity and percent (a percentage is
    the number before the sign: 5 for 5 %), int, str, bool, date, datetime, a list of str for
    choices, a list of mappings for a table. A person, department, project or record is its id,
    or a mapping with "id" and the fields that may be read after a dot. Missing means null.
    `host` holds the host functions by name, `today` among them.
    """

    values: Mapping[str, Any]
    row: Mapping[str, Any] | None = None
    parent: Mapping[str, Any] | None = None
    host: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    def for_row(self, row: Mapping[str, Any]) -> "Environment":
        """The same place, seen from a row of one of its tables."""
        return Environment(self.values, row, self.values, self.host, self.budget)


class Run:
    """One evaluation under way: its environment, and the first division by zero it met."""

    __slots__ = ("environment", "problem")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.problem: NotComputable | None = None

    def note(self, reason: Reason, path: str) -> None:
        if self.problem is None:
            self.problem = NotComputable(reason, path)


# A frame is a list: closures read it by position, which is what makes them fast.
VALUES, ROW, PARENT, RUN, FIRST_LOOP = 0, 1, 2, 3, 4
Frame = list[Any]
Closure = Callable[[Frame], Any]


def frame_of(run: Run) -> Frame:
    """The frame an evaluation starts with; loop rows follow from FIRST_LOOP on."""
    env = run.environment
    return [env.values, env.row or {}, env.parent or {}, run, *([None] * limits.ROW_LOOP_DEPTH)]


def as_decimal(value: Any) -> Any:
    """Whole numbers become Decimal, everything else stays."""
    return Decimal(value) if value.__class__ is int else value
