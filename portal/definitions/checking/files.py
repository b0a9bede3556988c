"""Reading the files of a module: names, JSON, key inside equal to the file's name."""

import re
from collections.abc import Mapping
from typing import Any

from portal.definitions.checking.findings import File, Known, Notes, Package
from portal.definitions.checking.shape import check_shape
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.metaschema.shapes import KEY_PATTERN
from portal.errors import N_

MODULE = "module.json"
_NAME = re.compile(r"([a-z][a-z0-9_]{0,40})\.(form|workflow|postings|cases|sheet|health)\.json")
_KEY = re.compile(KEY_PATTERN)
_MOST_FILES = 300

_KEY_MEMBER = {
    "form": "form",
    "workflow": "workflow",
    "postings": "postings",
    "cases": "form",
    "sheet": "sheet",
    "health": "health",
}


def file_kind(name: str) -> tuple[str, str] | None:
    """(kind, key) of a file's name: `payment.form.json` is the form `payment`; None if none."""
    if name == MODULE:
        return "module", ""
    match = _NAME.fullmatch(name)
    return (match[2], match[1]) if match else None


def read_package(files: Mapping[str, str], known: Known) -> Package:
    """The files read and judged one by one; what is wrong stands in their notes."""
    package = Package({}, known)
    for name in sorted(files, key=lambda n: (n != MODULE, n))[:_MOST_FILES]:
        package.files[name] = _read(name, files[name])
    package.module = package.files.get(MODULE)
    if package.module is None:
        package.files[MODULE] = _missing_module()
    return package


def _missing_module() -> File:
    notes = Notes(MODULE)
    notes.add(
        (), N_("The module has no module.json."), N_("Write one: it names the module's forms.")
    )
    return File(MODULE, "module", "", "", notes)


def _read(name: str, text: str) -> File:
    notes = Notes(name)
    found = file_kind(name)
    if found is None:
        notes.add(
            (),
            N_("“%(name)s” is no file of a module."),
            N_("Name it <key>.form.json, or .workflow, .postings, .cases, .sheet, .health."),
            name=name[:80],
        )
        return File(name, "unknown", "", text, notes)
    kind, key = found
    file = File(name, kind, key, text, notes)
    try:
        notes.source = read_source(text)
    except SourceError as error:
        _note_source(notes, error)
        return file
    raw = notes.source.value
    check_shape(kind, raw, notes)
    if not notes.has_errors:
        file.raw = raw
        _check_key(file, raw)
        file.key = key or str(raw["module"])
    return file


def _note_source(notes: Notes, error: SourceError) -> None:
    notes.add((), error.message, error.remedy)
    first = notes.findings.pop()
    place = {"line": error.line, "column": error.column}
    notes.findings.append(
        type(first)(
            file=first.file,
            path="",
            severity="error",
            message=first.message,
            remedy=first.remedy,
            **place,
        )
    )


def _check_key(file: File, raw: dict[str, Any]) -> None:
    member = _KEY_MEMBER.get(file.kind)
    if member and raw[member] != file.key:
        file.notes.add(
            (member,),
            N_("The key is “%(key)s”, but the file is named for “%(file)s”."),
            N_("Make both the same."),
            key=raw[member],
            file=file.key,
        )
