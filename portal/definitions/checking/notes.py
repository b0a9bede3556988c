"""What a check found in a file: where it stands, a sentence, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from portal import limits
from portal.definitions.checking.authored import authored
from portal.definitions.json_source import Path, Source
from portal.errors import N_, Message

Severity = Literal["error", "warning"]

_PATH_LENGTH = 300

MORE = {
    "error": N_("%(count)s more errors of this file are not listed."),
    "warning": N_("%(count)s more warnings of this file are not listed."),
}
FIRST_THESE = N_("Mend those above first.")
CORRECT_IT = N_("Correct it, or take the member out.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (`error`) or to think about (`warning`); line and column count from 1."""

    file: str
    path: str
    line: int
    column: int
    severity: Severity
    message: Message
    remedy: Message

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        mark = "warning: " if self.severity == "warning" else ""
        return f"{where} {self.path or '(file)'}: {mark}{self.message} — {self.remedy}"


def spoken(path: Path) -> str:
    """A path as a person reads it: `rules[0].check`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text if len(text) <= _PATH_LENGTH else text[: _PATH_LENGTH - 1] + "…"


class Notes:
    """Collects the findings of one file."""

    def __init__(self, file: str, source: Source | None = None) -> None:
        self.file = file
        self.source = source
        self.findings: list[Finding] = []
        self._count = {"error": 0, "warning": 0}

    def add(
        self,
        path: Path,
        message: Message | str,
        remedy: Message | str,
        *,
        warn: bool = False,
        at_key: bool = False,
        inside: int = 0,
        args: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Note a finding; of each severity the first hundred are kept.

        `args` and all other names fill both sentences; `inside` is a column within a text value.
        """
        self._count["warning" if warn else "error"] += 1
        if self._count["warning" if warn else "error"] > limits.FINDINGS:
            return
        line, column, words = 1, 1, {**(args or {}), **more}
        if self.source is not None:
            path = authored(path, self.source)
            place = self.source.key_position if at_key else self.source.position
            line, column = place(path)
        self.findings.append(
            Finding(
                self.file,
                spoken(path),
                line,
                column + inside,
                "warning" if warn else "error",
                message if isinstance(message, Message) else Message(message, words),
                remedy if isinstance(remedy, Message) else Message(remedy, words),
            )
        )

    def note_rest(self) -> None:
        """Say how many findings were not kept."""
        for severity, text in MORE.items():
            rest = self._count[severity] - limits.FINDINGS
            if rest > 0:
                kept = [one for one in self.findings if one.severity == severity]
                last = max(kept, key=lambda one: (one.line, one.column))
                message = Message(text, {"count": rest})
                self.findings.append(replace(last, message=message, remedy=Message(FIRST_THESE)))

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far prevents publishing."""
        return any(one.severity == "error" for one in self.findings)
