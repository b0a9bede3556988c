"""A JSON reader that knows where every value stands, and refuses what a definition may not hold.

Refused with line and column: bad syntax, duplicate members, NaN, numbers with decimals (they are
written as text), texts that are no Unicode, files too large or nested too deep.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from portal import limits
from portal.errors import N_, Message

Path = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z0-9_+.-]+")
_LITERALS = {"true": True, "false": False, "null": None}
_DIGITS = 18


class SourceError(ValueError):
    """A text that cannot be read; `line` and `column` count from 1."""

    def __init__(self, message: Message, remedy: Message, line: int, column: int) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Source:
    """What a text holds, and where each part of it stands."""

    value: Any
    _values: dict[Path, int] = field(default_factory=dict, repr=False)
    _keys: dict[Path, int] = field(default_factory=dict, repr=False)
    _lines: tuple[int, ...] = (0,)

    def position(self, path: Path) -> tuple[int, int]:
        """(line, column) of the value at the path, or of its nearest ancestor that exists."""
        return self._place(path, self._values)

    def key_position(self, path: Path) -> tuple[int, int]:
        """(line, column) of the member's name at the path; of the value for array items."""
        offset = self._keys.get(path)
        return _line_column(self._lines, offset) if offset is not None else self.position(path)

    def _place(self, path: Path, offsets: dict[Path, int]) -> tuple[int, int]:
        while path and path not in offsets:
            path = path[:-1]
        return _line_column(self._lines, offsets.get(path, 0))


def _line_column(lines: tuple[int, ...], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer(r"\n", text)))


def read_source(text: str) -> Source:
    """Read one JSON value; raises SourceError at the first thing that is wrong."""
    if len(text) > limits.DEFINITION_BYTES or _size(text) > limits.DEFINITION_BYTES:
        raise SourceError(
            Message(
                N_("The file is larger than %(most)s bytes."), {"most": limits.DEFINITION_BYTES}
            ),
            Message(N_("Split the module into smaller files.")),
            1,
            1,
        )
    reader = _Reader(text)
    value = reader.read()
    return Source(value, reader.values, reader.keys, reader.lines)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


class _Reader:
    """One pass over the text; nesting is bounded before it can exhaust the stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = _line_starts(text)
        self.values: dict[Path, int] = {}
        self.keys: dict[Path, int] = {}

    def read(self) -> Any:
        start = 1 if self.text.startswith("\ufeff") else 0
        value, at = self._value(self._skip(start), ())
        at = self._skip(at)
        if at < len(self.text):
            raise self._error(at, N_("Something stands after the end of the JSON value."))
        return value

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def _error(self, at: int, text: str, remedy: str = "", **args: Any) -> SourceError:
        line, column = _line_column(self.lines, min(at, len(self.text)))
        fallback = N_("Correct the JSON at this place.")
        return SourceError(Message(text, args), Message(remedy or fallback, args), line, column)

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        self.values[path] = at
        first = self.text[at : at + 1]
        if first in "{[" and len(path) >= limits.JSON_DEPTH:
            raise self._error(
                at,
                N_("The value is nested deeper than %(most)s levels."),
                N_("Flatten it: no definition needs this."),
                most=limits.JSON_DEPTH,
            )
        if first == "{":
            return self._object(at, path)
        if first == "[":
            return self._array(at, path)
        if first == '"':
            return self._string(at)
        return self._plain(at)

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "}":
            if found:
                at = self._expect(at, ",", N_("A comma is missing between two members."))
            if self.text[at : at + 1] != '"':
                raise self._error(at, N_("The name of a member is expected here, in quotes."))
            key_at = at
            key, at = self._string(at)
            if key in found:
                raise self._error(
                    key_at,
                    N_("The member “%(key)s” is written twice."),
                    N_("Keep one of the two."),
                    key=key,
                )
            at = self._expect(self._skip(at), ":", N_("A colon is missing after the name."))
            self.keys[(*path, key)] = key_at
            found[key], at = self._value(at, (*path, key))
            at = self._skip(at)
        return found, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "]":
            if found:
                at = self._expect(at, ",", N_("A comma is missing between two values."))
            value, at = self._value(at, (*path, len(found)))
            found.append(value)
            at = self._skip(at)
        return found, at + 1

    def _expect(self, at: int, mark: str, text: str) -> int:
        if self.text[at : at + 1] != mark:
            raise self._error(at, text)
        return self._skip(at + 1)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self._error(error.pos, N_("This text is not written as JSON wants it.")) from None
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise self._error(at, N_("This text holds half of a character."))
        return value, end

    def _plain(self, at: int) -> tuple[Any, int]:
        word = _WORD.match(self.text, at)
        if word is None:
            raise self._error(at, N_("A value is expected here."))
        if word[0] in _LITERALS:
            return _LITERALS[word[0]], word.end()
        number = _NUMBER.fullmatch(word[0])
        if number is None:
            raise self._error(
                at,
                N_("“%(word)s” is not a JSON value."),
                N_("Write texts in quotes; the only words are true, false and null."),
                word=word[0][:40],
            )
        if number[1] or number[2] or len(word[0]) > _DIGITS:
            raise self._error(
                at,
                N_("“%(word)s” would lose digits as a JSON number."),
                N_('Write it as text in quotes, such as "0.50".'),
                word=word[0][:40],
            )
        return int(word[0]), word.end()
