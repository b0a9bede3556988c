"""The shape of a file, judged by the meta-schema; its patterns, and how much it may hold."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from portal import limits
from portal.definitions.checking.findings import CORRECT_IT, Notes
from portal.definitions.checking.wording import worded
from portal.definitions.json_source import Path
from portal.definitions.metaschema import is_sound, validator
from portal.errors import N_
from portal.forms.judges import SchemaError
from portal.forms.schema import make_judge

_NESTED = 2  # the record, its rows, and one level that must not be there

MOST = {
    "data": (N_("The form has %(count)s fields; %(most)s are allowed."), limits.FORM_FIELDS),
    "rules": (N_("The form has %(count)s rules; %(most)s are allowed."), limits.FORM_RULES),
    "layout": (N_("The layout has %(count)s blocks; %(most)s are allowed."), limits.FORM_BLOCKS),
    "tests": (N_("There are %(count)s examples; %(most)s are allowed."), limits.CASES),
}


def check_shape(kind: str, raw: Any, notes: Notes) -> None:
    """Judge a file's shape; no work on forms too large to be meant."""
    if kind == "form" and _is_too_large(raw, notes):
        return
    if not is_sound(kind, raw):
        _note_faults(kind, raw, notes)
    if kind == "form" and not notes.has_errors:
        _check_patterns(raw, notes)


def _note_faults(kind: str, raw: Any, notes: Notes) -> None:
    """The reasons, each once, those of misspelt members first."""
    errors = list(islice(validator(kind).iter_errors(raw), limits.FINDINGS))
    seen = set()
    for one in worded(errors):
        mark = (one.path, one.message, str(one.args.get("key", "")))
        if mark not in seen:
            seen.add(mark)
            notes.add(one.path, one.message, one.remedy, at_key=one.at_key, args=one.args)
    if not seen:  # the two engines never disagree; if they do, the file is refused all the same
        notes.add((), N_("The file is not made as its meta-schema says."), CORRECT_IT)


def _is_too_large(raw: Any, notes: Notes) -> bool:
    """Whether a form has more of something than any form needs; nothing else is then judged."""
    if not isinstance(raw, dict):
        return False
    counts = {member: len(raw[member]) for member in MOST if isinstance(raw.get(member), list)}
    counts["data"] = sum(1 for _ in _fields(raw.get("data"), 0))
    for member, count in counts.items():
        message, most = MOST[member]
        if count > most:
            remedy = N_("Split it into several forms.")
            notes.add((member,), message, remedy, at_key=True, count=count, most=most)
    return notes.has_errors


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
