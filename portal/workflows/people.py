"""People rules: who is asked, written as rules; and the people the shell finds for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.workflows.coding import Coded

RULE_KINDS = ("user", "role", "project_role", "dept_head_of", "field")


@dataclass(frozen=True)
class Reason(Coded):
    """Why a person holds a seat: a rule of the definition, a transfer or an administrator's act.

    `rule` is a key of the people rules, or `transfer` (value: who had the seat), or `assigned`
    (value: the administrator); `detail` is whatever the finder can add, such as a department.
    """

    rule: str
    value: str
    detail: str | None = None


@dataclass(frozen=True)
class PeopleRule(Coded):
    """A union of simple rules, each a `Reason` that a found person can be given."""

    parts: tuple[Reason, ...]

    def fields_read(self) -> frozenset[str]:
        """Paths of the form whose value decides who is found."""
        by_department = {"requester", "project"}
        return frozenset(
            part.value
            for part in self.parts
            if part.rule == "field"
            or (part.rule == "dept_head_of" and part.value not in by_department)
        )


@dataclass(frozen=True)
class Candidate(Coded):
    """A person found for a rule, with every part of the rule that found them."""

    person: str
    reasons: tuple[Reason, ...]


def read_people(raw: Any) -> PeopleRule:
    """`{"role": "x"}`, `{"role": ["x", "y"]}` or a list of such objects (union), in order."""
    rules: Sequence[Mapping[str, Any]] = [raw] if isinstance(raw, Mapping) else raw
    return PeopleRule(
        tuple(
            Reason(kind, value)
            for rule in rules
            for kind, values in rule.items()
            for value in ([values] if isinstance(values, str) else values)
        )
    )


def one_per_person(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each person once, in order of first appearance, with the reasons joined."""
    reasons: dict[str, dict[Reason, None]] = {}
    for candidate in found:
        reasons.setdefault(candidate.person, {}).update(dict.fromkeys(candidate.reasons))
    return tuple(Candidate(person, tuple(known)) for person, known in reasons.items())
