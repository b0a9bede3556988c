"""Edits of a module.json, part by part: what is not named stays byte by byte; pure.

Every function takes the text and answers the new one. Raises Invalid where the part is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.builder import splicing
from portal.builder.module_parts.reading import Entry, General, Role, Who, read_module, who_of
from portal.errors import N_, Invalid
from portal.forms.texts import Text, write_text

_GONE = N_("The form “%(form)s” is not in the module any more.")


def set_general(text: str, given: General) -> str:
    """The text with what differs of title, icon, place in the menu and requirements."""
    now = read_module(text).general
    if given.title != now.title:
        text = splicing.set_member(text, (), "title", write_text(given.title))
    if given.icon != now.icon:
        text = splicing.set_member(text, (), "icon", given.icon or None)
    text = _set_menu(text, now, given)
    if set(given.requires) != set(now.requires):
        kept = [one for one in now.requires if one in given.requires]
        more = [one for one in given.requires if one not in kept]
        text = splicing.set_member(text, (), "requires", [*kept, *more] or None)
    return text


def _set_menu(text: str, now: General, given: General) -> str:
    if (given.group, given.order) == (now.group, now.order):
        return text
    if not isinstance(read_module(text).raw.get("menu"), Mapping):
        menu = {"group": given.group, "order": int(given.order)}
        return splicing.set_member(text, (), "menu", menu)
    if given.group != now.group:
        text = splicing.set_member(text, ("menu",), "group", given.group)
    if given.order != now.order:
        text = splicing.set_member(text, ("menu",), "order", int(given.order))
    return text


def set_role_titles(text: str, titles: Mapping[tuple[str, str], Text]) -> str:
    """The text with other titles of roles it declares, by (scope, role)."""
    for one in read_module(text).roles:
        given = titles.get((one.scope, one.role))
        if given is not None and given != one.title:
            text = splicing.set_member(text, ("roles", one.at), "title", write_text(given))
    return text


def add_role(text: str, scope: str, role: str, title: Text) -> str:
    """The text with one more role; Invalid if it declares this one."""
    found = read_module(text)
    if any((one.scope, one.role) == (scope, role) for one in found.roles):
        raise Invalid(N_("The module has a role “%(role)s” already."), role=role)
    declared = {"role": role, "scope": scope, "title": write_text(title)}
    return _append(text, "roles", found.raw, declared)


def remove_role(text: str, role: Role) -> str:
    """The text without a role; the last one leaves no empty list."""
    place = ("roles",) if len(read_module(text).roles) == 1 else ("roles", role.at)
    return splicing.remove(text, place)


def add_form(text: str, form: str, workflow: str = "") -> str:
    """The text that lists one more form."""
    entry = {"form": form} | ({"workflow": workflow} if workflow else {})
    return _append(text, "forms", read_module(text).raw, entry)


def remove_form(text: str, form: str) -> str:
    """The text that does not list a form."""
    return splicing.remove(text, ("forms", _the_entry(text, form).at))


def set_chain(text: str, form: str, workflow: str) -> str:
    """The text with another chain of a form; an empty one makes it a register."""
    entry = _the_entry(text, form)
    if entry.workflow == workflow:
        return text
    return splicing.set_member(text, ("forms", entry.at), "workflow", workflow or None)


def set_access(text: str, form: str, purpose: str, who: Sequence[Who] | None) -> str:
    """The text with others who may file, read or void a form; None: no rule.

    The same people leave the same text.
    """
    entry = _the_entry(text, form)
    now = getattr(entry, purpose)
    if (who is None) == (now is None) and set(who or ()) == set(now or ()):
        return text
    place = ("forms", entry.at)
    access = read_module(text).raw["forms"][entry.at].get("access")
    if not isinstance(access, Mapping):
        made = None if who is None else {purpose: _rules([], who)}
        return splicing.set_member(text, place, "access", made)
    if who is None and set(access) <= {purpose}:
        return splicing.remove(text, (*place, "access"))
    rules = None if who is None else _rules(access.get(purpose), who)
    return splicing.set_member(text, (*place, "access"), purpose, rules)


def _rules(now: Any, who: Iterable[Who]) -> list[dict[str, Any]]:
    """Access rules for these people, kinds and names in the order they had."""
    wanted = list(who)
    before = [one for one in who_of(now) or () if one in wanted]
    grouped: dict[str, list[str]] = {}
    for kind, value in dict.fromkeys([*before, *wanted]):
        grouped.setdefault(kind, []).append(value)
    return [{kind: True if kind == "requester" else values} for kind, values in grouped.items()]


def _the_entry(text: str, form: str) -> Entry:
    found = read_module(text).entry(form)
    if found is None:
        raise Invalid(_GONE, form=form)
    return found


def _append(text: str, name: str, raw: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    if not isinstance(raw.get(name), list):
        return splicing.set_member(text, (), name, [item])
    return splicing.insert_item(text, (name,), item)
