"""Words for members that changed, and parts with names that came, went or changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.errors import N_, Message
from portal.forms.texts import Text

Json = Mapping[str, Any]
Said = tuple[str, Message]

_MISSING: Any = object()

WORDS = {
    "at": N_("steps"),
    "check": N_("check"),
    "currency": N_("currency"),
    "default": N_("default"),
    "fields": N_("fields to edit, require or hide"),
    "foreach": N_("rows"),
    "hint": N_("hint"),
    "if": N_("conditions"),
    "in_filter": N_("filter of lists"),
    "in_list": N_("column of lists"),
    "label": N_("label"),
    "ledger": N_("ledger"),
    "lock": N_("locked fields"),
    "max": N_("greatest value"),
    "maxLength": N_("most characters"),
    "may": N_("what else one may do"),
    "meaning": N_("what a signature says"),
    "message": N_("message"),
    "min": N_("least value"),
    "need": N_("how many must approve"),
    "per": N_("what a rate is paid for"),
    "on_deadlock": N_("what happens when it is stuck"),
    "oneOf": N_("choices"),
    "reject": N_("what a rejection does"),
    "require": N_("required fields"),
    "required": N_("required"),
    "scale": N_("decimal places"),
    "set": N_("columns"),
    "show": N_("shown fields"),
    "title": N_("title"),
    "totals": N_("totals"),
    "unit": N_("unit"),
    "when": N_("condition"),
    "who": N_("who is asked"),
    "zh": N_("Chinese texts"),
}

KINDS = {
    "text": N_("Text"),
    "longtext": N_("Long text"),
    "number": N_("Plain number"),
    "quantity": N_("Quantity with unit"),
    "money": N_("Amount of money"),
    "percent": N_("Percent"),
    "date": N_("Date"),
    "choice": N_("Choice"),
    "yes_no": N_("Yes or no"),
    "user": N_("Person"),
    "department": N_("Department"),
    "project": N_("Project"),
    "record": N_("Link to a record"),
    "table": N_("Line table"),
    "attachment": N_("Attachments"),
    "reverse": N_("Records that link here"),
    "rollup": N_("Roll-up"),
}


def called(text: str, old: Text, new: Text) -> Message:
    """A new name, told by `text` with `%(old)s` and `%(new)s`; or only its Chinese is another."""
    if str(old) == str(new):
        return Message(
            N_("The Chinese of “%(old)s” is now “%(new)s”."), {"old": old, "new": new.zh}
        )
    return Message(text, {"old": old, "new": new})


def listed(parts: Sequence[Any]) -> Any:
    """Several words as one, joined as the reader's language joins them."""
    if len(parts) < 2:
        return parts[0] if parts else "-"
    return Message(N_("%(first)s, %(rest)s"), {"first": parts[0], "rest": listed(parts[1:])})


def members(keys: Sequence[str]) -> Any:
    """Members as words; those without one stand for themselves."""
    return listed([Message(WORDS[key]) if key in WORDS else f"“{key}”" for key in keys])


def named(
    group: str, what: str, old: Json, new: Json, called: Mapping[str, Text] | None = None
) -> Iterator[Said]:
    """Parts with names that came, went or changed; `what` names one as `%(name)s`.

    `called` has what people call them, where that is not the name itself.
    """
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, _MISSING), new.get(name, _MISSING)
        if before != after:
            part = Message(what, {"name": (called or {}).get(name, name)})
            yield group, _changed(part, before, after)


def _changed(part: Message, before: Any, after: Any) -> Message:
    args: dict[str, Any] = {"what": part}
    if before is _MISSING:
        return Message(N_("%(what)s is new."), args)
    if after is _MISSING:
        return Message(N_("%(what)s is gone."), args)
    if isinstance(before, str) and isinstance(after, str):
        args |= {"old": before, "new": after}
        return Message(N_("%(what)s was “%(old)s” and is now “%(new)s”."), args)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [
            key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)
        ]
        args["members"] = members(keys)
        return Message(N_("%(what)s changed: %(members)s."), args)
    return Message(N_("%(what)s changed."), args)


def rest(old: Json, new: Json, but: Sequence[str] = ()) -> Iterator[Said]:
    """Members nothing more is said of."""
    for key in sorted({*old, *new}):
        if key not in but and old.get(key) != new.get(key):
            yield "other", Message(N_("“%(member)s” changed."), {"member": key})
