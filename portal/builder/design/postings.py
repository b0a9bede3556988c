"""A file of posting rules read rule by rule, sound or not; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.json_source import SourceError, read_source
from portal.definitions.posting_columns import LEDGERS


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written, the one numbered `at`; what is missing or no text is empty."""

    at: int
    id: str
    ledger: str
    on: str
    table: str
    when: str
    columns: Mapping[str, Any]
    written: str

    @property
    def is_known(self) -> bool:
        """Whether it can be shown column by column."""
        return self.ledger in LEDGERS

    @property
    def anchor(self) -> str:
        """Its place on the page of all rules."""
        return f"rule-{self.at}"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of a file in order, and the form they are for."""

    text: str
    form: str
    rules: tuple[Rule, ...]
    is_whole: bool


def read_rules(text: str) -> RuleFile | None:
    """The rules of a text; None where it is no JSON object. Never raises for content."""
    try:
        source = read_source(text)
    except SourceError:
        return None
    raw = source.value
    if not isinstance(raw, dict):
        return None
    listed = raw.get("rules")
    rules = []
    for at, one in enumerate(listed if isinstance(listed, list) else ()):
        start, end = source.span(("rules", at))
        rules.append(_rule(at, one if isinstance(one, dict) else {}, text[start:end]))
    return RuleFile(text, _text(raw.get("form")), tuple(rules), isinstance(listed, list))


def _rule(at: int, raw: Mapping[str, Any], written: str) -> Rule:
    columns = raw.get("set")
    return Rule(
        at=at,
        id=_text(raw.get("id")),
        ledger=_text(raw.get("ledger")),
        on=_text(raw.get("on")),
        table=_text(raw.get("foreach")),
        when=_text(raw.get("when")),
        columns=columns if isinstance(columns, dict) else {},
        written=written,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
