"""What differs between two layouts: sections that came, went, moved or were renamed, and fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.definitions.diff_order import moved
from portal.definitions.diff_words import called
from portal.errors import N_, Message
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class _Block:
    """A section (with a key of its own in both layouts), or a note."""

    key: str
    title: Text
    fields: tuple[str, ...]
    raw: Json


def layout(
    old: Sequence[Json], new: Sequence[Json], labels: Mapping[str, Text]
) -> Iterator[Message]:
    """One sentence per difference; `labels` names the fields both forms have."""
    before, after = _sections(old), _sections(new)
    renamed = _renamed(before, after)
    before = {renamed.get(key, key): one for key, one in before.items()}
    yield from _came_and_went(before, after)
    for key in [key for key in after if key in before]:
        yield from _section(before[key], after[key])
    yield from _moved_sections(before, after)
    yield from _moved_fields(before, after, labels)
    yield from _notes(old, new)


def _sections(blocks: Sequence[Json]) -> dict[str, _Block]:
    """Sections by their title; a title used again gets a number."""
    found: dict[str, _Block] = {}
    for block in blocks:
        if block.get("type") == "section":
            title = read_text(block.get("title"))
            key = str(title)
            while key in found:
                key += "+"
            found[key] = _Block(key, title, tuple(block["fields"]), block)
    return found


def _renamed(before: Mapping[str, _Block], after: Mapping[str, _Block]) -> dict[str, str]:
    """Old key → new key of sections that kept most of their fields under another title."""
    found: dict[str, str] = {}
    for key, one in before.items():
        if key in after:
            continue
        for other in after.values():
            shared = len(set(one.fields) & set(other.fields))
            is_new = other.key not in before and other.key not in found.values()
            if is_new and 2 * shared > max(len(one.fields), len(other.fields)):
                found[key] = other.key
                break
    return found


def _came_and_went(before: Mapping[str, _Block], after: Mapping[str, _Block]) -> Iterator[Message]:
    for key, one in after.items():
        if key not in before:
            yield Message(N_("Section “%(section)s” is new."), {"section": one.title})
    for key, one in before.items():
        if key not in after:
            yield Message(N_("Section “%(section)s” is gone."), {"section": one.title})


def _section(one: _Block, other: _Block) -> Iterator[Message]:
    """What a section says of itself."""
    if one.title != other.title:
        yield called(N_("Section “%(old)s” is now called “%(new)s”."), one.title, other.title)
    columns = [int(block.raw.get("columns", 1)) for block in (one, other)]
    if columns[0] != columns[1]:
        text = N_("Section “%(section)s” now has %(count)s columns.")
        if columns[1] == 1:
            text = N_("Section “%(section)s” now has one column.")
        yield Message(text, {"section": other.title, "count": columns[1]})
    closed = [bool(block.raw.get("collapsed")) for block in (one, other)]
    if closed[0] != closed[1]:
        text = N_("Section “%(section)s” is now open at first.")
        if closed[1]:
            text = N_("Section “%(section)s” is now closed at first.")
        yield Message(text, {"section": other.title})


def _moved_sections(before: Mapping[str, _Block], after: Mapping[str, _Block]) -> Iterator[Message]:
    for key, behind in moved(list(before), list(after)):
        title = after[key].title
        if behind is None:
            yield Message(N_("Section “%(section)s” now comes first."), {"section": title})
        else:
            args = {"section": title, "other": after[behind].title}
            yield Message(N_("Section “%(section)s” now comes after “%(other)s”."), args)


def _moved_fields(
    before: Mapping[str, _Block], after: Mapping[str, _Block], labels: Mapping[str, Text]
) -> Iterator[Message]:
    """Fields of both forms that stand elsewhere; new and removed ones are told with the fields."""
    old = {path: key for key, one in before.items() for path in one.fields if path in labels}
    new = {path: key for key, one in after.items() for path in one.fields if path in labels}
    for path in dict.fromkeys([*new, *old]):
        args = {"field": labels[path]}
        was, now = old.get(path), new.get(path)
        if was == now:
            continue
        if now is None:
            yield Message(N_("Field “%(field)s” stands in no section now: it follows at the end."),
                          args)  # fmt: skip
        elif was is None:
            text = N_("Field “%(field)s” now stands in section “%(new)s”.")
            yield Message(text, {**args, "new": after[now].title})
        else:
            text = N_("Field “%(field)s” moved from section “%(old)s” to “%(new)s”.")
            yield Message(text, {**args, "old": before[was].title, "new": after[now].title})
    for key in [key for key in after if key in before]:
        stayed = [[p for p in side[key].fields if old.get(p) == new.get(p) == key]
                  for side in (before, after)]  # fmt: skip
        for path, behind in moved(*stayed):
            other = None if behind is None else labels[behind]
            yield _moved_inside(labels[path], other, after[key].title)


def _moved_inside(field: Text, behind: Text | None, section: Text) -> Message:
    args = {"field": field, "other": behind, "section": section}
    if behind is None:
        return Message(N_("Field “%(field)s” now comes first in section “%(section)s”."), args)
    text = N_("Field “%(field)s” now comes after “%(other)s” in section “%(section)s”.")
    return Message(text, args)


def _notes(old: Sequence[Json], new: Sequence[Json]) -> Iterator[Message]:
    """Notes have no name: those that differ are told one by one."""
    before, after = ([read_text(one.get("text")) for one in blocks if one.get("type") == "note"]
                     for blocks in (old, new))  # fmt: skip
    for text in after:
        if text not in before:
            yield Message(N_("The note “%(text)s” is new."), {"text": text})
    for text in before:
        if text not in after:
            yield Message(N_("The note “%(text)s” is gone."), {"text": text})
