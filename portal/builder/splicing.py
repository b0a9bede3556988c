"""Small edits of a JSON text that leave every other byte as the author wrote it; pure."""

import json
import re
from collections.abc import Sequence
from typing import Any

from portal.definitions.formatting import format_source
from portal.definitions.json_source import Path, read_source
from portal.errors import N_, Invalid

_STEP = "  "
_BLANK = " \t\r\n"
_NUMBER = re.compile(r"-?[0-9]+")


def line_break(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


def with_line_breaks(text: str, like: str) -> str:
    """A text as a browser sent it (CRLF always), with line breaks as another text has them."""
    return text.replace("\r\n", "\n").replace("\n", line_break(like))


def insert_member(text: str, path: Path, key: str, value: Any) -> str:
    """The text with one more member at the end of the object at a path.

    Raises SourceError for no JSON, Invalid where there is no object or the key is taken.
    """
    inside = _value_at(text, path)
    if not isinstance(inside, dict):
        raise Invalid(N_("There is no object at “%(path)s”."), path=_spoken(path))
    if key in inside:
        raise Invalid(N_("“%(key)s” is there already."), key=key)
    return _insert(text, path, json.dumps(key, ensure_ascii=False) + ": ", value)


def append_item(text: str, path: Path, value: Any) -> str:
    """The text with one more item at the end of the list at a path; raises as `insert_member`."""
    if not isinstance(_value_at(text, path), list):
        raise Invalid(N_("There is no list at “%(path)s”."), path=_spoken(path))
    return _insert(text, path, "", value)


def replace_number(text: str, path: Path, number: int) -> str:
    """The text with another whole number at a path; raises Invalid if there is none."""
    value = _value_at(text, path)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(N_("There is no number at “%(path)s”."), path=_spoken(path))
    start = _offset(text, path)
    match = _NUMBER.match(text, start)
    assert match is not None
    return text[:start] + str(number) + text[match.end() :]


def line_of(text: str, path: Path) -> int:
    """The line (from 1) on which the value at a path begins."""
    return read_source(text).position(path)[0]


def _value_at(text: str, path: Path) -> Any:
    value = read_source(text).value
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _spoken(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path)


def _offset(text: str, path: Path) -> int:
    line, column = read_source(text).position(path)
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _insert(text: str, path: Path, name: str, value: Any) -> str:
    start = _offset(text, path)
    end, item = _extent(text, start)
    last = end
    while text[last - 1] in _BLANK:
        last -= 1
    is_empty = item == end
    comma = "" if is_empty else ","
    if "\n" not in text[last:end]:
        gap = "" if is_empty else " "
        return (
            text[:last] + comma + gap + name + json.dumps(value, ensure_ascii=False) + text[last:]
        )
    newline = line_break(text)
    indent = _indent(text, end) + _STEP if is_empty else _indent(text, item)
    body = format_source(value).rstrip("\n").replace("\n", newline + indent)
    return text[:last] + comma + newline + indent + name + body + text[last:]


def _extent(text: str, start: int) -> tuple[int, int]:
    """(offset of the bracket that closes the one at `start`, offset of the last part inside).

    Without any part both are the same; the text is sound JSON.
    """
    depth, at, part, is_next = 0, start, -1, False
    while True:
        char = text[at]
        if is_next and char not in _BLANK and char not in "}]":
            part, is_next = at, False
        if char == '"':
            at = _after_string(text, at)
            continue
        if char in "{[":
            depth += 1
            is_next = is_next or depth == 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return at, at if part < 0 else part
        elif char == "," and depth == 1:
            is_next = True
        at += 1


def _after_string(text: str, at: int) -> int:
    at += 1
    while text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _indent(text: str, offset: int) -> str:
    """The blank beginning of the line an offset stands on."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]
