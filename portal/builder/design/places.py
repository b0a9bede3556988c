"""What a place in a definition's text is called: a field, a section, a step, a rule; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.builder.design.chain import KINDS
from portal.builder.design.form import Design, Field, read_design
from portal.builder.design.postings import RuleFile, read_rules
from portal.definitions.json_source import Path, Source, SourceError, read_source
from portal.forms.texts import Text, read_text

FIELD, SECTION, STEP, FILE = "field", "section", "step", "file"
RULE = "rule"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a file: what it is, what it is called, and how addresses name it."""

    what: str
    title: Text = field(default_factory=Text)
    address: str = ""


def place_at(name: str, text: str, start: int, end: int) -> Place:
    """The part that holds these characters; the file itself where it is none that has a name."""
    return places_in(name, text)(start, end)


def places_in(name: str, text: str) -> Callable[[int, int], Place]:
    """The parts of a file by the characters they hold: it is read once for all that is asked."""
    if name.endswith(".form.json"):
        design = read_design(text)
        if design is not None:
            return lambda start, end: _of_form(design, design.source.path_around(start, end))
    elif name.endswith((".workflow.json", ".postings.json")):
        try:
            source = read_source(text)
        except SourceError:
            return lambda start, end: Place(FILE)
        if name.endswith(".workflow.json"):
            return lambda start, end: _of_chain(source, source.path_around(start, end))
        rules = read_rules(text)
        return lambda start, end: _of_postings(rules, source.path_around(start, end))
    return lambda start, end: Place(FILE)


def _of_form(design: Design, path: Path) -> Place:
    for one in sorted(design.fields.values(), key=lambda one: -len(one.place)):
        if path[: len(one.place)] == one.place or _said_of(path) == one.path:
            return _field(one)
    if path[:1] == ("layout",) and len(path) > 1:
        section = next((one for one in design.sections if one.at == path[1]), None)
        if section is not None:
            return Place(SECTION, section.title or section.note, f"s{section.at}")
    if path[:1] == ("rules",) and len(path) > 1:
        return _of_rule(design, dict(design.rules).get(_at(path[1]), {}))
    return Place(FILE)


def _field(one: Field) -> Place:
    return Place(FIELD, one.label or Text(one.key, one.key), one.address)


def _said_of(path: Path) -> str:
    """The field a computation or a translation is for."""
    if path[:1] == ("computed",) and len(path) > 1:
        return str(path[1])
    if path[:2] == ("texts", "zh") and len(path) > 2:
        return str(path[2]).split("#")[0]
    return ""


def _of_rule(design: Design, rule: Mapping[str, Any]) -> Place:
    named = [rule.get("on"), *(one for each in ("show", "require") for one in _list(rule, each))]
    for path in named:
        found = design.fields.get(path) if isinstance(path, str) else None
        if found is not None:
            return _field(found)
    return Place(FILE)


def _of_chain(source: Source, path: Path) -> Place:
    value, found = source.value, Place(FILE)
    for part in path:
        value = value[part]
        for kind in KINDS if isinstance(value, Mapping) else ():
            if isinstance(value.get(kind), str):
                title = read_text(value.get("title")) or _first_title(value)
                found = Place(STEP, title or Text(value[kind], value[kind]), value[kind])
    return found


def _first_title(block: Mapping[str, Any]) -> Text:
    """The first step of a branch without a title, such as a step under a condition."""
    for way in _list(block, "when"):
        for inner in _list(way, "then") if isinstance(way, Mapping) else ():
            if isinstance(inner, Mapping) and inner.get("title"):
                return read_text(inner["title"])
    return Text()


def _of_postings(read: RuleFile | None, path: Path) -> Place:
    at = _at(path[1]) if path[:1] == ("rules",) and len(path) > 1 else -1
    rule = next((one for one in read.rules if one.at == at and one.id), None) if read else None
    return Place(RULE, Text(rule.id, rule.id), rule.anchor) if rule else Place(FILE)


def _list(rule: Mapping[str, Any], name: str) -> list[Any]:
    found = rule.get(name)
    return found if isinstance(found, list) else []


def _at(part: object) -> int:
    return part if isinstance(part, int) else -1
