"""The rules projects are judged by, as their definition says them, and what they find. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from portal import paths
from portal.definitions.measures import Measured
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Level = Literal["green", "amber", "red"]
SHIPPED = paths.DEFINITIONS / "project_control" / "project.health.json"
ORDER: Mapping[str, int] = {"red": 0, "amber": 1, "green": 2}


@dataclass(frozen=True, slots=True)
class Act:
    """What an alert offers to do next: open a form with values, its entry, or a page."""

    label: Text
    form: str
    values: Mapping[str, Text]
    opens_row: bool
    page: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds a figure is judged by; a project's own name the record they were approved in.

    None: this color is never reached.
    """

    amber: Decimal | None
    red: Decimal | None
    record_id: str = ""
    number: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.record_id)


Own = Mapping[str, Mapping[str, Limits]]
"""By project, the thresholds of its own by the key of their rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure and the thresholds beyond which it turns a project amber or red."""

    key: str
    title: Text
    figure: str
    above: bool
    amber: Decimal | None
    red: Decimal | None
    acts: tuple[Act, ...]

    @property
    def limits(self) -> Limits:
        """The thresholds of the rule itself."""
        return Limits(self.amber, self.red)

    def level(self, value: Decimal, limits: Limits | None = None) -> Level:
        """The color a value gives, by a project's own limits if it has some; they are within."""
        by = limits or self.limits
        if by.red is not None and self._beyond(value, by.red):
            return "red"
        return "amber" if by.amber is not None and self._beyond(value, by.amber) else "green"

    def _beyond(self, value: Decimal, threshold: Decimal) -> bool:
        return value > threshold if self.above else value < threshold


@dataclass(frozen=True, slots=True)
class Count:
    """A figure that counts records of a form. `older`: a field of days, and how many days."""

    key: str
    label: Text
    meaning: Text
    form: str
    states: tuple[str, ...]
    where: Mapping[str, str]
    older: tuple[str, int] | None

    def last_day(self, today: date) -> date | None:
        """The last day that counts as too old."""
        return None if self.older is None else date.fromordinal(today.toordinal() - self.older[1])


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All counts and rules in force."""

    counts: tuple[Count, ...]
    rules: tuple[Rule, ...]

    @property
    def figures(self) -> frozenset[str]:
        """The keys of the figures the rules look at."""
        return frozenset(one.figure for one in self.rules)

    def rule(self, key: str) -> Rule | None:
        """A rule by key."""
        return next((one for one in self.rules if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of one figure of a project."""

    rule: Rule
    measured: Measured
    level: Level
    limits: Limits

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells findings of one project apart: rule, row, currency."""
        return self.rule.key, self.measured.row, self.measured.currency


def read_rules(raw: Json) -> Rulebook:
    """A sound definition as it works."""
    return Rulebook(
        tuple(_count(one) for one in raw.get("counts", ())),
        tuple(_rule(one) for one in raw["rules"]),
    )


def findings(
    book: Rulebook, measured: Mapping[str, Iterable[Measured]], own: Own | None = None
) -> dict[str, list[Finding]]:
    """What the rules find, by project, the worst first and then in the order of the rules.

    `own` are thresholds of projects that stand in place of those of a rule.
    """
    found: dict[str, list[Finding]] = {}
    for rule in book.rules:
        for one in measured.get(rule.figure, ()):
            limits = (own or {}).get(one.project_id, {}).get(rule.key, rule.limits)
            made = Finding(rule, one, rule.level(one.value, limits), limits)
            found.setdefault(one.project_id, []).append(made)
    for rows in found.values():
        rows.sort(key=lambda one: ORDER[one.level])
    return found


def worst(found: Sequence[Finding]) -> Level | None:
    """The color of a project; None where nothing could be measured."""
    return min((one.level for one in found), key=lambda level: ORDER[level], default=None)


def _count(raw: Json) -> Count:
    older = raw.get("older")
    return Count(
        raw["id"],
        read_text(raw["label"]),
        read_text(raw["meaning"]),
        raw["form"],
        tuple(raw["states"]),
        dict(raw.get("where", {})),
        (older["field"], older["days"] + 1) if older else None,
    )


def _rule(raw: Json) -> Rule:
    amber, red = (Decimal(str(raw[one])) if one in raw else None for one in ("amber", "red"))
    acts = tuple(
        Act(
            read_text(one["label"]),
            one.get("form", ""),
            {key: read_text(text) for key, text in one.get("values", {}).items()},
            bool(one.get("row")),
            one.get("page", ""),
        )
        for one in raw.get("acts", ())
    )
    return Rule(
        raw["id"], read_text(raw["title"]), raw["figure"], raw["is"] == "above", amber, red, acts
    )
