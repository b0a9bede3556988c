"""A module.json read part by part, sound or not; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.json_source import read_source
from portal.errors import N_, Invalid
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]
Who = tuple[str, str]
KINDS = ("project_role", "role", "department", "requester")


@dataclass(frozen=True, slots=True)
class General:
    """What a module is called, where it stands, what it requires; figures as texts."""

    title: Text
    icon: str
    group: str
    order: str
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A role the module declares, the one numbered `at`."""

    at: int
    scope: str
    role: str
    title: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A form of the module, the one numbered `at`.

    `file`, `read`, `void` and `private` are whom its rules name as (kind, value); None: no rule.
    """

    at: int
    form: str
    workflow: str
    file: tuple[Who, ...] | None
    read: tuple[Who, ...] | None
    void: tuple[Who, ...] | None
    private: tuple[Who, ...] | None


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """The parts of a module.json."""

    text: str
    raw: Json
    general: General
    roles: tuple[Role, ...]
    entries: tuple[Entry, ...]

    def entry(self, form: str) -> Entry | None:
        """The entry of a form."""
        return next((one for one in self.entries if one.form == form), None)


def read_module(text: str) -> ModuleFile:
    """The parts; raises Invalid where the text is no JSON object."""
    try:
        raw = read_source(text).value
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        raise Invalid(N_("This text cannot be read as JSON. Mend it in the text first."))
    return ModuleFile(text, raw, _general(raw), tuple(_roles(raw)), tuple(_entries(raw)))


def _general(raw: Json) -> General:
    menu = raw.get("menu")
    menu = menu if isinstance(menu, Mapping) else {}
    requires = raw.get("requires")
    return General(
        title=read_text(raw.get("title")),
        icon=str(raw.get("icon") or ""),
        group=str(menu.get("group") or ""),
        order=str(menu.get("order", "")),
        requires=tuple(map(str, requires)) if isinstance(requires, list) else (),
    )


def _roles(raw: Json) -> Iterator[Role]:
    for at, one in _objects(raw.get("roles")):
        yield Role(
            at, str(one.get("scope", "")), str(one.get("role", "")), read_text(one.get("title"))
        )


def _entries(raw: Json) -> Iterator[Entry]:
    for at, one in _objects(raw.get("forms")):
        access = one.get("access")
        access = access if isinstance(access, Mapping) else {}
        yield Entry(
            at=at,
            form=str(one.get("form", "")),
            workflow=str(one.get("workflow") or ""),
            file=who_of(access.get("file")),
            read=who_of(access.get("read")),
            void=who_of(access.get("void")),
            private=who_of(access.get("private")),
        )


def who_of(rules: Any) -> tuple[Who, ...] | None:
    """Whom access rules name, in their order; None for no rule."""
    if not isinstance(rules, list):
        return None
    found: dict[Who, None] = {}
    for rule in rules:
        known = rule.items() if isinstance(rule, Mapping) else ()
        for kind, values in (one for one in known if one[0] in KINDS):
            for value in [""] if kind == "requester" else _listed(values):
                found[kind, value] = None
    return tuple(found)


def _listed(values: Any) -> list[str]:
    return list(map(str, values)) if isinstance(values, list) else [str(values)]


def _objects(raw: Any) -> Iterator[tuple[int, Json]]:
    for at, one in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(one, Mapping):
            yield at, one
