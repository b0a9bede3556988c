"""What differs between two module.json: forms and who may use them, roles, place in the menu."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from portal.accounts.rolebook import BUILT_IN
from portal.definitions.diff_order import moved
from portal.definitions.diff_words import Said, called
from portal.errors import N_, Message
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Titles = Callable[[str], Text]
Names = Mapping[tuple[str, str], Text]  # (scope, role) → its title

TOLD = ("title", "icon", "menu", "forms", "requires", "roles")
_MAY = {
    "file": (
        N_("Those who may file “%(form)s” now include %(who)s."),
        N_("Those who may file “%(form)s” no longer include %(who)s by a rule."),
    ),
    "read": (
        N_("Those who may read “%(form)s” now include %(who)s."),
        N_("Those who may read “%(form)s” no longer include %(who)s by a rule."),
    ),
    "void": (
        N_("Those who may void “%(form)s” now include %(who)s."),
        N_("Those who may void “%(form)s” no longer include %(who)s."),
    ),
    "private": (
        N_("Those who read private fields of “%(form)s” in full now include %(who)s."),
        N_("Those who read private fields of “%(form)s” in full no longer include %(who)s."),
    ),
}
_GROUPS = {
    "money": N_("Money"),
    "site": N_("Site"),
    "plan": N_("Plan"),
    "registers": N_("Registers"),
    "company": N_("Company"),
}
_BUILT_IN = {(one.scope, one.role): read_text(one.title) for one in BUILT_IN}
_WHO = {
    "project_role": N_("“%(name)s” of the project"),
    "role": N_("“%(name)s” of the company"),
    "department": N_("the department %(name)s"),
    "requester": N_("every member of the project"),
    "": N_("every member, as without a rule"),
}


def module(old: Json, new: Json, title_of: Titles) -> Iterator[Said]:
    """One sentence per difference; `title_of` names a form by its key."""
    yield from _said(old, new)
    names = {**_BUILT_IN, **_names([*old.get("roles", ()), *new.get("roles", ())])}
    before, after = ({one["form"]: one for one in raw["forms"]} for raw in (old, new))
    for key in dict.fromkeys([*after, *before]):
        yield from _form(title_of(key), before.get(key), after.get(key), names)
    for key, _behind in moved(list(before), list(after)):
        text = N_("Form “%(form)s” has another place among the forms.")
        yield "other", Message(text, {"form": title_of(key)})
    yield from _required(old.get("requires", ()), new.get("requires", ()))
    yield from _roles(old.get("roles", ()), new.get("roles", ()))


def _said(old: Json, new: Json) -> Iterator[Said]:
    """Title, icon and place in the side bar."""
    title, now = read_text(old["title"]), read_text(new["title"])
    if title != now:
        yield "other", called(N_("The module “%(old)s” is now called “%(new)s”."), title, now)
    if old.get("icon") != new.get("icon"):
        yield "other", Message(N_("Its icon is now %(new)s."), {"new": new.get("icon", "-")})
    menu = old["menu"], new["menu"]
    if menu[0]["group"] != menu[1]["group"]:
        text = N_("In the side bar it now stands under %(new)s, before under %(old)s.")
        groups = [Message(_GROUPS[one["group"]]) for one in menu]
        yield "other", Message(text, {"old": groups[0], "new": groups[1]})
    if menu[0]["order"] != menu[1]["order"]:
        text = N_("Its place in the side bar is now %(new)s, before %(old)s.")
        yield "other", Message(text, {"old": menu[0]["order"], "new": menu[1]["order"]})


def _form(title: Text, old: Json | None, new: Json | None, names: Names) -> Iterator[Said]:
    args = {"form": title}
    if old is None or new is None:
        text = N_("Form “%(form)s” is new in the module.")
        if new is None:
            text = N_("Form “%(form)s” is no longer in the module.")
        yield "other", Message(text, args)
        return
    chain, now = old.get("workflow"), new.get("workflow")
    if chain != now:
        text = N_("“%(form)s” is now approved by the workflow %(new)s, before by %(old)s.")
        if chain is None:
            text = N_("“%(form)s” is now approved, by the workflow %(new)s.")
        elif now is None:
            text = N_("“%(form)s” is no longer approved: it counts as soon as it is filed.")
        yield "other", Message(text, {**args, "old": chain, "new": now})
    for purpose, (may, may_not) in _MAY.items():
        before, after = (_people(one.get("access", {}), purpose) for one in (old, new))
        for who in [one for one in after if one not in before]:
            yield "access", Message(may, {**args, "who": _who(who, names)})
        for who in [one for one in before if one not in after]:
            yield "access", Message(may_not, {**args, "who": _who(who, names)})


def _people(access: Json, purpose: str) -> list[tuple[str, str]]:
    """(kind of rule, name) of everybody the rules of a purpose name."""
    rules = access.get(purpose)
    if rules is None:
        return [] if purpose in ("void", "private") else [("", "")]
    return [
        (kind, str(name))
        for rule in rules
        for kind, named in rule.items()
        for name in (named if isinstance(named, list) else [named])
    ]


def _who(who: tuple[str, str], names: Names) -> Message:
    kind, name = who
    key = ("project" if kind == "project_role" else "company", name)
    return Message(_WHO[kind], {"name": names.get(key, Text(name.replace("_", " ")))})


def _names(roles: Sequence[Json]) -> Names:
    """The titles of the roles a module declares."""
    return {(one["scope"], one["role"]): read_text(one["title"]) for one in roles}


def _required(old: Sequence[str], new: Sequence[str]) -> Iterator[Said]:
    for key in [one for one in new if one not in old]:
        yield "other", Message(N_("It now needs the module %(module)s."), {"module": key})
    for key in [one for one in old if one not in new]:
        yield "other", Message(N_("It no longer needs the module %(module)s."), {"module": key})


def _roles(old: Sequence[Json], new: Sequence[Json]) -> Iterator[Said]:
    before, after = _names(old), _names(new)
    for key, title in after.items():
        was = before.get(key)
        if was is None:
            yield "role", Message(N_("Role “%(role)s” is new."), {"role": title})
        elif was != title:
            yield "role", called(N_("Role “%(old)s” is now called “%(new)s”."), was, title)
    for key in before.keys() - after.keys():
        yield "role", Message(N_("Role “%(role)s” is gone."), {"role": before[key]})
