"""What to offer at the cursor of the editor, and what the member there means."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.builder.completion.cursor import Cursor, read_cursor
from portal.builder.completion.expected import (
    Json,
    marked,
    member_shapes,
    members_of,
    shapes_at,
    types_of,
    words_of,
)
from portal.builder.completion.names import Named, Names
from portal.builder.queries import Draft
from portal.definitions.checking import file_kind
from portal.definitions.checking.notes import spoken
from portal.definitions.json_source import Path
from portal.definitions.metaschema import schema
from portal.web.words import gettext as _

MOST = 300
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")
_BLANKS = re.compile(r"\s*")
_SKELETONS = (("string", '""'), ("object", "{}"), ("array", "[]"))


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to write: what is shown, what it means, the text, and where the cursor goes in it.

    `sort` is member, word or name.
    """

    shown: str
    about: str
    text: str
    caret: int
    sort: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor stands, in words: the path, what the member means, what may stand there."""

    path: Path
    spoken: str
    about: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What is offered in place of the characters from `start` to `end`, and the place itself."""

    start: int
    end: int
    offers: tuple[Offer, ...]
    place: Place


def complete(draft: Draft, name: str, text: str, at: int, language: str) -> Completion:
    """What can be written at an offset of a file's text, however broken; never raises for it."""
    cursor = read_cursor(text, at)
    kind = file_kind(name)
    meta = schema(kind[0]) if kind else {}
    shapes, value = shapes_at(meta, cursor.value, cursor.path)
    names = Names(draft, name, cursor.value, language)
    place = _place(meta, cursor, text, shapes)
    if cursor.is_name:
        offers: Iterable[Offer] = _members(meta, cursor, text, shapes, value, names)
    elif marked(shapes, "x-names") == "expression":
        return _expression(cursor, names, place, at)
    else:
        offers = _values(cursor, shapes, names, text)
    start, end = cursor.start - cursor.is_quoted, cursor.end + cursor.is_closed
    return Completion(start, end, tuple(offers)[:MOST], place)


def _members(
    meta: Json, cursor: Cursor, text: str, shapes: Sequence[Json], value: Any, names: Names
) -> Iterator[Offer]:
    own = text[cursor.start : cursor.end]
    there = set(value) - {own} if isinstance(value, dict) else set()
    found = {name: _title(shape) for name, shape in members_of(shapes).items()}
    for shape in shapes:
        keys = shape.get("propertyNames", {})
        found |= dict.fromkeys(keys.get("enum", ()), "")
        if "x-names" in keys:
            found |= dict(names.of(keys["x-names"], cursor.path))
    for name, about in found.items():
        if name in there:
            continue
        below = member_shapes(meta, shapes, name)
        inside = "" if cursor.has_colon else f": {_skeleton(below)}"
        whole = json.dumps(name, ensure_ascii=False) + inside
        caret = len(whole) - (inside[-1:] in '"}]' and bool(inside.strip(": ")))
        comma = "" if cursor.has_colon else _comma(text, cursor.end + cursor.is_closed)
        yield Offer(name, about, whole + comma, caret, "member")


def _values(cursor: Cursor, shapes: Sequence[Json], names: Names, text: str) -> Iterator[Offer]:
    comma = _comma(text, cursor.end + cursor.is_closed)
    for word in words_of(shapes):
        shown = word if isinstance(word, str) else json.dumps(word)
        yield _value(shown, "", json.dumps(word, ensure_ascii=False), comma, "word")
    for said in marked(shapes, "x-offers") or ():
        for one, about in _filled(said, names, cursor.path):
            yield _value(one, about, json.dumps(one, ensure_ascii=False), comma, "name")
    what = marked(shapes, "x-names")
    for one, about in names.of(what, cursor.path) if what else ():
        yield _value(one, about, json.dumps(one, ensure_ascii=False), comma, "name")
    if not cursor.typed and not cursor.is_quoted:
        allowed = types_of(shapes)
        for kind, skeleton in _SKELETONS:
            if kind in allowed and kind != "string":
                yield Offer(skeleton, "", skeleton + comma, 1, "word")


def _value(shown: str, about: str, written: str, comma: str, sort: str) -> Offer:
    return Offer(shown, about, written + comma, len(written), sort)


def _filled(said: str, names: Names, path: Path) -> Iterator[Named]:
    """A word, or one for each block where it names one."""
    if "{block}" not in said:
        yield said, ""
        return
    for block, title in names.of("block", path):
        yield said.replace("{block}", block), title


def _expression(cursor: Cursor, names: Names, place: Place, at: int) -> Completion:
    """Names within an expression: the word before the cursor is replaced, the rest stays."""
    word = _WORD.search(cursor.typed)
    typed = word[0] if word else ""
    offers = []
    for one, about in names.of("expression", cursor.path):
        written = one if cursor.is_quoted else f'"{one}"'
        offers.append(Offer(one, about, written, len(written) - (not cursor.is_quoted), "name"))
    return Completion(at - len(typed), at, tuple(dict.fromkeys(offers))[:MOST], place)


def _skeleton(shapes: Sequence[Json]) -> str:
    """What a new member begins with: its only word, an empty text, object or list."""
    words = words_of(shapes)
    if len(words) == 1:
        return json.dumps(words[0], ensure_ascii=False)
    allowed = types_of(shapes)
    if words and "boolean" in allowed:
        return ""
    if any(isinstance(word, str) for word in words):
        return '""'
    return next((text for kind, text in _SKELETONS if kind in allowed), "")


def _comma(text: str, end: int) -> str:
    """A comma where another member or value follows on."""
    blanks = _BLANKS.match(text, end)
    following = text[blanks.end() : blanks.end() + 1] if blanks else ""
    return "," if following and following not in ",:}]" else ""


def _place(meta: Json, cursor: Cursor, text: str, shapes: Sequence[Json]) -> Place:
    path = cursor.path
    own = text[cursor.start : cursor.end]
    if cursor.is_name and own:
        path = (*path, own)
        shapes = member_shapes(meta, shapes, own)
    said = [_title(shape) for shape in shapes] + [
        _(str(shape["description"])) for shape in shapes if "description" in shape
    ]
    words = [one for one in words_of(shapes) if isinstance(one, str)]
    if words and not cursor.is_name:
        said.append(_("One of: %(words)s.", words=", ".join(words[:30])))
    return Place(path, spoken(path), " · ".join(dict.fromkeys(one for one in said if one)))


def _title(shape: Mapping[str, Any]) -> str:
    title = shape.get("title")
    return str(_(title)) if isinstance(title, str) else ""
