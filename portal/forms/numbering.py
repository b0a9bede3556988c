"""Record numbers: the pattern of a form, and the counter it counts with."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.errors import N_, Message
from portal.expressions.errors import did_you_mean
from portal.forms.findings import Finding

_PART = re.compile(r"\{([a-z_.]+)(?::([0-9]{1,2}))?\}")
_KNOWN = frozenset({"seq", "yyyy", "yy", "mm", "project.code", "form"})
_WIDTH = 4
_LONGEST = 60

UNKNOWN_PART = N_("“%(part)s” is not part of a number.")
SO = N_(
    "It is made of {project.code}, {yyyy}, {yy}, {mm}, {form}, {seq:4} and at most 60 characters."
)
ONE_COUNTER = N_("The number needs exactly one counter {seq:4}, at its end.")


def number_prefix(
    pattern: str, *, today: date, project: Mapping[str, Any] | None = None, form: str = ""
) -> tuple[str, int]:
    """(the pattern without its counter, the digits of the counter).

    One counter runs per prefix; `today` is the day in the project's zone. A form of the company
    has no project: `{project.code}` is then left out with the hyphen behind it.
    """
    code = str((project or {}).get("code") or "")
    if not code:
        pattern = pattern.replace("{project.code}-", "").replace("{project.code}", "")
    width = _WIDTH
    values = {
        "yyyy": f"{today.year:04}",
        "yy": f"{today.year % 100:02}",
        "mm": f"{today.month:02}",
        "project.code": code,
        "form": form,
        "seq": "",
    }

    def fill(part: re.Match[str]) -> str:
        nonlocal width
        if part[1] == "seq" and part[2]:
            width = int(part[2])
        return values.get(part[1], "")

    return _PART.sub(fill, pattern), width


def number_text(prefix: str, width: int, count: int) -> str:
    """The number of the record that drew this count: `PAY-P1-2026-0042`."""
    return f"{prefix}{count:0{width}}"


def check_pattern(pattern: str) -> list[Finding]:
    """What is wrong with a numbering pattern."""
    parts = [part[1] for part in _PART.finditer(pattern)]
    rest = _PART.sub("", pattern)
    findings = [
        Finding(("numbering",), Message(UNKNOWN_PART, {"part": f"{{{part}}}"}), Message(SO))
        for part in parts
        if part not in _KNOWN
    ]
    if "{" in rest or "}" in rest or len(pattern) > _LONGEST:
        findings.append(Finding(("numbering",), Message(UNKNOWN_PART, {"part": rest}), Message(SO)))
    if parts.count("seq") != 1 or not re.search(r"\{seq(:[0-9]{1,2})?\}\Z", pattern):
        findings.append(
            Finding(("numbering",), Message(ONE_COUNTER), did_you_mean(f"{pattern}-{{seq:4}}"))
        )
    return findings
