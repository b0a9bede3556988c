"""Texts that lack a language: warnings, one per text."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from portal.definitions.checking.findings import File, Package
from portal.definitions.json_source import Path
from portal.errors import N_

_CODE_LENGTH = 5
_TEXT_MEMBERS = frozenset({"title", "label", "hint", "message", "text", "meaning"})
# Members whose own members are fields, or whose texts nobody reads in another language.
WITHOUT_TEXTS = frozenset(
    {
        "texts", "tests", "examples", "default", "fetch", "rows_from", "same", "match", "totals",
        "computed", "set",
    }
)  # fmt: skip


def check_translations(package: Package) -> None:
    """List every text of the module that one of the two languages lacks."""
    for file in package.files.values():
        if file.kind in ("module", "form", "workflow") and file.raw is not None:
            for path, missing in _missing(file):
                file.notes.add(
                    path,
                    N_("The text has no %(language)s."),
                    N_('Write {"en": …, "zh": …}.'),
                    warn=True,
                    language={"en": "English", "zh": "中文"}[missing],
                )


def _missing(file: File) -> Iterator[tuple[Path, str]]:
    translated = (file.raw or {}).get("texts", {}).get("zh", {})
    for path, value in _texts(file.raw, ()):
        if isinstance(value, Mapping):
            yield from ((path, language) for language in ("en", "zh") if language not in value)
        elif not _has_entry(path, translated) and not is_neutral(value):
            yield path, "zh"


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            is_field = bool(path) and path[-1] == "properties"
            if key in _TEXT_MEMBERS and not is_field and _is_text(item):
                yield (*path, key), item
            elif key not in WITHOUT_TEXTS:
                yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, (*path, at))


def _is_text(item: Any) -> bool:
    return isinstance(item, str) or (isinstance(item, dict) and set(item) <= {"en", "zh"})


def is_neutral(value: str) -> bool:
    """Codes and figures read the same in every language."""
    return not any(c.isalpha() for c in value) or (value.isupper() and len(value) <= _CODE_LENGTH)


def _has_entry(path: Path, translated: Mapping[str, str]) -> bool:
    """Whether `texts` translates the title or description of a field in full form."""
    if path[0] != "data":
        return False
    keys = [str(part) for before, part in pairwise(path) if before == "properties"]
    name = "[].".join(keys)
    return (
        name in translated
        or f"{name}#hint" in translated
        or any(key.startswith(f"{name}=") for key in translated)
    )
