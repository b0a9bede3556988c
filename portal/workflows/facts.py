"""What the engine asks the shell, and the answers; every answer used is stored in an event."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.workflows.coding import Coded
from portal.workflows.people import Candidate, PeopleRule


@dataclass(frozen=True)
class AskPeople:
    """Which active people does the rule of this block find? Answer: `tuple[Candidate, ...]`.

    `purpose` is `who` (the block's own rule) or `empty` (the rule the empty policy goes to).
    """

    block: str
    rule: PeopleRule
    purpose: str = "who"


@dataclass(frozen=True)
class AskTruth:
    """Is the condition true for the record? Answer: `Truth`. `index` counts the block's cases."""

    block: str
    index: int
    expression: str


@dataclass(frozen=True)
class AskActive:
    """Is this person active (may sign in)? Answer: `bool`."""

    person: str


Query = AskPeople | AskTruth | AskActive


@dataclass(frozen=True)
class Truth(Coded):
    """The value of a condition (`None`: cannot be determined) and the values it was found from.

    `unknown` names the fields whose missing value makes it undeterminable.
    """

    value: bool | None
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


Answer = tuple[Candidate, ...] | Truth | bool


@dataclass(frozen=True)
class Facts:
    """Everything not deterministic that a command needs.

    `at` is the moment (ISO 8601, UTC). `protected` are the paths of `protected_fields`; `reads`
    of `fields_read_by_block`. `answers` grows until `needs` asks nothing more.
    """

    at: str
    protected: frozenset[str] = frozenset()
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[Query, Answer] = field(default_factory=dict)

    def answered(self, query: Query, answer: Answer) -> "Facts":
        """These facts with one more answer."""
        return replace(self, answers={**self.answers, query: answer})


class MissingFact(LookupError):
    """`decide` was called before every query of `needs` had an answer."""

    def __init__(self, query: Query) -> None:
        self.query = query
        super().__init__(f"no answer to {query}")
