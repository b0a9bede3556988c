"""Modules written out into folders: whole, with the schemas their `$schema` names, or tidied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.definitions.checking import file_kind
from portal.definitions.folders import read_folder
from portal.definitions.formatting import format_source
from portal.definitions.json_source import SourceError, read_source

SCHEMAS = "schema"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written into a module's folder, and which files the module no longer has."""

    names: tuple[str, ...]
    removed: tuple[str, ...]


def write_module(folder: Path, files: Mapping[str, str]) -> Written:
    """Make the definition files of a folder these; what is no definition stays. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    gone = sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and file_kind(path.name) is not None and path.name not in files
    )
    for name, text in files.items():
        _write(folder / name, text)
    for name in gone:
        (folder / name).unlink()
    return Written(tuple(files), tuple(gone))


def write_schemas(root: Path) -> list[str]:
    """Write the meta-schemas where `../schema/…` of a folder in `root` finds them."""
    from portal.definitions.metaschema import files

    place = root / SCHEMAS
    place.mkdir(parents=True, exist_ok=True)
    names = []
    for name, schema in files():
        _write(place / name, format_source(schema))
        names.append(name)
    return names


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The same definitions in the stable format. Raises SourceError for what cannot be read."""
    return {name: format_source(read_source(text).value) for name, text in files.items()}


@dataclass(frozen=True, slots=True)
class Tidied:
    """A file of a folder in the stable format; `fault` says why it cannot be brought into it."""

    path: Path
    text: str
    fault: SourceError | None = None


def unformatted(folder: Path) -> Iterator[Tidied]:
    """The definition files of a module's folder that are written otherwise, or cannot be read."""
    for name, text in read_folder(folder).items():
        if file_kind(name) is None:
            continue
        try:
            tidy = format_source(read_source(text).value)
        except SourceError as fault:
            yield Tidied(folder / name, text, fault)
            continue
        if tidy != text:
            yield Tidied(folder / name, tidy)


def rewrite(one: Tidied) -> None:
    """Bring a file into the stable format. Raises OSError."""
    _write(one.path, one.text)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
