"""A field as it is wanted, and its short form; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.sheets.proposal import Column
from portal.builder.sheets.values import number_of
from portal.builder.starters import key_from
from portal.forms.texts import Text, write_text

Json = dict[str, Any]

_TEXT_MOST = 200
_OPTION = re.compile(r"[a-z0-9][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field as its author wants it, and the column it is made of."""

    column: Column
    kind: str
    key: str
    label: Text
    is_required: bool = False
    has_total: bool = False

    @property
    def scale(self) -> int:
        """Its decimals: as many as its values have; money has two at least."""
        numbers = [number_of(cell) for cell in self.column.cells if cell is not None]
        shown = [one.decimals for one in numbers if one is not None]
        most = min(6, max([self.column.guess.scale, *shown], default=0))
        return max(2, most) if self.kind in ("money", "percent") else most

    @property
    def choices(self) -> dict[str, str]:
        """Stored value → text of every option of a choice."""
        texts = self.column.guess.options or tuple(
            dict.fromkeys(cell.text for cell in self.column.cells if cell is not None)
        )
        found: dict[str, str] = {}
        for number, text in enumerate(texts or ("-",), start=1):
            key = key_from(text)[:40]
            value = key if _OPTION.match(key) and key not in found else f"option_{number}"
            found[value] = text
        return found


def node(one: Wanted, scope: str, currency: str) -> Json:
    """The short form of a field in a form of this scope."""
    field: Json = {"kind": one.kind, "label": write_text(one.label), **_options(one)}
    if one.kind == "money":
        field["currency"] = "project" if scope == "project" else currency
    if one.is_required:
        field["required"] = True
    return {"x-field": field}


def _options(one: Wanted) -> Mapping[str, Any]:
    if one.kind == "text":
        return {"max": _TEXT_MOST}
    if one.kind == "longtext":
        return {"max": 2000}
    if one.kind in ("number", "percent"):
        return {"scale": one.scale}
    if one.kind == "money":
        return {"scale": one.scale} if one.scale > 2 else {}
    if one.kind == "choice":
        return {"options": [{"value": k, "label": _label(text)} for k, text in one.choices.items()]}
    return {}


def _label(text: str) -> Any:
    return text if text.isascii() else {"zh": text}
