"""Text that a spreadsheet program could take for a formula, made harmless."""

import re
import unicodedata

# Excel looks past quotes and blanks, and reads the full-width signs as their narrow twins.
_SKIPPED = "'\"`´“”‘’«»＂＇\u200b\u200c\u200d\u2060\ufeff"
_STARTS = frozenset("=+-@")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def plain_text(text: str) -> str:
    """The text without control characters, and with an apostrophe before what looks a formula."""
    clean = _CONTROLS.sub("", text)
    if is_formula_like(text):
        clean = "'" + clean
    return clean.replace("\r\n", "\n").replace("\r", "\n")


def as_meant(text: str) -> str:
    """The text of a cell without the apostrophe `plain_text` put before it."""
    return text[1:] if text[:1] == "'" and is_formula_like(text[1:]) else text


def is_formula_like(text: str) -> bool:
    """Whether the first sign that counts is one that starts a formula (or a tab or line end)."""
    for char in text:
        if char in "\t\r\n" or unicodedata.normalize("NFKC", char) in _STARTS:
            return True
        if not (char.isspace() or char in _SKIPPED or _CONTROLS.match(char)):
            return False
    return False
