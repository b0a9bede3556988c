"""The closures of arithmetic: null as soon as one side is, exact in the decimal context."""

from datetime import timedelta
from decimal import Overflow
from typing import Any

from portal.expressions.running import CONTEXT, LARGEST_INTEGER, RUN, Closure, Frame


def adding(left: Closure, right: Closure) -> Closure:
    def run(frame: Frame) -> Any:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else a + b

    return run


def subtracting(left: Closure, right: Closure) -> Closure:
    def run(frame: Frame) -> Any:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else a - b

    return run


def multiplying(left: Closure, right: Closure) -> Closure:
    def run(frame: Frame) -> Any:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else a * b

    return run


def dividing(left: Closure, right: Closure, blamed: str) -> Closure:
    def run(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if a is None or b is None:
            return None
        if not b:
            frame[RUN].note("division_by_zero", blamed)
            return None
        return CONTEXT.divide(a, b)

    return run


def shifting(left: Closure, right: Closure, sign: int) -> Closure:
    def run(frame: Frame) -> Any:
        day, days = left(frame), right(frame)
        return None if day is None or days is None else day + timedelta(days=sign * days)

    return run


def days(left: Closure, right: Closure) -> Closure:
    def run(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        return None if a is None or b is None else (a - b).days

    return run


def whole(inner: Closure) -> Closure:
    """A product of whole numbers, kept within the digits a Decimal would have."""

    def run(frame: Frame) -> Any:
        value = inner(frame)
        if value is not None and not -LARGEST_INTEGER < value < LARGEST_INTEGER:
            raise Overflow
        return value

    return run
