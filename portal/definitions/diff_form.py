"""What a form says of itself: title, number, facts, list, translations; in readable sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.diff_words import Said, called, listed
from portal.errors import N_, Message
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Labels = Mapping[str, Text]

TOLD = (
    *("title", "scope", "numbering", "subject", "amount", "closes"),
    *("retires", "duplicates", "facts", "list"),
)


def about(old: Json, new: Json, labels: Labels) -> Iterator[Said]:
    """One sentence per difference of the members in TOLD."""
    title, now = read_text(old["title"]), read_text(new["title"])
    if title != now:
        yield "other", called(N_("The form “%(old)s” is now called “%(new)s”."), title, now)
    if old.get("scope", "project") != new.get("scope", "project"):
        text = N_("Its records now belong to a project each.")
        if new.get("scope") == "company":
            text = N_("Its records now belong to the company, and to no project.")
        yield "other", Message(text)
    yield from _numbering(old.get("numbering"), new.get("numbering"))
    for member, text in _NAMED.items():
        one, other = old.get(member), new.get(member)
        if one != other:
            shown = labels.get(str(other), Text(str(other or "-")))
            yield "other", Message(text, {"new": shown})
    for member, text in _LISTED.items():
        before, after = old.get(member) or (), new.get(member) or ()
        if list(before) != list(after):
            shown = listed([labels.get(path, path) for path in after])
            yield "other", Message(text, {"fields": shown})
    if bool(old.get("retires")) != bool(new.get("retires")):
        yield "other", Message(RETIRES if new.get("retires") else STAYS)
    yield from _list(old.get("list") or {}, new.get("list") or {}, labels)


_NAMED = {
    "subject": N_("The title of a record is now “%(new)s”."),
    "amount": N_("The amount of a record is now “%(new)s”."),
    "closes": N_("Its approved records now close the months of their project up to: %(new)s."),
}
_LISTED = {
    "facts": N_("Where it is linked to, it now shows: %(fields)s."),
    "duplicates": N_("Entries now look like one and the same by: %(fields)s."),
}
RETIRES = N_("Its entries can now be taken out of use.")
STAYS = N_("Its entries can no longer be taken out of use.")
_LIST = {
    "columns": (
        N_("The list now shows “%(field)s”."),
        N_("The list no longer shows “%(field)s”."),
        N_("The columns of the list have another order: %(fields)s."),
    ),
    "filters": (
        N_("The list can now be filtered by “%(field)s”."),
        N_("The list can no longer be filtered by “%(field)s”."),
        N_("The filters of the list have another order: %(fields)s."),
    ),
}


def _numbering(old: str | None, new: str | None) -> Iterator[Said]:
    if old == new:
        return
    text = N_("Numbers are now made as %(new)s, before as %(old)s.")
    if old is None:
        text = N_("Its records now get numbers: %(new)s.")
    elif new is None:
        text = N_("Its records no longer get numbers.")
    yield "other", Message(text, {"old": old, "new": new})


def _list(old: Json, new: Json, labels: Labels) -> Iterator[Said]:
    for part, (more, less, order) in _LIST.items():
        before, after = list(old.get(part) or ()), list(new.get(part) or ())
        for path in [one for one in after if one not in before]:
            yield "list", Message(more, {"field": labels.get(path, path)})
        for path in [one for one in before if one not in after]:
            yield "list", Message(less, {"field": labels.get(path, path)})
        common = [[one for one in side if one in other]
                  for side, other in ((before, after), (after, before))]  # fmt: skip
        if common[0] != common[1]:
            yield "list", Message(order, {"fields": listed([labels.get(p, p) for p in after])})
