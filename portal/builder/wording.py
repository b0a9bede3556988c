"""Every text of a module's files in both languages: what lacks one, and setting them; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.design.form_edits import set_translation
from portal.builder.splicing import replace_value
from portal.definitions.checking import file_kind
from portal.definitions.checking.translations import WITHOUT_TEXTS, is_neutral
from portal.definitions.json_source import Path, SourceError, read_source
from portal.forms.fieldpaths import column_path
from portal.forms.texts import Text, read_text, write_text

_MEMBERS = frozenset({"title", "label", "hint", "message", "text", "meaning", "description"})
_SKIPPED = WITHOUT_TEXTS | {"given", "facts", "expect"}
_NAMES = ("id", "step", "choose", "role", "value", "const", "form", "name")
_MOST = {"hint": 1_000, "text": 2_000, "description": 1_000, "name": 200}
_USUAL = 500
_LONG = frozenset({"hint", "text", "description", "message"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and where it stands. `apart` is its key under `texts` in a form written in full."""

    file: str
    place: Path
    text: Text
    within: str
    apart: str | None = None

    @property
    def address(self) -> str:
        """Its place as inputs carry it."""
        return "/".join(map(str, self.place))

    @property
    def member(self) -> str:
        """What it is: title, label, hint."""
        return str(self.place[-1])

    @property
    def is_lacking(self) -> bool:
        """Whether one language is missing that its readers would miss."""
        if self.text.en and not self.text.zh:
            return not is_neutral(self.text.en)
        return not self.text.en

    @property
    def most(self) -> int:
        """The longest it may be."""
        return _MOST.get(self.member, _USUAL)

    @property
    def is_long(self) -> bool:
        """Whether it may have several lines."""
        return self.member in _LONG


def wordings(name: str, text: str) -> list[Wording]:
    """The texts of a file in its order; none where it cannot be read."""
    kind = (file_kind(name) or ("", ""))[0]
    try:
        raw = read_source(text).value
    except SourceError:
        return []
    if kind not in ("module", "form", "workflow", "cases", "sheet", "health") or not isinstance(
        raw, dict
    ):
        return []
    texts = raw.get("texts")
    translated = texts.get("zh") if isinstance(texts, Mapping) else None
    found = _Finder(name, kind, translated if isinstance(translated, Mapping) else {})
    return list(found.walk(raw, (), "", ""))


def lacking(files: Mapping[str, str]) -> int:
    """How many texts of the files lack a language."""
    return sum(one.is_lacking for name, text in files.items() for one in wordings(name, text))


def with_wording(text: str, one: Wording, words: Text) -> str:
    """The file's text with this text in other words; equal ones leave it as it is."""
    if words == one.text:
        return text
    if one.apart is None:
        return replace_value(text, one.place, write_text(words))
    text = replace_value(text, one.place, words.en or words.zh)
    return set_translation(text, one.apart, words.zh if words.en else "")


@dataclass(frozen=True, slots=True)
class _Finder:
    """Goes through one file. `path` is the field one is in, `within` the names one has passed."""

    name: str
    kind: str
    translated: Mapping[str, Any]

    def walk(self, value: Any, place: Path, path: str, within: str) -> Iterator[Wording]:
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from self._member(value, str(key), item, place, path, within)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                yield from self.walk(item, (*place, at), path, _joined(within, _named(item, at)))

    def _member(
        self, holder: Mapping[str, Any], key: str, item: Any, place: Path, path: str, within: str
    ) -> Iterator[Wording]:
        here = (*place, key)
        if place and place[-1] == "properties":
            path = column_path(path, key) if path else key
            yield from self.walk(item, here, path, path)
        elif self._is_text(key, place) and _holds_text(item):
            yield self._wording(holder, here, item, path, within)
        elif key not in _SKIPPED:
            yield from self.walk(item, here, path, within)

    def _is_text(self, key: str, place: Path) -> bool:
        if self.kind == "cases":
            return key == "name" and len(place) == 2
        return key in _MEMBERS

    def _wording(
        self, holder: Mapping[str, Any], place: Path, item: Any, path: str, within: str
    ) -> Wording:
        apart = self._key(holder, place, path) if isinstance(item, str) else None
        zh = str(self.translated.get(apart, "")) if apart else ""
        return Wording(self.name, place, read_text(item, zh), within, apart)

    def _key(self, holder: Mapping[str, Any], place: Path, path: str) -> str | None:
        """The key under `texts` of a field's own words where they stand beside its x-field."""
        if not path or "x-field" in place:
            return None
        if place[-2:-1] and isinstance(place[-2], int):
            return f"{path}={holder.get('const', '')}"
        return {"title": path, "description": f"{path}#hint"}.get(str(place[-1]))


def _named(item: Any, at: int) -> str:
    names = (item.get(one) for one in _NAMES) if isinstance(item, Mapping) else ()
    return next((one for one in names if isinstance(one, str)), str(at + 1))


def _joined(within: str, name: str) -> str:
    return f"{within} › {name}" if within else name


def _holds_text(item: Any) -> bool:
    return isinstance(item, str) or (isinstance(item, Mapping) and set(item) <= {"en", "zh"})
