"""The steps that carry stored values from the published version of a form to the draft; pure.

What vanished, came or changed its kind against the published version, which steps the draft
declares for it, what else is likely meant, and edits of the text that leave the rest as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Design, Field
from portal.builder.design.form_edits import opened
from portal.definitions.moving_steps import named_paths
from portal.errors import N_, Invalid
from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition

Step = Mapping[str, Any]
_ALIKE = 0.6
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Differences:
    """Fields of the published version and of the draft that are not the same; `loose` of them
    are those no step speaks of."""

    vanished: list[FieldDefinition]
    appeared: list[Field]
    changed: list[Field]
    loose: frozenset[str]


def steps_of(design: Design, version: int) -> list[Step]:
    """The steps the draft declares for records of this version."""
    place = _place(design, version)
    found = None if place is None else _migrations(design)[place].get("steps")
    return found if isinstance(found, list) else []


def differences(old: FormDefinition, design: Design) -> Differences:
    """What is not the same, columns of a table that came or went as a whole left out."""
    new = design.fields
    vanished = [
        one
        for path, one in old.fields.items()
        if path not in new and (one.table is None or one.table in new) and one.is_writable
    ]
    appeared = [
        one
        for path, one in new.items()
        if path not in old.fields and (not one.table or one.table in old.fields)
    ]
    changed = [
        one
        for path, one in new.items()
        if path in old.fields and old.fields[path].kind.name != one.kind
    ]
    taken: set[str] = set()
    for step in steps_of(design, old.version):
        taken = taken.union(*_named(step))
    paths = {one.path for one in vanished} | {one.path for one in changed}
    loose = paths - taken
    return Differences(vanished, appeared, changed, frozenset(loose))


def proposals(old: FormDefinition, design: Design) -> list[Step]:
    """Steps that are likely meant: a field that came for one that is gone, another kind read anew,
    and for what nothing is like: that its values go."""
    found = differences(old, design)
    written = {path for step in steps_of(design, old.version) for path in _named(step)[1]}
    free = [one for one in found.appeared if one.path not in written]
    made: list[Step] = []
    for one in found.vanished:
        if one.path not in found.loose:
            continue
        like = max(free, key=lambda other: _likeness(one, other), default=None)
        if like is not None and _likeness(one, like) >= _ALIKE:
            free.remove(like)
            made.append({"rename": [one.path, like.path]})
            if like.kind != one.kind.name:
                made.append({"retype": like.path})
        else:
            made.append({"drop": one.path})
    made += [{"retype": one.path} for one in found.changed if one.path in found.loose]
    return made


def _named(step: Any) -> tuple[frozenset[str], frozenset[str]]:
    """As `named_paths`; nothing for what is no step, which the check says."""
    try:
        return named_paths(step)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return frozenset(), frozenset()


def _likeness(old: FieldDefinition, new: Field) -> float:
    """How likely a field is the other one under a new key; 0 in another place."""
    if (old.table or "") != new.table or (
        "table" in (old.kind.name, new.kind) and (old.kind.name != new.kind)
    ):
        return 0.0
    same_label = bool(old.label) and old.label == new.label
    found = SequenceMatcher(None, old.key, new.key).ratio()
    return max(found, 1.0 if same_label else 0.0) - (0.0 if old.kind.name == new.kind else 0.3)


def add_step(text: str, old: FormDefinition, step: Step) -> str:
    """The text with one more step, the last of those from the published version."""
    design = opened(text)
    if not isinstance(design.raw.get("migrations"), list):
        made = [{"from": old.version, "steps": [step]}]
        text = splicing.insert_member(text, (), "migrations", made)
    elif (place := _place(design, old.version)) is None:
        made_one = {"from": old.version, "steps": [step]}
        text = splicing.insert_item(text, ("migrations",), made_one)
    else:
        text = splicing.insert_item(text, ("migrations", place, "steps"), step)
    return _with_was(text, old)


def replace_step(text: str, old: FormDefinition, number: int, step: Step) -> str:
    """The text with another step in the place of one."""
    place = _step_place(text, old.version, number)
    return _with_was(splicing.replace_value(text, place, step), old)


def move_step(text: str, old: FormDefinition, number: int, to: int) -> str:
    """The text with a step earlier or later."""
    return splicing.move(text, _step_place(text, old.version, number), to)


def remove_step(text: str, old: FormDefinition, number: int) -> str:
    """The text without a step, and without what then says nothing."""
    place = _step_place(text, old.version, number)
    design = opened(text)
    if len(steps_of(design, old.version)) > 1:
        return splicing.remove(text, place)
    if len(_migrations(design)) > 1:
        return splicing.remove(text, place[:2])
    return splicing.remove(text, ("migrations",))


def without_idle_steps(text: str, old: FormDefinition) -> str:
    """The text without steps that rename a field to what it is called already."""
    design = opened(text)
    idle = [{"rename": [path, path]} for path in design.fields]
    for number, step in reversed(list(enumerate(steps_of(design, old.version)))):
        if step in idle:
            text = remove_step(text, old, number)
    return text


def _migrations(design: Design) -> list[Mapping[str, Any]]:
    found = design.raw.get("migrations")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _place(design: Design, version: int) -> int | None:
    places = (at for at, one in enumerate(_migrations(design)) if one.get("from") == version)
    return next(places, None)


def _step_place(text: str, version: int, number: int) -> tuple[str | int, ...]:
    design = opened(text)
    place = _place(design, version)
    if place is None or not 0 <= number < len(steps_of(design, version)):
        raise Invalid(N_("This step is not there any more."))
    return ("migrations", place, "steps", number)


def _with_was(text: str, old: FormDefinition) -> str:
    """The text where expressions find what their fields were, and steps what they write."""
    design = opened(text)
    place = _place(design, old.version)
    if place is None:
        return text
    was = dict(_migrations(design)[place].get("was") or {})
    steps = [one for one in steps_of(design, old.version) if any(_named(one))]
    needed = {path for step in steps for path in _speaks_of(step, old)}
    for path in sorted(needed):
        there = design.fields.get(path)
        if path in was or (there is not None and there.kind == old.fields[path].kind.name):
            continue
        was[path] = _node(old, path)
    if not was:
        return text
    return splicing.set_member(text, ("migrations", place), "was", was)


def _speaks_of(step: Step, old: FormDefinition) -> Iterator[str]:
    """The published fields an expression names."""
    ((name, given),) = step.items()
    if name != "set":
        return
    table = split(given[0])[0]
    named = set(_NAME.findall(str(given[1])))
    for path in old.fields:
        holder, key = split(path)
        if key in named and (holder is None or holder == table or holder in named):
            yield path


def _node(old: FormDefinition, path: str) -> Mapping[str, Any]:
    """A field of the published version as written there, its kind and options alone."""
    node: Any = old.expanded
    for part in old.fields[path].place:
        node = node[part]
    return {key: one for key, one in node.items() if key not in ("title", "description")}
