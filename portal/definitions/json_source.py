"""A JSON text that knows where every value stands, and refuses what a definition may not hold.

Refused with line and column: bad syntax, duplicate members, NaN, numbers with decimals (they are
written as text), texts that are no Unicode, files too large or nested too deep.
"""

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from portal import limits
from portal.definitions.json_faults import Path, SourceError, line_column
from portal.definitions.json_reader import Reader
from portal.errors import N_, Message

__all__ = ["Path", "Source", "SourceError", "read_source"]


@dataclass(frozen=True)
class Source:
    """What a text holds, and where each part of it stands."""

    value: Any
    _values: dict[Path, int] = field(default_factory=dict, repr=False)
    _ends: dict[Path, int] = field(default_factory=dict, repr=False)
    _keys: dict[Path, int] = field(default_factory=dict, repr=False)
    _lines: tuple[int, ...] = (0,)

    def has(self, path: Path) -> bool:
        """Whether something stands at the path."""
        return path in self._values

    def position(self, path: Path) -> tuple[int, int]:
        """(line, column) of the value at the path, or of its nearest ancestor that exists."""
        return self._place(path, self._values)

    def key_position(self, path: Path) -> tuple[int, int]:
        """(line, column) of the member's name at the path; of the value for array items."""
        offset = self._keys.get(path)
        return line_column(self._lines, offset) if offset is not None else self.position(path)

    def span(self, path: Path, *, named: bool = False) -> tuple[int, int]:
        """(first offset, offset behind the last character) of the value at the path.

        `named`: of the whole member, its name included. Raises KeyError if nothing is there.
        """
        start = self._values[path]
        return (self._keys.get(path, start) if named else start), self._ends[path]

    def path_around(self, start: int, end: int) -> Path:
        """The deepest path whose value, with its name, holds the characters from start to end."""
        found: Path = ()
        for path, first in self._values.items():
            named = self._keys.get(path, first)
            if len(path) > len(found) and named <= start and end <= self._ends[path]:
                found = path
        return found

    def _place(self, path: Path, offsets: dict[Path, int]) -> tuple[int, int]:
        while path and path not in offsets:
            path = path[:-1]
        return line_column(self._lines, offsets.get(path, 0))


def read_source(text: str) -> Source:
    """Read one JSON value; raises SourceError at the first thing that is wrong."""
    if len(text) > limits.DEFINITION_BYTES or _size(text) > limits.DEFINITION_BYTES:
        message = N_("The file is larger than %(most)s bytes.")
        remedy = Message(N_("Split the module into smaller files."))
        raise SourceError(Message(message, {"most": limits.DEFINITION_BYTES}), remedy, 1, 1)
    if len(text) > _SHORT:
        return _read(text)
    return replace(_remembered(text), value=json.loads(text.removeprefix("\ufeff")))


def _read(text: str) -> Source:
    reader = Reader(text)
    return Source(reader.read(), reader.values, reader.ends, reader.keys, reader.faults.lines)


# The same few files are read again and again; whoever asks gets values of their own. Long files are
# not remembered: where their values stand takes many times as much memory as they do.
_SHORT = 65_536  # characters
_remembered = lru_cache(maxsize=100)(_read)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
