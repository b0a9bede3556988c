"""A value of another type than the one needed, or a word nobody knows here: how to write it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from portal.definitions.checking.said import DID_YOU_MEAN, SHOWN, Said, short
from portal.definitions.json_source import Path
from portal.errors import N_

if TYPE_CHECKING:
    from jsonschema import ValidationError

_TYPES = {
    "object": N_("an object {…}"),
    "array": N_("a list […]"),
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "boolean": N_("true or false"),
}


def wrong_type(path: Path, error: "ValidationError") -> Said:
    schema: Any = error.schema
    instance: Any = error.instance
    wanted: Any = error.validator_value
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    text, args = N_("This must be %(kind)s."), {"kind": " / ".join(_TYPES[one] for one in names)}
    if "en" in schema.get("properties", ()):
        text, args = N_("This must be a text."), {}
        return Said(path, text, N_('Write a text, or one per language: {"en": …, "zh": …}.'))
    members = schema.get("required") or schema.get("else", schema).get("properties", ())
    words = schema.get("then", {}).get("enum", ())
    args |= {"example": _example(instance), "known": ", ".join(members), "words": ", ".join(words)}
    if words and members:
        return Said(path, text, N_("Write one of %(words)s, or {…} with %(known)s."), args)
    if names[0] == "object" and members:
        return Said(path, text, N_("Write {…} with %(known)s."), args)
    return Said(path, text, _as_type(names[0], instance), args)


def _as_type(wanted: str, instance: Any) -> str:
    """How to write it as the type that is wanted."""
    if wanted == "string" and isinstance(instance, int):
        return N_("Write it in quotes: “%(example)s”.")
    if wanted == "array" and isinstance(instance, str):
        return N_("Put it in brackets: [“%(example)s”].")
    if wanted == "integer" and isinstance(instance, str) and instance.isdecimal():
        return N_("Write it without quotes: %(example)s.")
    return {
        "object": N_("Write its members in braces: {…}."),
        "array": N_("Write its entries in brackets: […]."),
        "boolean": N_("Write true or false, without quotes."),
        "integer": N_("Write digits only, without quotes."),
    }.get(wanted, N_("Write one text in quotes."))


def _example(instance: Any) -> str:
    if isinstance(instance, bool):
        return "true" if instance else "false"
    return short(instance)


def unknown_word(path: Path, instance: Any, known: Sequence[Any], meant: Mapping[str, str]) -> Said:
    words = [str(word).lower() if isinstance(word, bool) else str(word) for word in known]
    close = get_close_matches(instance[:SHOWN], words, n=1) if isinstance(instance, str) else []
    other = meant.get(str(instance)) or "".join(close)
    remedy = DID_YOU_MEAN if other else N_("Write one of: %(known)s.")
    args = {"value": short(instance), "other": other, "known": ", ".join(words)}
    return Said(path, N_("“%(value)s” is not known here."), remedy, args)
