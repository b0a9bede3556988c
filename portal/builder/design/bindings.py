"""What a column of a ledger is bound to, as a choice: a field, a constant, or a formula; pure."""

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.definitions.ledger_words import WORD_TITLES
from portal.definitions.posting_columns import LEDGERS, Column
from portal.expressions import ExpressionError, Type
from portal.expressions.reading import Source

FIXED, FORMULA = "fixed", "formula"
_YES_NO = ("True", "False")
_CODE_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A field or fact a column may be bound to, as expressions write it, with its label."""

    path: str
    label: str
    group: str
    type: Type


@dataclass(frozen=True, slots=True)
class Binding:
    """What a column is bound to.

    `how` is "" (nothing), "field", "word" (a constant of the column), "fixed" (a text that is
    always the same) or "formula"; `text` is the path, the word, the text or the formula.
    """

    how: str = ""
    text: str = ""

    @property
    def choice(self) -> str:
        """The value of the select that offers it."""
        return f"{self.how}:{self.text}" if self.how in ("field", "word") else self.how


def constants(column: Column) -> tuple[str, ...]:
    """The constants a column offers, as they are written."""
    return column.words or (_YES_NO if column.kinds == ("yes_no",) else ())


def takes_text(column: Column) -> bool:
    """Whether a text of one's own may stand in the column."""
    return "text" in column.kinds and not column.words


def read_binding(column: Column, source: Any, paths: Iterable[str]) -> Binding:
    """What a column is bound to, of what is written for it; None is nothing."""
    if source is None:
        return Binding()
    if not isinstance(source, str):
        return Binding(FORMULA, json.dumps(source, ensure_ascii=False))
    if source in constants(column):
        return Binding("word", source)
    if source in paths:
        return Binding("field", source)
    text = _literal(source) if takes_text(column) else ""
    return Binding(FIXED, text) if text else Binding(FORMULA, source)


def typed_binding(choice: str, text: str) -> Binding:
    """What was chosen; a formula or text may still have to be written."""
    how, _mark, chosen = choice.partition(":")
    if how in ("field", "word"):
        return Binding(how, chosen) if chosen else Binding()
    return Binding(how, text) if how in (FIXED, FORMULA) else Binding()


def write_binding(binding: Binding) -> str | None:
    """What a rule says for it; None for nothing."""
    if binding.how == FIXED and binding.text:
        return _quoted(binding.text)
    return binding.text or None


def fitting(name: str, column: Column, offers: Sequence[Offer]) -> list[Offer]:
    """The fields and facts a column takes."""
    if name == "ccy":
        return _currencies(offers)
    return [one for one in offers if _fits(one.type, column)]


def _fits(kind: Type, column: Column) -> bool:
    if column.words:
        return bool(kind.choices) and set(kind.choices) <= set(column.words)
    return (
        kind.kind in column.kinds
        and (not column.targets or kind.target in column.targets)
        and column.unit in (None, kind.unit)
    )


def _currencies(offers: Sequence[Offer]) -> list[Offer]:
    """What holds the currency of an amount, and nothing that is any other text."""
    held = {one.type.currency for one in offers if one.type.kind == "money"}
    return [
        one
        for one in offers
        if one.path == "project.currency"
        or (one.type.kind in ("text", "choice") and (one.path in held or _are_codes(one.type)))
    ]


def _are_codes(kind: Type) -> bool:
    return bool(kind.choices) and all(
        len(one) == _CODE_LENGTH and one.isascii() and one.isupper() for one in kind.choices
    )


def proposals(
    ledger: str, on: str, offers: Sequence[Offer], amount: str | None
) -> Mapping[str, Binding]:
    """What the required columns of a new rule are bound to where one thing alone suggests itself.

    `amount` is the field that holds the amount of the form's records.
    """
    found: dict[str, Binding] = {}
    for name, column in LEDGERS[ledger].items():
        fits = fitting(name, column, offers)
        if column.required and name in ("effective_on", "as_of"):
            found[name] = Binding("field", f"record.{on}_on")
        elif column.required and name == "ccy":
            found[name] = Binding("field", "project.currency")
        elif column.required and fits:
            rows = [one for one in fits if one.path.startswith("row.")]
            near = rows or [one for one in fits if "." not in one.path]
            meant = [one for one in near if one.path == amount] if len(near) > 1 else near
            if len(meant) == 1:
                found[name] = Binding("field", meant[0].path)
    if "signed" in LEDGERS[ledger]:
        found["signed"] = Binding("word", str(on == "approved"))
    return found


def word_title(name: str, word: str) -> str:
    """What people call a constant, to be translated."""
    return WORD_TITLES.get(name, {}).get(word, word)


def _literal(source: str) -> str:
    """The text a source writes and nothing else, in the form this module writes it."""
    try:
        node = Source(source).tree
    except ExpressionError:
        return ""
    text = node.value if isinstance(node, ast.Constant) else None
    return text if isinstance(text, str) and _quoted(text) == source else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
