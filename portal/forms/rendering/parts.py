"""Markup cut at its markers: a macro is rendered once, afterwards only strings are joined.

The cut is made before any value is put in, and markers carry a random word of this process, so
neither a value nor a text of a definition can pass for one. Every value is escaped on its way in,
except `Html`, which only `Parts.join` and `join_all` make.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

_WORD = secrets.token_hex(8)
_MARK = re.compile(f"\\[{_WORD}:([0-9]+)\\]")


class Html:
    """Finished markup; templates take it as it is."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __html__(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: escaped text, or `Html`."""

    name: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A part of the template that stands there only if a value is (or is not) given.

    With `member`, if the value holds that member.
    """

    name: str
    parts: "Parts"
    wanted: bool = True
    member: str | None = None


Item = str | Slot | Switch


class Marks:
    """What a macro writes instead of values; `m.name` is a slot, `m.when(...)` a switch.

    The words of a switch are an argument, or the body of `{% call m.when("name") %}`, which may
    hold marks itself.
    """

    def __init__(self) -> None:
        self._places: list[Callable[[], Slot | Switch]] = []

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._mark(lambda: Slot(name))

    def when(self, name: str, words: str = "", caller: Any = None) -> str:
        """These words if the value is given."""
        text = str(caller()) if caller else words
        return self._mark(lambda: Switch(name, self.cut(text, strip=False)))

    def unless(self, name: str, words: str = "", caller: Any = None) -> str:
        """These words if the value is missing."""
        text = str(caller()) if caller else words
        return self._mark(lambda: Switch(name, self.cut(text, strip=False), wanted=False))

    def among(self, name: str, member: str, words: str) -> str:
        """These words if the value (a collection) holds this member."""
        return self._mark(lambda: Switch(name, self.cut(words, strip=False), member=member))

    def _mark(self, place: Callable[[], Slot | Switch]) -> str:
        self._places.append(place)
        return f"[{_WORD}:{len(self._places) - 1}]"

    def cut(self, rendered: str, *, strip: bool = True) -> "Parts":
        """The rendered macro as parts."""
        pieces = _MARK.split(rendered.strip() if strip else rendered)
        items: list[Item] = []
        for number, piece in enumerate(pieces):
            if number % 2:
                items.append(self._places[int(piece)]())
            elif piece:
                items.append(piece)
        return Parts(items)


class Parts:
    """Literal texts and the places between them."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = tuple(items)

    def join(self, values: Mapping[str, Any]) -> Html:
        """The markup with these values; a slot without one stays empty."""
        out: list[str] = []
        self._write(values, out.append)
        return Html("".join(out))

    def _write(self, values: Mapping[str, Any], add: Callable[[str], None]) -> None:
        for item in self._items:
            if isinstance(item, str):
                add(item)
                continue
            value = values.get(item.name)
            if isinstance(item, Slot):
                if value is not None:
                    add(value.text if isinstance(value, Html) else escape(value))
            elif (
                bool(value) if item.member is None else _holds(value, item.member)
            ) is item.wanted:
                item.parts._write(values, add)


def _holds(value: Any, member: str | None) -> bool:
    return bool(value) if member is None else bool(value) and member in value


NOTHING = Html("")


def join_all(pieces: Iterable[Html]) -> Html:
    """Pieces one after the other."""
    return Html("".join([piece.text for piece in pieces]))
