"""The tutorial's numbered lines as acts, in English and in Chinese; pure.

A line is one sentence of the small grammar below; whoever writes another one gets told.
"""

import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"^\s*\d+[.、)]\s+(.*)$")
_N, _T = r"\*\*(?P<name>[^*]+)\*\*", r"`(?P<value>[^`]+)`"
_O = r"\*\*(?P<option>[^*]+)\*\*"
GRAMMAR = {
    "en": {
        "open": r"Open the sign-in page\.",
        "choose": rf"Choose {_N}\.",
        "press": rf"Press {_N}\.",
        "write": rf"In {_N}, write {_T}\.",
        "pick": rf"In {_N}, choose {_O}\.",
        "tick": rf"Tick {_N}\.",
        "see": r"You see “(?P<name>[^”]+)”\.",
    },
    "zh": {
        "open": r"打开登录页面。",
        "choose": rf"选择 {_N}。",
        "press": rf"点击 {_N}。",
        "write": rf"在 {_N} 中填写 {_T}。",
        "pick": rf"在 {_N} 中选择 {_O}。",
        "tick": rf"勾选 {_N}。",
        "see": r"页面显示“(?P<name>[^”]+)”。",
    },
}


@dataclass(frozen=True)
class Act:
    """One line: its number in the file, what to do, with what."""

    line: int
    kind: str
    name: str = ""
    value: str = ""


class NotUnderstood(ValueError):
    """A numbered line that is no sentence of the grammar."""


def acts(text: str, language: str) -> list[Act]:
    """What the numbered lines of a tutorial say. Raises NotUnderstood, naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        numbered = _NUMBERED.match(line)
        if numbered:
            found.append(_act(number, numbered[1].strip(), language))
    return found


def _act(number: int, said: str, language: str) -> Act:
    for kind, pattern in GRAMMAR[language].items():
        match = re.fullmatch(pattern, said)
        if match:
            parts = match.groupdict()
            return Act(
                number, kind, parts.get("name", ""), parts.get("value") or parts.get("option") or ""
            )
    raise NotUnderstood(f"line {number}: {said}")
