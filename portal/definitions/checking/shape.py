"""The meta-schema's verdict in our own words, with suggestions for misspelt members."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any

from portal import limits
from portal.definitions.checking.findings import CORRECT_IT, Notes
from portal.definitions.json_source import Path
from portal.definitions.metaschema import is_sound, validator
from portal.errors import N_
from portal.forms.judges import SchemaError
from portal.forms.schema import make_judge

if TYPE_CHECKING:
    from jsonschema import ValidationError

_MOST_FINDINGS = 100
_MOST_NAMED = 20  # unknown members of one object
_SHOWN = 60
_NESTED = 2  # the record, its rows, and one level that must not be there

_TYPES = {
    "object": N_("an object {…}"),
    "array": N_("a list […]"),
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "boolean": N_("true or false"),
}


def check_shape(kind: str, raw: Any, notes: Notes) -> None:
    """Judge a file's shape; at most 100 findings, and no work on forms too large to be meant."""
    if kind == "form" and _too_many_fields(raw, notes):
        return
    if not is_sound(kind, raw):
        seen: set[tuple[Path, str, str]] = set()
        for error in islice(validator(kind).iter_errors(raw), _MOST_FINDINGS):
            _note(error, notes, seen)
    if kind == "form" and not notes.has_errors:
        _check_patterns(raw, notes)


def _too_many_fields(raw: Any, notes: Notes) -> bool:
    data = raw.get("data") if isinstance(raw, dict) else None
    count = sum(1 for _ in _fields(data, 0))
    if count > limits.FORM_FIELDS:
        notes.add(
            ("data",),
            N_("The form has %(count)s fields; %(most)s are allowed."),
            N_("Split it into several forms."),
            count=count,
            most=limits.FORM_FIELDS,
        )
    return count > limits.FORM_FIELDS


def _fields(schema: Any, depth: int) -> Iterator[tuple[Path, Any]]:
    """(path below `data`, node) of every field, whatever else may be wrong."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or depth > _NESTED:
        return
    for key, node in properties.items():
        yield ("properties", key), node
        items = node.get("items") if isinstance(node, dict) else None
        for path, inner in _fields(items, depth + 1):
            yield ("properties", key, "items", *path), inner


def _note(error: "ValidationError", notes: Notes, seen: set[tuple[Path, str, str]]) -> None:
    path: Path = tuple(error.absolute_path)
    keyword = str(error.validator)
    if "propertyNames" in error.absolute_schema_path:
        path, keyword = (*path, str(error.instance)), "propertyNames"
    for more, message, remedy, args in _sentences(error, keyword):
        place = (*path, more) if more else path
        at_key = bool(more) or keyword == "propertyNames"
        mark = (place, message, str(args.get("key", "")))
        if mark not in seen:
            seen.add(mark)
            notes.add(place, message, remedy, at_key=at_key, args=args)


Sentence = tuple[str, str, str, dict[str, Any]]


def _sentences(error: "ValidationError", keyword: str) -> Iterator[Sentence]:
    """(member the finding stands at, message, remedy, args) of one error of the validator."""
    schema: Any = error.schema
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if keyword == "additionalProperties" and isinstance(instance, dict):
        yield from _unknown_members(instance, schema)
    elif keyword == "required" and isinstance(instance, dict):
        for key in wanted:
            if key not in instance:
                remedy = schema.get("description") or N_("Add it.")
                yield "", N_("The member “%(key)s” is missing."), remedy, {"key": key}
    elif keyword == "type":
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        kinds = " / ".join(_TYPES.get(name, name) for name in names)
        yield "", N_("This must be %(kind)s."), CORRECT_IT, {"kind": kinds}
    elif keyword in ("enum", "const"):
        yield _unknown_word(instance, wanted if keyword == "enum" else [wanted])
    elif keyword == "propertyNames":
        args = {"key": _short(instance)}
        yield "", N_("“%(key)s” cannot be a name here."), _described(schema), args
    elif keyword == "pattern":
        args = {"value": _short(instance)}
        yield "", N_("“%(value)s” is not written as it must be here."), _described(schema), args
    else:
        yield _bound(error, keyword)


def _unknown_members(instance: dict[str, Any], schema: Mapping[str, Any]) -> Iterator[Sentence]:
    known = list(schema.get("properties", ()))
    unknown = [key for key in instance if key not in known]
    for key in unknown[:_MOST_NAMED]:
        message = N_("Unknown member “%(key)s”.")
        if key == "$ref":
            yield (
                key,
                N_("References are not allowed."),
                N_("Write the field itself."),
                {"key": key},
            )
            continue
        close = get_close_matches(key[:_SHOWN], known, n=1)
        remedy = N_("Did you mean “%(other)s”?") if close else N_("Known here: %(known)s.")
        args = {"key": _short(key), "other": "".join(close), "known": ", ".join(known)}
        yield key, message, remedy, args


def _unknown_word(instance: Any, known: list[Any]) -> Sentence:
    words = [str(word).lower() if isinstance(word, bool) else str(word) for word in known]
    close = get_close_matches(instance[:_SHOWN], words, n=1) if isinstance(instance, str) else []
    remedy = N_("Did you mean “%(other)s”?") if close else N_("Write one of: %(known)s.")
    args = {"value": _short(instance), "other": "".join(close), "known": ", ".join(words)}
    return "", N_("“%(value)s” is not known here."), remedy, args


_BOUNDS = {
    "minLength": N_("This text is too short: at least %(bound)s characters."),
    "maxLength": N_("This text is too long: at most %(bound)s characters."),
    "minItems": N_("This list is too short: at least %(bound)s entries."),
    "maxItems": N_("This list is too long: at most %(bound)s entries."),
    "minProperties": N_("Too few members here: at least %(bound)s."),
    "maxProperties": N_("Too many members here: at most %(bound)s."),
    "minimum": N_("This number is too small: at least %(bound)s."),
    "maximum": N_("This number is too large: at most %(bound)s."),
    "uniqueItems": N_("An entry of this list stands there twice."),
}


def _bound(error: "ValidationError", keyword: str) -> Sentence:
    text = _BOUNDS.get(keyword)
    if text is None:
        return "", N_("This member is not allowed here."), N_("Take it out."), {}
    return "", text, CORRECT_IT, {"bound": error.validator_value}


def _described(schema: Any) -> str:
    described = schema.get("description") if isinstance(schema, Mapping) else None
    return str(described or CORRECT_IT)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _check_patterns(raw: dict[str, Any], notes: Notes) -> None:
    """Patterns written by hand must be such that they are found in linear time."""
    for path, node in _fields(raw.get("data"), 0):
        for more in ((), ("items",)):
            holder = node.get("items", {}) if more else node
            pattern = holder.get("pattern") if isinstance(holder, dict) else None
            if pattern is not None and not _is_linear(pattern):
                notes.add(
                    ("data", *path, *more, "pattern"),
                    N_("This pattern is not accepted."),
                    N_("Use no look-around and no back-references; write [0-9], not \\d."),
                )


def _is_linear(pattern: str) -> bool:
    if "\\d" in pattern or "\\w" in pattern:
        return False
    try:
        make_judge({"type": "string", "pattern": pattern})
    except SchemaError:
        return False
    return True
