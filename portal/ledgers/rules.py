"""Posting rules as written: which state of a form's record posts what to which ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PostingRule:
    """One rule: entering state `on`, post a line (per row of `foreach`) if `when` holds.

    `set` maps ledger columns to a constant or the source of an expression. Leaving the state
    reverses what was posted, unless `on_leave` says otherwise.
    """

    id: str
    ledger: str
    on: str
    set: Mapping[str, str]
    foreach: str | None = None
    when: str | None = None
    on_leave: str = "reverse"


@dataclass(frozen=True, slots=True)
class PostingRules:
    """All posting rules of one form in one release, in the order written."""

    form: str
    rules: tuple[PostingRule, ...]

    def on(self, state: str) -> tuple[PostingRule, ...]:
        """The rules that post when a record enters this state."""
        return tuple(rule for rule in self.rules if rule.on == state)

    def named(self, rule_id: str) -> PostingRule | None:
        """The rule of this id, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    @property
    def states(self) -> frozenset[str]:
        """States that post anything."""
        return frozenset(rule.on for rule in self.rules)


def read_rules(raw: Mapping[str, Any]) -> PostingRules:
    """The rules of one postings file, whose shape its meta-schema has already judged."""
    return PostingRules(str(raw["form"]), tuple(_rule(one) for one in raw["rules"]))


def joined(form: str, files: Iterable[Mapping[str, Any]]) -> PostingRules:
    """The rules of a form from all postings files of its release."""
    mine = (read_rules(raw) for raw in files if raw.get("form") == form)
    return PostingRules(form, tuple(rule for rules in mine for rule in rules.rules))


def _rule(raw: Mapping[str, Any]) -> PostingRule:
    return PostingRule(
        id=str(raw["id"]),
        ledger=str(raw["ledger"]),
        on=str(raw["on"]),
        set={str(column): _source(value) for column, value in raw["set"].items()},
        foreach=raw.get("foreach"),
        when=raw.get("when"),
        on_leave=str(raw.get("on_leave", "reverse")),
    )


def _source(value: Any) -> str:
    """A constant may be written as JSON: true, 5."""
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value)
