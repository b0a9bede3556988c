"""Giving the examples of a form a value for a field they lack; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Field
from portal.builder.design.options import as_value
from portal.definitions.cases import ARROW
from portal.definitions.checking import Finding
from portal.definitions.json_source import Path, read_source
from portal.errors import Message

Json = Mapping[str, Any]
_ROUTE = re.compile(r"(cases|tests)\[([0-9]+)\]\.route")
_EXPECT = re.compile(r"(cases|tests)\[([0-9]+)\]\.expect\..+")
_ROW = re.compile(r"\[[0-9]+\]")


def lacking(text: str, field: Field) -> list[Path]:
    """Where the examples give the record, or a row, without this field.

    Examples that expect an error at the field lack it on purpose.
    """
    return list(_lacking(text, field))


def lacking_cases(text: str, field: Field) -> int:
    """How many examples that is."""
    return len({place[1] for place in _lacking(text, field)})


def fill(text: str, field: Field, typed: str) -> str:
    """The examples with this value wherever they lack one; raises Invalid for no such value."""
    value = as_value(field.kind, typed, field.options)
    for place in lacking(text, field):
        text = splicing.insert_member(text, place, field.key, value)
    return text


def _lacking(text: str, field: Field) -> Iterator[Path]:
    try:
        raw = read_source(text).value
    except ValueError:
        return
    cases = raw.get("cases") if isinstance(raw, Mapping) else None
    for at, case in enumerate(cases if isinstance(cases, list) else ()):
        given = case.get("given") if isinstance(case, Mapping) else None
        if not isinstance(given, Mapping) or _is_meant(case, field):
            continue
        place: Path = ("cases", at, "given")
        if not field.table:
            if field.key not in given:
                yield place
            continue
        rows = given.get(field.table)
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, Mapping) and field.key not in row:
                yield (*place, field.table, number)


def _is_meant(case: Json, field: Field) -> bool:
    errors = case.get("errors")
    paths = [
        _ROW.sub("[]", str(one.get("path")))
        for one in (errors if isinstance(errors, list) else ())
        if isinstance(one, Mapping)
    ]
    return field.path in paths


def changed_routes(findings: Iterable[Finding]) -> dict[str, dict[Path, list[str]]]:
    """File → where an example stands → the route it takes now, of those that expect another.

    Routes that end at a condition nobody can determine are left to their author.
    """
    found: dict[str, dict[Path, list[str]]] = {}
    for one in findings:
        place = _ROUTE.fullmatch(one.path)
        message = one.message.args.get("message")
        if place is None or not isinstance(message, Message):
            continue
        route = [part for part in str(message.args.get("got", "")).split(ARROW) if part != "-"]
        if not any(step.startswith("?") for step in route):
            found.setdefault(one.file, {})[place[1], int(place[2])] = route
    return found


def changed_values(findings: Iterable[Finding]) -> dict[str, dict[Path, Any]]:
    """File → where an example expects a value → what comes out now, of those that differ."""
    found: dict[str, dict[Path, Any]] = {}
    for one in findings:
        place = _EXPECT.fullmatch(one.path)
        message = one.message.args.get("message")
        if place is not None and isinstance(message, Message) and "value" in message.args:
            path = (place[1], int(place[2]), "expect", message.args["path"])
            found.setdefault(one.file, {})[path] = message.args["value"]
    return found


def with_values(text: str, values: Mapping[Path, Any]) -> str:
    """The examples expecting these values."""
    for place, value in values.items():
        text = splicing.replace_value(text, place, value)
    return text


def with_routes(text: str, routes: Mapping[Path, list[str]]) -> str:
    """The examples expecting these routes."""
    for place, route in routes.items():
        text = splicing.set_member(text, place, "route", route)
    return text
