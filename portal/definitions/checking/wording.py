"""The meta-schema's verdict in our own words: what is wrong, where, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any

from portal.definitions.checking.bounds import bound
from portal.definitions.checking.findings import CORRECT_IT
from portal.definitions.checking.said import DID_YOU_MEAN, SHOWN, Said, short
from portal.definitions.checking.values import unknown_word, wrong_type
from portal.definitions.json_source import Path
from portal.errors import N_

if TYPE_CHECKING:
    from jsonschema import ValidationError

_MOST_NAMED = 20  # unknown members of one object

MISSING = N_("The member “%(key)s” is missing.")
UNKNOWN = N_("Unknown member “%(key)s”.")
NOT_ALLOWED = N_("This member is not allowed here.")
TAKE_OUT = N_("Take it out.")


def worded(errors: Sequence["ValidationError"]) -> Iterator[Said]:
    """What the validator found; a member that is only misspelt is not missing as well.

    The meta-schema helps: a `description` is advice, `x-one-of` lists members of which one is
    asked for, `x-goes-with` names the member another one belongs to, `x-inside` lists what stands
    one level deeper, `x-meant` what other tools call the words.
    """
    meant: dict[Path, set[str]] = {}
    for error in errors:
        if error.validator == "additionalProperties":
            path = tuple(error.absolute_path)
            meant.setdefault(path, set()).update(_guesses(error).values())
    for error in errors:
        path = tuple(error.absolute_path)
        schema: Any = error.schema
        if error.validator == "not" and schema.get("x-goes-with") in meant.get(path[:-1], ()):
            continue
        yield from _said(error, meant.get(path, set()))


def _said(error: "ValidationError", meant: set[str]) -> Iterator[Said]:
    path: Path = tuple(error.absolute_path)
    keyword, instance = str(error.validator), error.instance
    schema: Any = error.schema
    if "propertyNames" in error.absolute_schema_path:
        args = {"key": short(instance)}
        text = N_("“%(key)s” cannot be a name here.")
        yield Said((*path, str(instance)), text, _described(schema), args, at_key=True)
    elif keyword == "additionalProperties":
        yield from _unknown_members(path, error)
    elif keyword == "required":
        yield from _missing_members(path, error, meant)
    elif keyword == "type":
        yield wrong_type(path, error)
    elif keyword in ("enum", "const"):
        wanted: Any = error.validator_value
        known = wanted if keyword == "enum" else [wanted]
        yield unknown_word(path, instance, known, schema.get("x-meant", {}))
    elif keyword == "pattern":
        text = N_("“%(value)s” is not written as it must be here.")
        yield Said(path, text, _described(schema), {"value": short(instance)})
    elif keyword == "not":
        yield Said(path, NOT_ALLOWED, _described(schema))
    else:
        more, text, remedy, args = bound(error) or ((), NOT_ALLOWED, TAKE_OUT, {})
        yield Said((*path, *more), text, remedy, args)


def _known(error: "ValidationError") -> list[str]:
    """The members the schema of an object knows."""
    schema: Any = error.schema
    return list(schema.get("properties", ()))


def _unknown(error: "ValidationError") -> list[str]:
    """The first members of an object that its schema does not know."""
    instance: Any = error.instance
    known = set(_known(error))
    return list(islice((key for key in instance if key not in known), _MOST_NAMED))


def _guesses(error: "ValidationError") -> dict[str, str]:
    """Unknown member → the known one it was likely meant to be, rather one that is missing."""
    instance: Any = error.instance
    known = _known(error)
    absent = [key for key in known if key not in instance]
    found: dict[str, str] = {}
    for key in _unknown(error):
        for meant in (absent, known):
            close = get_close_matches(key[:SHOWN], meant, n=1)
            if close:
                found.setdefault(key, close[0])
    return found


def _unknown_members(path: Path, error: "ValidationError") -> Iterator[Said]:
    schema: Any = error.schema
    known, guesses = ", ".join(_known(error)), _guesses(error)
    for key in _unknown(error):
        place = (*path, key)
        if key == "$ref":
            text, remedy = N_("References are not allowed."), N_("Write the field itself.")
            yield Said(place, text, remedy, at_key=True)
            continue
        other = guesses.get(key, "")
        remedy = DID_YOU_MEAN if other else N_("Known here: %(known)s.")
        if not other and key in schema.get("x-inside", ()):
            remedy = N_("It stands inside “x-field”.")
        args = {"key": short(key), "other": other, "known": known}
        yield Said(place, UNKNOWN, remedy, args, at_key=True)


def _missing_members(path: Path, error: "ValidationError", meant: set[str]) -> Iterator[Said]:
    """A schema that lists `x-one-of` asks for one of several members."""
    schema: Any = error.schema
    instance: Any = error.instance
    wanted: Any = error.validator_value
    choice = schema.get("x-one-of")
    missing = [key for key in choice or wanted if key not in instance]
    misspelt = {key: _nearest(key, _unknown(error)) for key in missing}
    for key in missing:
        found = misspelt[key]
        if found is not None:
            args = {"key": found, "other": key}
            yield Said((*path, found), UNKNOWN, DID_YOU_MEAN, args, at_key=True)
    if choice:
        if not meant.intersection(choice) and not any(misspelt.values()):
            args = {"known": ", ".join(choice)}
            yield Said(path, str(schema["description"]), N_("Add one of: %(known)s."), args)
        return
    for key in missing:
        if key not in meant and misspelt[key] is None:
            yield _missing_member(path, schema, key)


def _nearest(key: str, known: Sequence[str]) -> str | None:
    close = get_close_matches(key, known, n=1, cutoff=0.7)
    return close[0] if close else None


def _missing_member(path: Path, schema: Any, key: str) -> Said:
    words = schema.get("properties", {}).get(key, {}).get("enum", ())
    remedy = N_("Add it, with one of: %(known)s.") if words else N_("Add it.")
    args = {"key": key, "known": ", ".join(words)}
    return Said(path, MISSING, str(schema.get("description") or remedy), args)


def _described(schema: Any) -> str:
    described = schema.get("description") if isinstance(schema, Mapping) else None
    return str(described or CORRECT_IT)
