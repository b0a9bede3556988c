"""How budgets are controlled, as a sheet says it: which cost codes are held to which budget, over
which time, and what each kind of entry does beyond it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from portal.costs.tree import Node

Action = Literal["stop", "warn"]
Horizon = Literal["whole", "to_period"]
Undated = Literal["project", "whole"]
WHOLE_PROJECT = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a rule judges as one: a code by itself, a code with all below it, or the project.

    `id` is the code's, WHOLE_PROJECT for the project.
    """

    id: str
    codes: frozenset[str]
    is_group: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `available` is the column it looks at, "" the one the project goes by.

    It holds for each cost code by itself; at a `level` of the tree (0: the project, 1: the top
    codes) with all that lies below; or for the codes named. `stages` holds kinds of entries that
    are stopped or warned of; all others are ignored.
    """

    stages: Mapping[str, Action]
    available: str = ""
    level: int | None = None
    codes: tuple[str, ...] = ()
    horizon: Horizon = "whole"

    @property
    def is_plain(self) -> bool:
        """Whether it judges each code by itself."""
        return self.level is None and not self.codes

    def action_for(self, buckets: Collection[str]) -> Action | None:
        """The strictest action these kinds of entries call for."""
        found = {self.stages[one] for one in buckets if one in self.stages}
        return None if not found else "stop" if "stop" in found else "warn"


@dataclass(frozen=True)
class Control:
    """All rules. A project may go by one of `choices` instead of `available`; the role `exception`
    of the company may pass a stop. `undated` says how a budget without a span of months adds up:
    evenly over the project, or whole at once.
    """

    available: str
    stages: Mapping[str, Action]
    exception: str
    choices: tuple[str, ...] = ()
    undated: Undated = "project"
    further: tuple[Rule, ...] = ()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Each code by its whole budget, and the further ones."""
        return (Rule(self.stages), *self.further) if self.stages else self.further

    def stopping(self) -> tuple[Rule, ...]:
        """The rules that stop anything."""
        return tuple(one for one in self.rules if "stop" in one.stages.values())

    def chosen(self, wanted: str) -> str:
        """The column a project goes by: what it chose, if that can be chosen."""
        return wanted if wanted in self.choices else self.available


def read_control(raw: Mapping[str, Any] | None) -> Control | None:
    """A sound control as it works."""
    if raw is None:
        return None
    return Control(
        raw["available"],
        _stages(raw["stages"]),
        raw.get("exception", ""),
        tuple(raw.get("choices", ())),
        raw.get("undated", "project"),
        tuple(map(_rule, raw.get("rules", ()))),
    )


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        _stages(raw["stages"]),
        raw.get("available", ""),
        raw.get("level"),
        tuple(raw.get("codes", ())),
        raw.get("horizon", "whole"),
    )


def _stages(raw: Mapping[str, str]) -> dict[str, Action]:
    return {key: action for key, action in raw.items() if action in ("stop", "warn")}  # type: ignore[misc]


def targets(rule: Rule, nodes: Sequence[Node], touched: Iterable[str]) -> list[Target]:
    """What a rule judges where these cost codes are touched, each once and in a stable order.

    A code that stands above a rule's level is judged with what lies below it: nothing escapes.
    """
    if rule.is_plain:
        return [Target(one, frozenset((one,)), is_group=False) for one in sorted(set(touched))]
    if rule.level == 0:
        every = frozenset(node.code.id for node in nodes) | frozenset(touched)
        return [Target(WHOLE_PROJECT, every, is_group=True)] if every else []
    found: dict[str, Target] = {}
    for code in sorted(set(touched)):
        for node in _judged(rule, [one for one in nodes if code in one.below]):
            found[node.code.id] = Target(node.code.id, frozenset(node.below), node.is_group)
    return [found[key] for key in sorted(found)]


def _judged(rule: Rule, path: Sequence[Node]) -> Sequence[Node]:
    """Of the codes from the top down to a code those a rule is about."""
    if rule.codes:
        return [one for one in path if one.code.code in rule.codes]
    return path[: rule.level][-1:]
