"""Modules on disk: reading a folder, and what its neighbours offer to a check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal import limits
from portal.definitions.checking import Known, file_kind
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.metaschema import is_sound
from portal.forms.expand import expand

Files = Mapping[str, str]

_OFFERED = frozenset({"module", "form", "workflow", "sheet", "health"})


def read_folder(folder: Path) -> dict[str, str]:
    """The files of one module by name; texts that are no UTF-8 are left for the check to refuse."""
    return {
        path.name: _read(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def _read(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(limits.DEFINITION_BYTES + 1)
    return raw.decode("utf-8", "surrogateescape")


def module_folders(path: Path) -> list[Path]:
    """The module folders a path means: itself, or those inside it."""
    if (path / "module.json").is_file():
        return [path]
    return sorted(one.parent for one in path.glob("*/module.json"))


@dataclass
class Offers:
    """What modules offer to others: forms, roles, keys. Unsound files offer nothing."""

    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    roles: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def add(self, module: str, files: Files) -> None:
        """Take in one module, sound files only; the first owner of a key keeps it."""
        self.roles.setdefault(module, set())
        for name, text in files.items():
            kind, key = file_kind(name) or ("", "")
            raw = _sound(kind, text) if kind in _OFFERED else None
            if raw is None:
                continue
            if kind == "module":
                self.roles[module] |= {(r["scope"], r["role"]) for r in raw.get("roles", ())}
            else:
                self.owners.setdefault((kind, key), module)
            if kind == "form" and self.owners[kind, key] == module:
                self.forms[key] = expand(raw)

    def known(self, module: str, previous: Mapping[str, Any] | None = None) -> Known:
        """What is known beside this module."""
        return Known(
            forms={
                key: form for key, form in self.forms.items() if self.owners["form", key] != module
            },
            owners=self.owners,
            roles=frozenset(
                role for owner, roles in self.roles.items() if owner != module for role in roles
            ),
            modules=frozenset(self.roles) - {module},
            previous=previous or {},
        )


def _sound(kind: str, text: str) -> Any:
    try:
        raw = read_source(text).value
    except SourceError:
        return None
    return raw if is_sound(kind, raw) else None


def offers_of(folders: Iterable[Path]) -> Offers:
    """What the modules in these folders offer to each other."""
    offers = Offers()
    for folder in folders:
        offers.add(folder.name, read_folder(folder))
    return offers
