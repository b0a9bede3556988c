"""What cannot follow into a clone: lists of records that link to the source, postings that need it.

Everything else stays byte by byte; pure.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from portal.builder.cloning.renaming import fields_of
from portal.builder.splicing import remove
from portal.definitions.checking import Finding
from portal.definitions.json_source import Path, read_source

_LISTS = frozenset(
    {
        "fields",
        "columns",
        "filters",
        "facts",
        "show",
        "require",
        "lock",
        "edit",
        "hide",
        "protected",
    }
)
_EFFECTS = ("show", "require", "lock", "check")
_RULE = re.compile(r"rules\[([0-9]+)\]")
_CASE = re.compile(r"cases\[([0-9]+)\]\.postings")


def lists_of_others(text: str, own: Collection[str]) -> list[str]:
    """The fields of a form that list records of other modules.

    Those link to the source's form, so none would ever link to the clone's.
    """
    return [
        str(place[-1])
        for place, field in fields_of(read_source(text).value)
        if field.get("kind") == "reverse" and field.get("form") not in own
    ]


def without_field(text: str, key: str) -> str:
    """A form's or chain's text without a field of the record and every list that names it."""
    while (found := next(_mentions(read_source(text).value, key), None)) is not None:
        text = _taken_out(text, *found)
    raw = read_source(text).value
    if key in _inside(raw, ("data", "properties")):
        text = remove(text, ("data", "properties", key))
    for name in _inside(raw, ("texts", "zh")):
        if name == key or name.startswith(f"{key}#"):
            text = remove(text, ("texts", "zh", name))
    return text


def without_rules(text: str, numbers: Iterable[int]) -> str:
    """A posting file's text without these rules; empty where none is left."""
    gone = set(numbers)
    if len(gone) >= len(read_source(text).value["rules"]):
        return ""
    for number in sorted(gone, reverse=True):
        text = remove(text, ("rules", number))
    return text


def without_expected(text: str, numbers: Iterable[int] | None = None) -> str:
    """A file of examples without the postings these (or all of them) expect."""
    for at, case in enumerate(read_source(text).value["cases"]):
        if "postings" in case and (numbers is None or at in set(numbers)):
            text = remove(text, ("cases", at, "postings"))
    return text


def unfit_rules(errors: Sequence[Finding]) -> dict[str, set[int]]:
    """The posting rules with errors, by file."""
    return _numbered(errors, ".postings.json", _RULE)


def unfit_examples(errors: Sequence[Finding]) -> dict[str, set[int]]:
    """The examples that expect postings which are not made, by file."""
    return _numbered(errors, ".cases.json", _CASE)


def _numbered(
    errors: Sequence[Finding], suffix: str, pattern: re.Pattern[str]
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in errors:
        match = pattern.match(one.path)
        if one.file.endswith(suffix) and match:
            found.setdefault(one.file, set()).add(int(match[1]))
    return found


def _inside(raw: Any, place: Path) -> Mapping[str, Any]:
    for part in place:
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    return raw if isinstance(raw, Mapping) else {}


def _mentions(raw: Any, key: str) -> Iterator[tuple[Path, int]]:
    """(the list, the item) of every list of fields that names it, outside the fields themselves."""
    yield from _walk({one: raw[one] for one in raw if one != "data"}, (), key)


def _walk(value: Any, place: Path, key: str) -> Iterator[tuple[Path, int]]:
    if isinstance(value, list):
        if place and place[-1] in _LISTS and key in value:
            yield place, value.index(key)
        for at, item in enumerate(value):
            yield from _walk(item, (*place, at), key)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _walk(item, (*place, name), key)


def _taken_out(text: str, place: Path, at: int) -> str:
    """The text without an item of a list, and without what would be empty then."""
    text = remove(text, (*place, at))
    raw: Any = read_source(text).value
    for part in place:
        raw = raw[part]
    if raw:
        return text
    if place[0] == "layout":
        return remove(text, place[:2])
    text = remove(text, place)
    rule: Any = read_source(text).value
    if place[0] == "rules" and not any(one in rule["rules"][place[1]] for one in _EFFECTS):
        return remove(text, place[:2])
    return text
