"""Edits of a text as slices, taken back exactly although others were made since; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

_MOST_SLICES, _MOST_LINES = 20, 2_000


@dataclass(frozen=True, slots=True)
class Slice:
    """From character `start` on, `removed` became `added`; None is a file that is not there."""

    start: int
    removed: str | None
    added: str | None

    @property
    def inverse(self) -> "Slice":
        """What takes it back."""
        return Slice(self.start, self.added, self.removed)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a file's history; `takes_back` names an earlier one that it undoes."""

    id: str
    slice: Slice
    takes_back: str | None = None


class Meets(Exception):
    """An edit made since touches the very characters; `edit` is that one."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        super().__init__(edit.id)


def between(before: str | None, after: str | None) -> Slice:
    """The smallest slice of whole words that makes one text of the other."""
    if before is None or after is None:
        return Slice(0, before, after)
    start = _common(before, after)
    most = min(len(before), len(after)) - start
    end = _common(before[::-1][:most], after[::-1][:most])
    cut = Slice(start, before[start : len(before) - end], after[start : len(after) - end])
    return _whole_words(before, _at_a_comma(before, cut))


def changes(before: str | None, after: str | None) -> list[Slice]:
    """The slices that make one text of the other, one after the other, with equal lines between.

    What lies between two of them can be edited by somebody else and each still be taken back.
    """
    if before == after:
        return []
    whole = between(before, after)
    blocks = _blocks(whole) if before is not None and after is not None else []
    if len(blocks) not in range(2, _MOST_SLICES + 1):
        return [whole]
    text, found = before or "", []
    for start, removed, added in blocks:
        following = text[:start] + added + text[start + len(removed) :]
        found.append(between(text, following))
        text = following
    return found


def applied(text: str | None, cut: Slice) -> str | None:
    """The text with a slice changed. Raises ValueError where another text stands there."""
    if cut.removed is None or cut.added is None:
        if text != cut.removed:
            raise ValueError("the file is another")
        return cut.added
    end = cut.start + len(cut.removed)
    if text is None or text[cut.start : end] != cut.removed:
        raise ValueError("another text stands there")
    return text[: cut.start] + cut.added + text[end:]


def taking_back(edits: Sequence[Edit]) -> Slice:
    """What takes back the first of these edits of one file, with all others left as they are.

    Its place is followed through the later ones. Raises Meets where one of them lies on it.
    """
    first, later = edits[0], settled(edits[1:])
    return _moved_behind([first, *later])[-1].slice.inverse


def settled(edits: Sequence[Edit]) -> list[Edit]:
    """The edits without those taken back and what took them back; their places fit each other."""
    left: list[Edit] = []
    for one in edits:
        at = next((at for at, each in enumerate(left) if each.id == one.takes_back), None)
        if at is None:
            left.append(one)
        else:
            left[at:] = _moved_behind(left[at:])[:-1]
    return left


def as_of(files: Mapping[str, str], edits: Sequence[tuple[str, Slice]]) -> dict[str, str]:
    """The files before these edits (name, slice), the newest edit first."""
    found = dict(files)
    for name, cut in edits:
        text = applied(found.pop(name, None), cut.inverse)
        if text is not None:
            found[name] = text
    return found


def _blocks(whole: Slice) -> list[tuple[int, str, str]]:
    """The runs of lines that differ: where each stands once those before it are changed."""
    ours, theirs = (
        one.splitlines(keepends=True) for one in (whole.removed or "", whole.added or "")
    )
    if max(len(ours), len(theirs)) > _MOST_LINES:
        return []
    found, at = [], whole.start
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs).get_opcodes():
        removed, added = "".join(ours[a:b]), "".join(theirs[c:d])
        if tag != "equal":
            found.append((at, removed, added))
        at += len(added)
    return found


def _moved_behind(edits: Sequence[Edit]) -> list[Edit]:
    """The same edits with the first one made last. Raises Meets."""
    ours, others = edits[0], []
    for one in edits[1:]:
        swapped = _swapped(ours.slice, one.slice)
        if swapped is None:
            raise Meets(one)
        others.append(replace(one, slice=swapped[0]))
        ours = replace(ours, slice=swapped[1])
    return [*others, ours]


def _swapped(ours: Slice, later: Slice) -> tuple[Slice, Slice] | None:
    """(the later one made first, ours made after it); None where they lie on each other."""
    if ours.removed is None or ours.added is None or later.removed is None or later.added is None:
        return None
    if later.start + len(later.removed) <= ours.start:
        grown = len(later.added) - len(later.removed)
        return later, replace(ours, start=ours.start + grown)
    if later.start >= ours.start + len(ours.added):
        grown = len(ours.added) - len(ours.removed)
        return replace(later, start=later.start - grown), ours
    return None


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _at_a_comma(before: str, cut: Slice) -> Slice:
    """The same edit shifted left to begin at a comma, if it can be: an item with its separator.

    Where equal characters stand before and at the end of what came or went, it can be told in
    several ways; this one leaves the neighbors alone.
    """
    part = cut.added or cut.removed or ""
    if (cut.added and cut.removed) or not part:
        return cut
    for shift in range(len(part)):
        if part[-shift % len(part)] == ",":
            turned = part[len(part) - shift :] + part[: len(part) - shift]
            start = cut.start - shift
            return Slice(start, turned if cut.removed else "", turned if cut.added else "")
        if cut.start <= shift or before[cut.start - shift - 1] != part[-shift - 1]:
            break
    return cut


def _whole_words(before: str, cut: Slice) -> Slice:
    """The slice widened where it cuts a word in two: who changes a word changes all of it."""
    removed, added = cut.removed or "", cut.added or ""
    first, last = cut.start, cut.start + len(removed)
    if _is_word((removed + before[last:])[:1] + (added + before[last:])[:1]):
        while first and _is_word(before[first - 1]):
            first -= 1
    if _is_word((before[:first] + removed)[-1:] + (before[:first] + added)[-1:]):
        while last < len(before) and _is_word(before[last]):
            last += 1
    head, tail = before[first : cut.start], before[cut.start + len(removed) : last]
    return Slice(first, head + removed + tail, head + added + tail)


def _is_word(characters: str) -> bool:
    return any(one.isalnum() or one == "_" for one in characters)
