"""Texts that lack a language: warnings, one per text."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from portal.definitions.checking.findings import File, Finding, Package
from portal.definitions.json_source import Path
from portal.errors import N_

_CODE_LENGTH = 5
_SHOWN = 60
LACKING = {
    "en": N_("“%(text)s” has no English text."),
    "zh": N_("“%(text)s” has no Chinese text."),
}
_REMEDY = N_('Write it under Texts; in the file as {"en": …, "zh": …}.')
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
        if file.kind in ("module", "form", "workflow", "sheet", "health") and file.raw is not None:
            for path, missing, text in _missing(file):
                file.notes.add(path, LACKING[missing], _REMEDY, warn=True, text=_shown(text))


def is_lacking_text(one: Finding) -> bool:
    """Whether a finding says that a text lacks a language."""
    return one.message.id in LACKING.values()


def apart(findings: Sequence[Finding]) -> tuple[list[Finding], int]:
    """Findings without those of texts that lack a language, and how many these are."""
    others = [one for one in findings if not is_lacking_text(one)]
    return others, len(findings) - len(others)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _missing(file: File) -> Iterator[tuple[Path, str, str]]:
    translated = (file.raw or {}).get("texts", {}).get("zh", {})
    for path, value in _texts(file.raw, ()):
        if isinstance(value, Mapping):
            said = str(value.get("en") or value.get("zh") or "")
            yield from ((path, one, said) for one in ("en", "zh") if one not in value)
        elif not _has_entry(path, translated) and not is_neutral(value):
            yield path, "zh", value


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
