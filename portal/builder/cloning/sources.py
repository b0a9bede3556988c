"""What can be cloned, and what its clone may not be called."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal import paths
from portal.builder.cloning.naming import letters_of
from portal.builder.cloning.renaming import own_keys
from portal.builder.queries import current_files
from portal.builder.shipped import as_written
from portal.builder.starters import prefix_from
from portal.definitions import queries as definitions
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.json_source import SourceError, read_source
from portal.errors import NotFound
from portal.forms.texts import Text, read_text


@dataclass(frozen=True, slots=True)
class SourceForm:
    """A form of the source; `letters` are empty where its records have no numbers of a pattern."""

    key: str
    title: Text
    letters: str


@dataclass(frozen=True)
class Source:
    """A module to be cloned. `number` is its current release; None: as it came with the portal."""

    key: str
    title: Text
    number: int | None
    files: Mapping[str, str]
    requires: tuple[str, ...] = ()

    @cached_property
    def forms(self) -> list[SourceForm]:
        """Its forms in the order of module.json."""
        return [
            SourceForm(key, read_text(raw.get("title")), _letters(key, raw.get("numbering")))
            for key, raw in _forms(self.files).items()
        ]

    @cached_property
    def ledgers(self) -> list[str]:
        """The ledgers its records post to, in the order they are first named."""
        raws = (_raw(text) for name, text in self.files.items() if name.endswith(".postings.json"))
        rules = (rule for raw in raws for rule in raw.get("rules", ()))
        return list(dict.fromkeys(str(rule.get("ledger")) for rule in rules))


@dataclass(frozen=True, slots=True)
class Taken:
    """What exists, published or shipped: modules, keys, and forms by their numbers' letters."""

    modules: frozenset[str]
    keys: frozenset[str]
    letters: Mapping[str, Text]


def the_source(key: str) -> Source:
    """The module as published, or as it came with the portal; raises NotFound."""
    found = next((one for one in definitions.modules() if one.key == key), None)
    if found is not None and found.release is not None:
        number, files = found.release.number, current_files(key)
    elif key in _shipped():
        number, files = None, _shipped()[key]
    else:
        raise NotFound
    written = as_written(key, files.get("module.json", ""))
    return Source(key, written.title, number, files, written.requires)


def taken() -> Taken:
    """What a clone may not be called."""
    shipped = _shipped()
    keys: set[str] = set()
    letters: dict[str, Text] = {}
    modules = {one.key for one in definitions.modules()} | shipped.keys()
    for module in modules:
        for files in (current_files(module), shipped.get(module, {}), _drafted(module)):
            keys |= own_keys(files)
            for raw in _forms(files).values():
                if found := letters_of(raw.get("numbering")):
                    letters.setdefault(found, read_text(raw.get("title")))
    return Taken(frozenset(modules), frozenset(keys), letters)


def _drafted(module: str) -> Mapping[str, str]:
    draft = definitions.draft_of(module)
    return definitions.files_of(draft.id) if draft else {}


def _shipped() -> dict[str, Mapping[str, str]]:
    return {folder.name: read_folder(folder) for folder in module_folders(paths.DEFINITIONS)}


def _letters(key: str, pattern: Any) -> str:
    return (letters_of(pattern) or prefix_from(key)) if pattern else ""


def _forms(files: Mapping[str, str]) -> dict[str, Any]:
    """Key → definition of every form that can be read."""
    found = {
        name.removesuffix(".form.json"): _raw(text)
        for name, text in files.items()
        if name.endswith(".form.json")
    }
    return {key: raw for key, raw in found.items() if raw}


def _raw(text: str) -> Mapping[str, Any]:
    try:
        raw = read_source(text).value
    except SourceError:
        return {}
    return raw if isinstance(raw, dict) else {}
