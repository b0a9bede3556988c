"""Where a cursor stands in a JSON text that somebody is writing: tolerant, in one pass; pure.

Nothing is refused. What cannot be understood is passed over, what is not closed ends with its line
or with the text, and a name without a value has none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal import limits
from portal.definitions.json_source import Path

_PIECE = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"?|[{}\[\]:,]|[^\s"{}\[\]:,]+')
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])')
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Cursor:
    """What stands at the cursor, and all that was understood of the text around it.

    `path` leads to the value one is in, or to the object whose member's name is written
    (`is_name`). `start` and `end` bound what would be replaced: the inside of a text, or a word.
    """

    value: Any
    path: Path
    is_name: bool
    start: int
    end: int
    typed: str
    is_quoted: bool
    is_closed: bool
    has_colon: bool


@dataclass(slots=True)
class _Frame:
    """An object or a list that is open; `name` is the member whose value comes next."""

    value: Any
    path: Path
    name: str | None = None
    colon: bool = False

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def waits_for_value(self) -> bool:
        return not self.is_object or self.name is not None

    def place(self) -> Path:
        """The path of the value that comes next."""
        if self.is_object:
            return (*self.path, self.name) if self.name is not None else self.path
        return (*self.path, len(self.value))

    def take(self, value: Any) -> None:
        if not self.is_object:
            self.value.append(value)
        elif self.name is not None:
            self.value[self.name] = value
            self.name, self.colon = None, False


@dataclass(slots=True)
class _Reading:
    """The state of one pass."""

    at: int
    root: list[Any] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    found: dict[str, Any] | None = None

    @property
    def top(self) -> _Frame:
        return self.stack[-1]

    def note(self, **said: Any) -> None:
        if self.found is None:
            self.found = said


def read_cursor(text: str, at: int) -> Cursor:
    """What stands at an offset of a text; never raises."""
    reading = _Reading(at)
    reading.stack.append(_Frame(reading.root, ()))
    pieces = list(_pieces(text))
    for number, (start, piece) in enumerate(pieces):
        if start >= at:
            _between(reading)
        following = pieces[number + 1][1] if number + 1 < len(pieces) else ""
        _take(reading, start, piece, following)
    _between(reading)
    found = reading.found or {}
    path = found["path"]
    return Cursor(
        value=reading.root[0] if reading.root else None,
        path=path[1:],
        is_name=found["is_name"],
        start=found.get("start", at),
        end=found.get("end", at),
        typed=found.get("typed", ""),
        is_quoted=found.get("is_quoted", False),
        is_closed=found.get("is_closed", False),
        has_colon=found.get("has_colon", False),
    )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    for match in _PIECE.finditer(text[: limits.DEFINITION_BYTES]):
        yield match.start(), match[0]


def _between(reading: _Reading) -> None:
    """The cursor stands before the next piece, in none."""
    top = reading.top
    is_name = top.is_object and top.name is None
    reading.note(path=top.path if is_name else top.place(), is_name=is_name)


def _take(reading: _Reading, start: int, piece: str, following: str) -> None:
    top = reading.top
    if piece in "{[":
        _open(reading, {} if piece == "{" else [])
    elif piece in "}]":
        _close(reading, is_object=piece == "}")
    elif piece == ",":
        top.name, top.colon = None, False
    elif piece == ":":
        top.colon = True
    elif top.is_object and (not top.waits_for_value or _is_next_name(piece, following)):
        _in_piece(reading, start, piece, top.path, following, is_name=True)
        top.name = _content(piece)
        top.value.setdefault(top.name, None)
    else:
        _in_piece(reading, start, piece, top.place(), following, is_name=False)
        top.take(_content(piece) if piece.startswith('"') else _literal(piece))


def _is_next_name(piece: str, following: str) -> bool:
    """Whether a text where a value is awaited is the next member's name: the value is missing."""
    return piece.startswith('"') and following == ":"


def _in_piece(
    reading: _Reading, start: int, piece: str, path: Path, following: str, *, is_name: bool
) -> None:
    is_quoted = piece.startswith('"')
    is_closed = is_quoted and len(piece) > 1 and piece.endswith('"')
    inner = start + is_quoted
    end = start + len(piece) - is_closed
    if not inner <= reading.at <= end:
        return
    reading.note(
        path=path,
        is_name=is_name,
        start=inner,
        end=end,
        typed=piece[is_quoted : reading.at - start],
        is_quoted=is_quoted,
        is_closed=is_closed,
        has_colon=following == ":",
    )


def _open(reading: _Reading, value: Any) -> None:
    if len(reading.stack) > limits.JSON_DEPTH:
        return
    top = reading.top
    path = top.place()
    top.take(value)
    reading.stack.append(_Frame(value, path))


def _close(reading: _Reading, *, is_object: bool) -> None:
    """Close the innermost bracket of this sort; one that closes nothing is passed over."""
    for depth in range(len(reading.stack) - 1, 0, -1):
        if reading.stack[depth].is_object == is_object:
            del reading.stack[depth:]
            return


def _content(piece: str) -> str:
    text = piece[1:] if piece.startswith('"') else piece
    text = text[:-1] if piece.startswith('"') and len(piece) > 1 and piece.endswith('"') else text
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    word = match[1]
    return chr(int(word[1:], 16)) if len(word) > 1 else _SHORT.get(word, word)


def _literal(piece: str) -> Any:
    if piece in _LITERALS:
        return _LITERALS[piece]
    return int(piece) if _WHOLE.match(piece) else piece
