"""Edits of a form's rules as its author meets them: at the field they concern; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Design
from portal.builder.design.form_edits import free_key, opened
from portal.forms.texts import Text, read_text, write_text

EFFECTS = ("show", "require", "lock")


@dataclass(frozen=True, slots=True)
class Reaction:
    """A rule that shows, requires or locks a field; `at` are the steps it is limited to."""

    id: str
    place: int
    source: str
    at: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check whose message stands at a field."""

    id: str
    source: str
    message: Text


def reactions(design: Design, path: str, effect: str) -> list[Reaction]:
    """The rules that do this to a field; `others` are the further fields of the same rule."""
    found = []
    for place, rule in design.rules:
        if path not in _names(rule, effect):
            continue
        others = [one for each in EFFECTS for one in _names(rule, each)]
        others.remove(path)
        at = tuple(str(one) for one in rule.get("at") or ())
        source = str(rule.get("when", ""))
        found.append(Reaction(str(rule.get("id", "")), place, source, at, tuple(others)))
    return found


def checks(design: Design, path: str) -> list[Check]:
    """The checks whose message stands at a field."""
    return [
        Check(str(rule.get("id", "")), str(rule.get("check", "")), read_text(rule.get("message")))
        for _place, rule in design.rules
        if rule.get("on") == path and "check" in rule
    ]


def set_reaction(text: str, path: str, effect: str, source: str) -> str:
    """The text where a field is shown, required or locked only when this holds; "" for no rule.

    A rule that concerns other fields as well stays theirs: the field gets one of its own.
    Where several rules do it already, or one only at some steps, nothing is changed.
    """
    found = reactions(opened(text), path, effect)
    if is_manifold(found) or (found and found[0].source == source):
        return text
    if found and not found[0].others and source:
        return splicing.set_member(text, ("rules", found[0].place), "when", source)
    if found:
        text = _withdraw(text, path, effect, found[0])
    if not source:
        return text
    return _append(text, path, effect, {"when": source, effect: [path]})


def is_manifold(found: list[Reaction]) -> bool:
    """Whether these rules say more than one condition can."""
    return len(found) > 1 or any(one.at for one in found)


def set_check(text: str, rule_id: str, source: str, message: Text) -> str:
    """The text with a check changed; an empty condition takes it out."""
    place = next((at for at, rule in opened(text).rules if rule.get("id") == rule_id), None)
    if place is None:
        return text
    if not source:
        return _drop(text, place)
    text = splicing.set_member(text, ("rules", place), "check", source)
    rule = dict(opened(text).rules)[place]
    if read_text(rule.get("message")) == message:
        return text
    return splicing.set_member(text, ("rules", place), "message", write_text(message))


def add_check(text: str, path: str, source: str, message: Text) -> str:
    """The text with one more check at a field."""
    return _append(
        text, path, "check", {"check": source, "on": path, "message": write_text(message)}
    )


def forget(text: str, path: str) -> str:
    """The text where no rule shows, requires or locks the field, and no check stands at it."""
    for effect in EFFECTS:
        while found := reactions(opened(text), path, effect):
            text = _withdraw(text, path, effect, found[0])
    while places := [at for at, rule in opened(text).rules if rule.get("on") == path]:
        text = _drop(text, places[-1])
    return text


def _withdraw(text: str, path: str, effect: str, found: Reaction) -> str:
    """The text where the rule no longer does this to the field."""
    if not found.others:
        return _drop(text, found.place)
    names = _names(dict(opened(text).rules)[found.place], effect)
    if len(names) == 1:
        return splicing.remove(text, ("rules", found.place, effect))
    return splicing.remove(text, ("rules", found.place, effect, names.index(path)))


def _drop(text: str, place: int) -> str:
    if len(opened(text).rules) == 1:
        return splicing.remove(text, ("rules",))
    return splicing.remove(text, ("rules", place))


def _append(text: str, path: str, word: str, rule: Mapping[str, Any]) -> str:
    design = opened(text)
    taken = {str(one.get("id")) for _place, one in design.rules}
    key = path.rpartition(".")[2][:30]
    made = {"id": free_key(f"{key}_{word}", taken), **rule}
    if isinstance(design.raw.get("rules"), list):
        return splicing.insert_item(text, ("rules",), made)
    return splicing.insert_member(text, (), "rules", [made])


def _names(rule: Mapping[str, Any], effect: str) -> list[str]:
    names = rule.get(effect)
    return [str(one) for one in names] if isinstance(names, list) else []
