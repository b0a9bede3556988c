"""Two texts side by side: where they differ, with a little of what stands around it; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

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
