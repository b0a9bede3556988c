"""One pass over a JSON text that notes where every value and every name stands."""

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from portal import limits
from portal.definitions.json_faults import Faults, Path
from portal.errors import N_

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z0-9_+.-]+")
_LITERALS = {"true": True, "false": False, "null": None}
_DIGITS = 18

NO_VALUE = N_("A value is expected here.")
WRITE_ONE = N_("Write a text in quotes, a number, true, false, null, […] or {…}.")
NO_COMMA = N_("A comma is missing between two members.")
NO_COMMA_IN_LIST = N_("A comma is missing between two values.")
NO_COLON = N_("A colon is missing after the name.")


class Reader:
    """Reads one text; nesting is bounded before it can exhaust the stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults = Faults(text)
        self.values: dict[Path, int] = {}
        self.ends: dict[Path, int] = {}
        self.keys: dict[Path, int] = {}

    def read(self) -> Any:
        """The one value of the text; raises SourceError at the first thing that is wrong."""
        start = 1 if self.text.startswith("\ufeff") else 0
        value, at = self._value(self._skip(start), ())
        at = self._skip(at)
        if at < len(self.text):
            raise self.faults.unexpected(
                at,
                N_("Something stands after the end of the JSON value."),
                N_("Take it out, or look for a bracket that is closed too early."),
            )
        return value

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        self.values[path] = at
        value, self.ends[path] = self._any(at, path)
        return value, self.ends[path]

    def _any(self, at: int, path: Path) -> tuple[Any, int]:
        first = self.text[at : at + 1]
        if first in "{[" and len(path) >= limits.JSON_DEPTH:
            raise self.faults.at(
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

    def _object(self, opened: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._skip(opened + 1)
        while self.text[at : at + 1] != "}":
            at = self._next(at, opened, "}", NO_COMMA, first=not found)
            if self.text[at : at + 1] != '"':
                raise self.faults.no_name(at)
            key_at = at
            key, at = self._string(at)
            if key in found:
                raise self.faults.at(
                    key_at,
                    N_("The member “%(key)s” is written twice."),
                    N_("Keep one of the two."),
                    key=key,
                )
            at = self._mark(self._skip(at), ":", NO_COLON)
            self.keys[(*path, key)] = key_at
            found[key], at = self._value(at, (*path, key))
            at = self._skip(at)
        return found, at + 1

    def _array(self, opened: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._skip(opened + 1)
        while self.text[at : at + 1] != "]":
            at = self._next(at, opened, "]", NO_COMMA_IN_LIST, first=not found)
            value, at = self._value(at, (*path, len(found)))
            found.append(value)
            at = self._skip(at)
        return found, at + 1

    def _next(self, at: int, opened: int, closing: str, text: str, *, first: bool) -> int:
        """Where the next entry begins: behind the comma, unless it is the first."""
        if at >= len(self.text):
            raise self.faults.not_closed(opened)
        if self.text[at] in "]}":
            raise self.faults.open(opened)
        if first:
            return at
        at = self._mark(at, ",", text)
        if self.text[at : at + 1] == closing:
            raise self.faults.one_comma_too_many(at)
        if at >= len(self.text):
            raise self.faults.not_closed(opened)
        return at

    def _mark(self, at: int, mark: str, text: str) -> int:
        if self.text[at : at + 1] != mark:
            raise self.faults.missing(at, text, mark)
        return self._skip(at + 1)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.faults.bad_text(error) from None
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            text = N_("This text holds half of a character.")
            raise self.faults.at(at, text, N_("Save the file as UTF-8 and write the text again."))
        return value, end

    def _plain(self, at: int) -> tuple[Any, int]:
        word = _WORD.match(self.text, at)
        if word is None:
            raise self.faults.unexpected(at, NO_VALUE, WRITE_ONE)
        if word[0] in _LITERALS:
            return _LITERALS[word[0]], word.end()
        number = _NUMBER.fullmatch(word[0])
        if number is None:
            raise self.faults.at(
                at,
                N_("“%(word)s” is not a JSON value."),
                N_("Write texts in quotes; the only words are true, false and null."),
                word=word[0][:40],
            )
        if number[1] or number[2] or len(word[0]) > _DIGITS:
            raise self.faults.at(
                at,
                N_("“%(word)s” would lose digits as a JSON number."),
                N_('Write it as text in quotes, such as "0.50".'),
                word=word[0][:40],
            )
        return int(word[0]), word.end()
