"""Two texts side by side: where they differ, with a little of what stands around it; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from portal.definitions.slices import Slice

_AROUND = 2
_MOST_LINES = 4_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of both texts; a side without it has no number. `gap`: equal lines left out."""

    left_number: int | None
    left: str
    right_number: int | None
    right: str
    differs: bool
    gap: bool = False


def side_by_side(left: str, right: str) -> list[Line]:
    """The differing lines of two texts; nothing if they are equal."""
    ours, theirs = left.splitlines()[:_MOST_LINES], right.splitlines()[:_MOST_LINES]
    matcher = SequenceMatcher(None, ours, theirs)
    lines: list[Line] = []
    for number, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        if number:
            lines.append(Line(None, "", None, "", differs=False, gap=True))
        for tag, a, b, c, d in group:
            lines += _block(ours[a:b], theirs[c:d], a, c, differs=tag != "equal")
    return lines


def around(before: str | None, after: str | None, cut: Slice) -> list[Line]:
    """The lines a slice changed, with a little of what stands around them."""
    left, first = _window(before or "", cut.start, len(cut.removed or ""))
    right, _first = _window(after or "", cut.start, len(cut.added or ""))
    return [
        replace(
            one,
            left_number=one.left_number and one.left_number + first,
            right_number=one.right_number and one.right_number + first,
        )
        for one in side_by_side(left, right)
    ]


def _window(text: str, start: int, length: int) -> tuple[str, int]:
    """(the lines around a part of a text, how many lines stand before them)."""
    lines = text.split("\n")
    first = max(0, text.count("\n", 0, start) - _AROUND)
    last = text.count("\n", 0, start + length) + _AROUND
    return "\n".join(lines[first : last + 1]), first


def _block(
    ours: Sequence[str], theirs: Sequence[str], left: int, right: int, *, differs: bool
) -> Iterator[Line]:
    for at in range(max(len(ours), len(theirs))):
        has_left, has_right = at < len(ours), at < len(theirs)
        yield Line(
            left + at + 1 if has_left else None,
            ours[at] if has_left else "",
            right + at + 1 if has_right else None,
            theirs[at] if has_right else "",
            differs,
        )
