"""Modules that came with the portal, and what a module.json says of itself before it is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import paths
from portal.accounts.models import Person
from portal.definitions import queries as definitions
from portal.definitions import services
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.json_source import SourceError, read_source
from portal.forms.texts import Text, read_text
from portal.records.beginning import begin_register
from portal.web.viewer import Viewer

CASES = ".cases.json"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A module that came with the portal and was never published here."""

    key: str
    title: Text
    icon: str
    requires: tuple[str, ...]


def shipped() -> list[Shipped]:
    """Modules in form_definitions that nobody published yet, by key."""
    published = {one.key for one in definitions.modules() if one.release is not None}
    return [
        as_written(folder.name, read_folder(folder).get("module.json", ""))
        for folder in module_folders(paths.DEFINITIONS)
        if folder.name not in published
    ]


def with_required(keys: Sequence[str]) -> list[str]:
    """These modules and, before each, those of the shipped ones it cannot do without."""
    offered = {one.key: one for one in shipped()}
    found: list[str] = []

    def take(wanted: str) -> None:
        if wanted in offered and wanted not in found:
            found.append(wanted)
            for one in offered[wanted].requires:
                take(one)

    for key in keys:
        take(key)
    return found[::-1]


def offers() -> list[tuple[str, Mapping[str, str]]]:
    """What the first-run page offers: (key, title)."""
    return [(one.key, {"en": one.title.en, "zh": one.title.zh}) for one in shipped()]


def publish_chosen(keys: Sequence[str], admin: Person, now: datetime) -> None:
    """Publish these shipped modules and what they require, as the portal itself."""
    chosen = with_required(keys)
    services.publish_folders(paths=[paths.DEFINITIONS / key for key in chosen], actor=None, now=now)
    actor = Viewer(admin.id, admin.login, admin.name, admin.language)
    begin_registers(chosen, actor=actor, now=now)


def begin_registers(modules: Sequence[str], *, actor: Viewer, now: datetime) -> None:
    """File what the registers of shipped modules begin with, where they are empty."""
    for module in modules:
        files = read_folder(paths.DEFINITIONS / module)
        for name in sorted(files):
            if name.endswith(CASES):
                raw = read_source(files[name]).value
                begun = [one["given"] for one in raw["cases"] if one.get("begins")]
                if begun:
                    begin_register(actor=actor, form_key=raw["form"], entries=begun, now=now)


def as_written(key: str, text: str) -> Shipped:
    """The title, icon and needs of a module, as far as its text can be read."""
    try:
        raw = read_source(text).value
    except SourceError:
        raw = {}
    raw = raw if isinstance(raw, dict) else {}
    requires = raw.get("requires")
    return Shipped(
        key=key,
        title=read_text(raw.get("title") or key),
        icon=str(raw.get("icon") or "file-text"),
        requires=tuple(map(str, requires)) if isinstance(requires, list) else (),
    )
