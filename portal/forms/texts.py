"""Texts of a definition in the languages of its readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """A text written by an administrator; an absent language falls back to the other one."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def __str__(self) -> str:
        return self.en or self.zh

    def in_language(self, language: str) -> str:
        """The text for a reader of `language` (`en`, `zh`, or a tag beginning with one)."""
        if language.startswith("zh"):
            return self.zh or self.en
        return self.en or self.zh


def read_text(value: Any, zh: str = "") -> Text:
    """A *text* of format 1: a string, or a map of languages; `zh` adds a translation held apart."""
    if isinstance(value, Mapping):
        return Text(str(value.get("en", "")), str(value.get("zh", "") or zh))
    return Text("" if value is None else str(value), zh)


def write_text(text: Text) -> Any:
    """A *text* as definitions write it: one string where there is only English; None for none."""
    if not text:
        return None
    if not text.zh:
        return text.en
    return {"en": text.en, "zh": text.zh} if text.en else {"zh": text.zh}


def split_text(value: Any) -> tuple[str, dict[str, str]]:
    """(the one string a JSON Schema may hold, the other languages): English first if given."""
    if not isinstance(value, Mapping):
        return ("" if value is None else str(value)), {}
    texts = {str(language): str(text) for language, text in value.items() if text}
    first = "en" if "en" in texts else next(iter(texts), "")
    plain = texts.pop(first, "") if first == "en" or not first else texts[first]
    return plain, texts
