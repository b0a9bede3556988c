"""The published meta-schemas: generated, equal in both drafts, without the prototype's gaps."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry

from portal import paths
from portal.definitions import metaschema
from portal.definitions.formatting import format_source
from portal.definitions.metaschema.fields import option_shape
from portal.forms.expand import expand
from portal.forms.kinds import kinds

FOLDER = paths.DEFINITIONS / "schema"
NEW = Draft202012Validator(metaschema.schema("form"), registry=Registry())
OLD = Draft7Validator(metaschema.draft07("form"), registry=Registry())


def test_the_published_files_are_the_generated_ones() -> None:
    wanted = {name: format_source(schema) for name, schema in metaschema.files()}
    found = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert found == wanted


@pytest.mark.parametrize("kind", metaschema.KINDS)
def test_both_drafts_are_valid_schemas_that_reach_no_other_document(kind: str) -> None:
    Draft202012Validator.check_schema(metaschema.schema(kind))
    Draft7Validator.check_schema(metaschema.draft07(kind))
    for text in map(json.dumps, (metaschema.schema(kind), metaschema.draft07(kind))):
        assert "$dynamicRef" not in text
        assert all(part.startswith('"#/') for part in text.split('"$ref": ')[1:])
    assert '"$defs"' not in json.dumps(metaschema.draft07(kind))


def unexplained(shape: Any, place: str) -> Iterator[str]:
    """The members without a title; one that is only forbidden (`not`) needs none."""
    if isinstance(shape, list):
        for one in shape:
            yield from unexplained(one, place)
    if not isinstance(shape, dict):
        return
    for name, below in shape.get("properties", {}).items():
        if not {"title", "not"} & below.keys():
            yield f"{place}.{name}"
        yield from unexplained(below, f"{place}.{name}")
    for name, below in shape.get("$defs", {}).items():
        yield from unexplained(below, name)
    for word in ("items", "additionalProperties", "then", "else", "allOf", "anyOf", "oneOf"):
        yield from unexplained(shape.get(word), place)


@pytest.mark.parametrize("kind", metaschema.KINDS)
def test_every_member_says_what_it_means(kind: str) -> None:
    assert sorted(set(unexplained(metaschema.schema(kind), kind))) == []


def test_a_member_without_a_meaning_is_found() -> None:
    shape = {"allOf": [{"then": {"properties": {"new": {"type": "string"}, "no": {"not": {}}}}}]}
    assert list(unexplained(shape, "form")) == ["form.new"]


def test_every_option_of_every_kind_has_a_shape() -> None:
    for kind in kinds().values():
        for option in kind.options:
            assert option_shape(kind.name, option)


def form(**properties: Any) -> dict[str, Any]:
    return {
        "$schema": "../schema/form-1.json",
        "form": "sample",
        "version": 1,
        "title": "Sample",
        "subject": "name",
        "data": {"properties": {"name": {"x-field": {"kind": "text"}}, **properties}},
        "layout": [{"type": "section", "title": "All", "fields": ["name"]}],
    }


def agreed(raw: dict[str, Any]) -> bool:
    """Whether both drafts accept; they must agree."""
    verdicts = NEW.is_valid(raw), OLD.is_valid(raw)
    assert verdicts[0] == verdicts[1]
    return verdicts[0]


text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
label = text | st.fixed_dictionaries({}, optional={"en": text, "zh": text}).filter(bool)
common = {
    "label": label,
    "hint": label,
    "required": st.booleans(),
    "read_only": st.booleans(),
    "in_list": st.booleans(),
    "in_filter": st.booleans(),
    "on_hide": st.sampled_from(["clear", "keep"]),
    "unique": st.sampled_from(["form", "project"]),
}
scale = st.integers(0, 4)
bound = st.integers(0, 99)
own: dict[str, dict[str, Any]] = {
    "text": {"max": st.integers(1, 100)},
    "longtext": {"max": st.integers(1, 9_000)},
    "number": {"scale": scale, "min": bound, "max": bound},
    "quantity": {"scale": scale, "unit": st.just("h"), "max": st.just("9.50")},
    "money": {"scale": scale, "currency": st.sampled_from(["CNY", "project", "currency"])},
    "percent": {"scale": scale},
    "date": {},
    "yes_no": {},
    "user": {},
    "department": {},
    "project": {},
    "attachment": {"max_files": st.integers(1, 9), "images": st.booleans()},
}
OPTIONS = st.lists(text, min_size=1, max_size=4, unique=True).map(
    lambda names: [{"value": name, "label": {"en": name, "zh": name}} for name in names]
)


@st.composite
def fields(draw: st.DrawFn, *, column: bool = False) -> dict[str, Any]:
    """A field in short form."""
    known = [k for k in own if not column or k != "attachment"]
    kind = draw(st.sampled_from([*known, "choice", "record", *([] if column else ["table"])]))
    if kind == "choice":
        options = {"options": draw(OPTIONS), "many": draw(st.booleans())}
    elif kind == "record":
        options = {"target": "party"}
    else:
        options = draw(st.fixed_dictionaries({}, optional=own.get(kind, {})))
    node = {
        "x-field": {"kind": kind, **draw(st.fixed_dictionaries({}, optional=common)), **options}
    }
    if kind == "table":
        rows = st.dictionaries(st.sampled_from("pqrst"), fields(column=True), min_size=1)
        node["items"] = {"properties": draw(rows)}
    return node


@given(st.dictionaries(st.sampled_from([f"f{n}" for n in range(9)]), fields()))
def test_short_and_expanded_forms_of_any_fields_are_accepted(some: dict[str, Any]) -> None:
    raw = form(**some)
    assert agreed(raw)
    expanded = expand(raw)
    assert not [e.message for e in NEW.iter_errors(expanded)]
    assert agreed(expanded)
    assert expand(expanded) == expanded


FULL = expand(
    form(
        amount={"x-field": {"kind": "money"}},
        lines={
            "x-field": {"kind": "table"},
            "items": {"properties": {"qty": {"x-field": {"kind": "quantity", "unit": "h"}}}},
        },
    )
)


def without(member: str, *path: str) -> dict[str, Any]:
    raw = copy.deepcopy(FULL)
    holder = raw
    for part in path:
        holder = holder[part]
    del holder[member]
    return raw


def having(value: Any, *path: Any) -> dict[str, Any]:
    raw = copy.deepcopy(FULL)
    holder: Any = raw
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return raw


P = ("data", "properties")
RULE = {"id": "r"}
GAPS = {
    "an open record": without("additionalProperties", "data"),
    "an open row": without("additionalProperties", *P, "lines", "items"),
    "additionalProperties true": having(True, "data", "additionalProperties"),
    "a block with unknown members": having("x", "layout", 0, "colour"),
    "a block of a later kind": having([{"type": "tabs"}], "layout"),
    "a migration step with unknown members": having(
        [{"from": 1, "steps": [{"move": ["a", "b"]}]}], "migrations"
    ),
    "a test with unknown members": having([{"name": "a", "given": {}, "then": {}}], "tests"),
    "a rule of an id alone": having([RULE], "rules"),
    "a check without message": having([{**RULE, "check": "x", "on": "name"}], "rules"),
    "a message without check": having([{**RULE, "show": ["name"], "message": "x"}], "rules"),
    "an array without maxItems": without("maxItems", *P, "lines"),
    "money without pattern": without("pattern", *P, "amount"),
    "quantity without pattern": without("pattern", *P, "lines", "items", "properties", "qty"),
    "an array in an array": having(
        FULL["data"]["properties"]["lines"], *P, "lines", "items", "properties", "more"
    ),
    "type number": having({"type": "number"}, *P, "amount"),
    "an object as a field": having({"type": "object", "properties": {}}, *P, "amount"),
    "two types": having(["string", "integer"], *P, "amount", "type"),
    "a title in two languages": having({"en": "a", "zh": "b"}, *P, "amount", "title"),
    "a language nobody reads": having({"fr": {"amount": "b"}}, "texts"),
    "a reference": having({"$ref": "http://example.org/x"}, *P, "amount"),
    "a reference beside a type": having("#/data", *P, "amount", "$ref"),
    "patternProperties": having({"x": {}}, "data", "patternProperties"),
    "allOf in data": having([], "data", "allOf"),
    "a kind of another type": having({"kind": "date"}, *P, "lines", "x-field"),
    "an option of another kind": having(3, *P, "amount", "x-field", "max_files"),
    "a misspelt option": having(2, *P, "amount", "x-field", "scael"),
    "a print member": having({}, "print"),
    "an import member": having({}, "import"),
    "an endless expression": having({"amount": "1+" * 600 + "1"}, "computed"),
    "an endless pattern": having("a" * 201, *P, "amount", "pattern"),
    "too many rows": having(2_001, *P, "lines", "maxItems"),
    "a bad key": having({"x-field": {"kind": "text"}}, *P, "Name"),
    "a foreign $schema": having("https://example.org/x", "$schema"),
}


@pytest.mark.parametrize("name", GAPS)
def test_the_gaps_of_the_prototype_are_closed(name: str) -> None:
    assert not agreed(GAPS[name])


OPEN = {
    "deprecated": having(True, *P, "amount", "deprecated"),
    "on_hide": having("keep", *P, "amount", "x-field", "on_hide"),
    "texts": having({"zh": {"amount": "金额", "amount#hint": "注"}}, "texts"),
    "list": having({"columns": ["name"], "filters": ["name"]}, "list"),
    "yes/no": having({"type": "boolean", "x-field": {"kind": "yes_no"}}, *P, "b"),
    "several of": having(
        {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 2,
            "items": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]},
            "x-field": {"kind": "choice"},
        },
        *P,
        "c",
    ),
    "a time format": having({"type": "string", "format": "time"}, *P, "t"),
    "draft-07 for editors": having("../schema/form-1.draft07.json", "$schema"),
    "a migration": having(
        [{"from": 1, "steps": [{"rename": ["a", "b"]}, {"set_default": ["c", 1]}]}], "migrations"
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_the_prototype_refused_wrongly_is_accepted(name: str) -> None:
    assert not [error.message for error in NEW.iter_errors(OPEN[name])]
    assert agreed(OPEN[name])


JUNK: list[Any] = [
    None,
    "",
    "x\n",
    "A b",
    0,
    -1,
    10**17,
    True,
    [],
    {},
    ["a", "a"],
    {"en": "x"},
    "a" * 501,
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    members = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else members:
        found += _places(inner, (*path, key))
    return found


FILES = sorted(paths.DEFINITIONS.glob("*/*.json"))
FILES = [path for path in FILES if path.parent != FOLDER]


@given(st.sampled_from(FILES), st.data())
def test_the_quick_verdict_and_the_reasons_never_disagree(path: Any, data: st.DataObject) -> None:
    kind = path.name.split(".")[-2] if path.name != "module.json" else "module"
    raw = json.loads(path.read_text("utf-8"))
    assert metaschema.is_sound(kind, raw)
    *holders, last = data.draw(st.sampled_from(_places(raw)))
    holder = raw
    for key in holders:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[last] = data.draw(st.sampled_from(JUNK))
    elif isinstance(holder, dict):
        holder[data.draw(st.sampled_from(["zz", "kind", "items", "a\n"]))] = holder.pop(last)
    else:
        holder.append(copy.deepcopy(holder[last]))
    assert metaschema.is_sound(kind, raw) == (not list(metaschema.validator(kind).iter_errors(raw)))


def test_a_key_with_a_line_break_behind_it_is_none() -> None:
    raw = {**form(), "form": "sample\n"}
    assert not metaschema.is_sound("form", raw)
    (error,) = metaschema.validator("form").iter_errors(raw)
    assert list(error.absolute_path) == ["form"]
