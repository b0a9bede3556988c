"""Small edits of a JSON text that leave every other byte as the author wrote it; pure.

Every function raises SourceError for no JSON, and Invalid where the path does not lead to what is
to be changed.
"""

import json
from typing import Any

from portal.definitions.formatting import format_source
from portal.definitions.json_source import Path, Source, read_source
from portal.errors import N_, Invalid

_STEP = "  "
_BLANK = " \t\r\n"


def line_break(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


def with_line_breaks(text: str, like: str) -> str:
    """A text as a browser sent it (CRLF always), with line breaks as another text has them."""
    return text.replace("\r\n", "\n").replace("\n", line_break(like))


def line_of(text: str, path: Path) -> int:
    """The line (from 1) on which the value at a path begins."""
    return read_source(text).position(path)[0]


def insert_member(text: str, path: Path, key: str, value: Any, *, at: int | None = None) -> str:
    """The text with one more member in the object at a path: the last, or the one numbered `at`."""
    source = read_source(text)
    inside = _demand(source, path, dict)
    if key in inside:
        raise Invalid(N_("“%(key)s” is there already."), key=key)
    name = json.dumps(key, ensure_ascii=False) + ": "
    return _insert(text, source, path, len(inside) if at is None else at, name, value)


def insert_item(text: str, path: Path, value: Any, *, at: int | None = None) -> str:
    """The text with one more item in the list at a path: the last, or the one numbered `at`."""
    source = read_source(text)
    inside = _demand(source, path, list)
    return _insert(text, source, path, len(inside) if at is None else at, "", value)


def replace_value(text: str, path: Path, value: Any) -> str:
    """The text with another value at a path; an equal one leaves the text as it is."""
    source = read_source(text)
    if not source.has(path):
        raise Invalid(N_("There is nothing at “%(path)s”."), path=_spoken(path))
    start, end = source.span(path)
    if _same(_value_at(source, path), value):
        return text
    return text[:start] + _body(text, value, _indent(text, start)) + text[end:]


def set_member(text: str, path: Path, key: str, value: Any) -> str:
    """The text with a member of the object at a path set; None takes it out."""
    inside = _demand(read_source(text), path, dict)
    if value is None:
        return remove(text, (*path, key)) if key in inside else text
    if key in inside:
        return replace_value(text, (*path, key), value)
    return insert_member(text, path, key, value)


def remove(text: str, path: Path) -> str:
    """The text without the member or item at a path."""
    source = read_source(text)
    if not path or not source.has(path):
        raise Invalid(N_("There is nothing at “%(path)s”."), path=_spoken(path))
    parts = _parts(source, path[:-1])
    spans = [source.span(part, named=True) for part in parts]
    at = parts.index(path)
    if len(parts) == 1:
        start, end = source.span(path[:-1])
        return text[: start + 1] + text[end - 1 :]
    if at == 0:
        return text[: spans[0][0]] + text[spans[1][0] :]
    return text[: spans[at - 1][1]] + text[spans[at][1] :]


def move(text: str, path: Path, to: int) -> str:
    """The text with the member or item at a path as the one numbered `to` among its siblings."""
    source = read_source(text)
    if not path or not source.has(path):
        raise Invalid(N_("There is nothing at “%(path)s”."), path=_spoken(path))
    parts = _parts(source, path[:-1])
    spans = [source.span(part, named=True) for part in parts]
    bodies = [text[start:end] for start, end in spans]
    at = parts.index(path)
    bodies.insert(max(0, min(to, len(parts) - 1)), bodies.pop(at))
    made, behind = "", 0
    for (start, end), body in zip(spans, bodies, strict=True):
        made += text[behind:start] + body
        behind = end
    return made + text[behind:]


def _demand(source: Source, path: Path, kind: type) -> Any:
    inside = _value_at(source, path)
    if not isinstance(inside, kind):
        said = N_("There is no list at “%(path)s”.")
        if kind is dict:
            said = N_("There is no object at “%(path)s”.")
        raise Invalid(said, path=_spoken(path))
    return inside


def _value_at(source: Source, path: Path) -> Any:
    value = source.value
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _same(one: Any, other: Any) -> bool:
    """Equal to the last letter: 1 is not True, and the order of members counts."""
    return json.dumps(one) == json.dumps(other)


def _spoken(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _parts(source: Source, path: Path) -> list[Path]:
    """The paths of what stands in the object or list at a path, in order."""
    inside = _value_at(source, path)
    return [(*path, part) for part in (inside if isinstance(inside, dict) else range(len(inside)))]


def _insert(text: str, source: Source, path: Path, at: int, name: str, value: Any) -> str:
    start, end = source.span(path)
    spans = [source.span(part, named=True) for part in _parts(source, path)]
    if at < len(spans):
        first = spans[max(0, at)][0]
        gap = text[_blank_before(text, first) : first]
        body = _body(text, value, _indent(text, first)) if "\n" in gap else _flat(value)
        return text[:first] + name + body + "," + (gap or " ") + text[first:]
    last = spans[-1][1] if spans else start + 1
    comma = "," if spans else ""
    if "\n" not in text[last:end]:
        return text[:last] + comma + (" " if spans else "") + name + _flat(value) + text[last:]
    indent = _indent(text, spans[-1][0]) if spans else _indent(text, end - 1) + _STEP
    body = name + _body(text, value, indent)
    return text[:last] + comma + line_break(text) + indent + body + text[last:]


def _blank_before(text: str, at: int) -> int:
    while at and text[at - 1] in _BLANK:
        at -= 1
    return at


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _body(text: str, value: Any, indent: str) -> str:
    if "\n" not in text.strip(_BLANK):
        return _flat(value)
    return format_source(value).rstrip("\n").replace("\n", line_break(text) + indent)


def _indent(text: str, offset: int) -> str:
    """The blank beginning of the line an offset stands on."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]
