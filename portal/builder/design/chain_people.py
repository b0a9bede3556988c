"""Whom a step asks, as lines of (rule, value), and back into the shapes the language has; pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.workflows.people import RULE_KINDS

Line = tuple[str, str]


def read_who(raw: Any) -> tuple[list[Line], list[Any]]:
    """(the lines, what cannot be said as lines and is kept as it is)."""
    lines: list[Line] = []
    kept: list[Any] = []
    for rule in raw if isinstance(raw, list) else [] if raw is None else [raw]:
        found = _lines(rule)
        if found is None:
            kept.append(rule)
        else:
            lines += found
    return lines, kept


def write_who(lines: Iterable[Line], kept: Sequence[Any] = ()) -> Any:
    """The rule for these lines: one object for one kind of rule, a list of them for several."""
    grouped: dict[str, list[str]] = {}
    for rule, value in dict.fromkeys(lines):
        grouped.setdefault(rule, []).append(value)
    rules = [{rule: values if len(values) > 1 else values[0]} for rule, values in grouped.items()]
    return rules[0] if len(rules) == 1 and not kept else [*rules, *kept]


def line_from(text: str) -> Line | None:
    """A line as a page sends it: `project_role:site_manager`; None for anything else."""
    rule, mark, value = text.partition(":")
    return (rule, value) if mark and value and rule in RULE_KINDS else None


def _lines(rule: Any) -> list[Line] | None:
    if not isinstance(rule, dict) or len(rule) != 1:
        return None
    ((kind, value),) = rule.items()
    values = value if isinstance(value, list) else [value]
    if kind not in RULE_KINDS or not values or not all(isinstance(v, str) and v for v in values):
        return None
    return [(kind, one) for one in values]
