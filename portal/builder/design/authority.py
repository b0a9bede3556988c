"""Which steps a chain asks for which amounts, without a record at hand; pure.

What no amount decides stays open: its steps are asked under a condition.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.expressions.telling import Number, read_condition
from portal.workflows.blocks import Choose, Step
from portal.workflows.tree import Block, WorkflowDefinition

_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that is asked, and the conditions beside the amount; "" for: in all other cases."""

    step: Step
    only_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A range of amounts for which the same steps are asked.

    `low` and `high` are None where it is open; `with_low` and `with_high` say whether the ends
    belong to it.
    """

    low: Decimal | None
    with_low: bool
    high: Decimal | None
    with_high: bool
    asked: tuple[Asked, ...]

    def step(self, key: str) -> Asked | None:
        """How a step is asked in this band; None where it is not."""
        return next((one for one in self.asked if one.step.id == key), None)


def measures(workflow: WorkflowDefinition) -> list[str]:
    """The amounts that conditions compare with a number, such as `abs(total)`, as written."""
    found = (field for source in _sources(workflow.blocks) for field, _number in _cuts(source))
    return list(dict.fromkeys(found))


def bands(workflow: WorkflowDefinition, measure: str) -> tuple[Band, ...]:
    """The ranges of an amount, cut where a condition changes; one open range without any."""
    numbers = sorted(
        {
            number
            for source in _sources(workflow.blocks)
            for field, number in _cuts(source)
            if field == measure
        }
    )
    if measure.startswith("abs("):
        numbers = [one for one in numbers if one >= 0]
    found: list[Band] = []
    for low, high, value in _ranges(numbers):
        asked = tuple(_asked(workflow.blocks, measure, value, ()))
        closed = low is not None and low == high
        if found and found[-1].asked == asked:
            last = found.pop()
            found.append(Band(last.low, last.with_low, high, closed, asked))
        else:
            before = bool(found) and not found[-1].with_high
            found.append(Band(low, closed or before, high, closed, asked))
    return tuple(found)


def _ranges(
    numbers: Sequence[Decimal],
) -> Iterator[tuple[Decimal | None, Decimal | None, Decimal]]:
    """Between, at and beyond these numbers: (from, to, an amount within)."""
    if not numbers:
        yield None, None, Decimal(0)
        return
    yield None, numbers[0], numbers[0] - 1
    for at, number in enumerate(numbers):
        yield number, number, number
        if at + 1 < len(numbers):
            yield number, numbers[at + 1], (number + numbers[at + 1]) / 2
    yield numbers[-1], None, numbers[-1] + 1


def _asked(
    blocks: Sequence[Block], measure: str, value: Decimal, under: tuple[str, ...]
) -> Iterator[Asked]:
    for block in blocks:
        if isinstance(block, Step):
            yield Asked(block, under)
        elif isinstance(block, Choose):
            yield from _ways(block, measure, value, under)


def _ways(block: Choose, measure: str, value: Decimal, under: tuple[str, ...]) -> Iterator[Asked]:
    is_open = False
    for case in block.when:
        holds = _holds(read_condition(case.condition), measure, value)
        if holds is False:
            continue
        condition = case.condition if holds is None else ""
        beside = (condition,) if holds is None or is_open else ()
        yield from _asked(case.then, measure, value, (*under, *beside))
        if holds:
            return
        is_open = True
    yield from _asked(block.otherwise, measure, value, (*under, "") if is_open else under)


def _holds(condition: Mapping[str, Any] | None, measure: str, value: Decimal) -> bool | None:
    """Whether a condition holds for this amount alone; None where it asks for more."""
    if condition is None:
        return None
    for word, decisive in (("all", False), ("any", True)):
        if word in condition:
            found = [_holds(one, measure, value) for one in condition[word]]
            return decisive if decisive in found else None if None in found else not decisive
    if "not" in condition:
        inner = _holds(condition["not"], measure, value)
        return None if inner is None else not inner
    number, op = condition.get("value"), _COMPARE.get(str(condition.get("op")))
    if condition.get("field") != measure or op is None or not isinstance(number, Number):
        return None
    return op(value, Decimal(str(number)))


def _cuts(source: str) -> Iterator[tuple[str, Decimal]]:
    """What a condition compares with which number."""
    waiting = [read_condition(source)]
    while waiting:
        one = waiting.pop(0)
        if one is None:
            continue
        waiting += [*one.get("all", ()), *one.get("any", ()), one.get("not")]
        if one.get("op") in _COMPARE and isinstance(one.get("value"), Number):
            yield str(one["field"]), Decimal(str(one["value"]))


def _sources(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Choose):
            yield from (case.condition for case in block.when)
        for branch in block.branches():
            yield from _sources(branch)
