"""Which entries look like one and the same: equal in a field once written the same way. Pure.

Numbers are compared by their letters and digits alone; names also without what says only the legal
form of a company, in the places where it stands.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

LEAST = 2
MOST_PAIRED = 40
_LEGAL_WORDS = frozenset(
    {
        *("co", "company", "corp", "corporation", "inc", "incorporated", "limited", "ltd"),
        *("gmbh", "llc", "llp", "plc", "pte", "pty", "sa", "srl"),
    }
)
_LEGAL_ENDS = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司")
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is compared: `within` is where two can be one, such as a project."""

    id: str
    within: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that look like one, in the order given; by entry, the fields that make it so."""

    ids: Sequence[str]
    alike: Mapping[str, Sequence[str]]


Pair = tuple[str, str]


def plain(text: str, *, is_name: bool = False) -> str:
    """A text as it is compared; empty where too little is left to tell anything by."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if is_name:
        folded = _without_legal_form(folded)
    bare = _MARKS.sub("", folded)
    return bare if len(bare) >= LEAST and set(bare) != {"0"} else ""


def _without_legal_form(name: str) -> str:
    words = _WORD.findall(name)
    while len(words) > 1 and words[-1] in _LEGAL_WORDS:
        words.pop()
    joined = "".join(words)
    for end in _LEGAL_ENDS:
        if joined.endswith(end) and len(joined) > len(end) + 1:
            return joined.removesuffix(end)
    return joined


def pair(one: str, other: str) -> Pair:
    """Two entries as they are told apart, whichever is named first."""
    return (one, other) if one < other else (other, one)


def groups(
    entries: Sequence[Entry], names: Collection[str], apart: Collection[Pair]
) -> list[Group]:
    """The entries that look like one; `names` are the fields that are names, `apart` known others.

    What looks like something that looks like a third stands with both.
    """
    reasons: dict[str, dict[str, None]] = {}
    near: dict[str, set[str]] = {}
    for path, one, other in _alike(entries, names):
        if pair(one, other) in apart:
            continue
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
        for key in (one, other):
            reasons.setdefault(key, {})[path] = None
    found, seen = [], set()
    for entry in entries:
        if entry.id in near and entry.id not in seen:
            together = _reached(entry.id, near)
            seen |= together
            ids = [one.id for one in entries if one.id in together]
            found.append(Group(ids, {one: tuple(reasons[one]) for one in ids}))
    return found


def _alike(entries: Iterable[Entry], names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(field, entry, entry) for every two that are equal in it."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for one in entries:
        for path, text in one.texts.items():
            if key := plain(text, is_name=path in names):
                places.setdefault((one.within, path, key), []).append(one.id)
    for (_within, path, _key), ids in places.items():
        pairs = combinations(ids, 2) if len(ids) <= MOST_PAIRED else pairwise(ids)
        yield from ((path, one, other) for one, other in pairs)


def _reached(first: str, near: Mapping[str, Collection[str]]) -> set[str]:
    found, waiting = {first}, [first]
    while waiting:
        for other in near[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
