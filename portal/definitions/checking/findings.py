"""What a check found, where, and what to do about it; and what is known beside the module."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from portal.definitions.json_source import Path, Source
from portal.errors import N_, Message
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form
from portal.workflows.tree import WorkflowDefinition

Severity = Literal["error", "warning"]
Json = Mapping[str, Any]

_PATH_LENGTH = 300
BUILT_IN_ROLES = frozenset({("project", "project_manager"), ("project", "member")})


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


@dataclass(frozen=True)
class Known:
    """What stands beside the module that is checked.

    `forms` are the expanded forms of other modules, `owners` the module of every such form and
    workflow (`("form", "contract")`), `roles` pairs (project or company, role). `previous` are
    this module's forms as published now; None means: nothing was ever published.
    """

    forms: Mapping[str, Json] = field(default_factory=dict)
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    roles: frozenset[tuple[str, str]] = frozenset()
    modules: frozenset[str] = frozenset()
    previous: Mapping[str, Json] = field(default_factory=dict)


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
        """Note a finding.

        `args` and all other names fill both sentences; `inside` is a column within a text value.
        """
        line, column, words = 1, 1, {**(args or {}), **more}
        if self.source is not None:
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

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far prevents publishing."""
        return any(one.severity == "error" for one in self.findings)


CORRECT_IT = N_("Correct it, or take the member out.")


@dataclass
class File:
    """A file of the module: its kind (`form`), key (`payment`), text, content and findings."""

    name: str
    kind: str
    key: str
    text: str
    notes: Notes
    raw: dict[str, Any] | None = None

    @property
    def is_sound(self) -> bool:
        """Whether its shape was accepted, so that further checks may read it."""
        return self.raw is not None


@dataclass
class Package:
    """A module being checked: its files, and what later checks made of them."""

    files: dict[str, File]
    known: Known
    module: File | None = None
    expanded: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, FormDefinition] = field(default_factory=dict)
    compiled: dict[str, CompiledForm] = field(default_factory=dict)
    workflows: dict[str, WorkflowDefinition] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Iterator[File]:
        """The sound files of one kind, by name."""
        return (f for f in self.files.values() if f.kind == kind and f.is_sound)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What module.json says of its forms."""
        raw = self.module.raw if self.module else None
        return list(raw["forms"]) if raw else []

    @property
    def key(self) -> str:
        """The module's key; empty while module.json cannot be read."""
        raw = self.module.raw if self.module else None
        return str(raw["module"]) if raw else ""

    @property
    def roles(self) -> frozenset[tuple[str, str]]:
        """Every declared role: built in, of this module, of the others."""
        raw = (self.module.raw if self.module else None) or {}
        own = {(role["scope"], role["role"]) for role in raw.get("roles", ())}
        return BUILT_IN_ROLES | self.known.roles | own

    def links(self, key: str) -> Json | None:
        """The full form of a form of this module, or of another one."""
        return self.expanded.get(key) or self.known.forms.get(key)

    def form_definition(self, key: str) -> FormDefinition | None:
        """A form of this module, or of another one, as read; None if nobody has it."""
        if key not in self.forms and key in self.known.forms:
            self.forms[key] = read_form(self.known.forms[key])
        return self.forms.get(key)


@dataclass(frozen=True)
class Report:
    """Everything found in a module, and what its sound files mean.

    `expanded` holds the full form of each form file by form key.
    """

    findings: list[Finding]
    expanded: Mapping[str, Json] = field(default_factory=dict)
    package: Package | None = None

    @property
    def errors(self) -> list[Finding]:
        """What prevents publishing."""
        return [one for one in self.findings if one.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What does not."""
        return [one for one in self.findings if one.severity == "warning"]

    @property
    def ok(self) -> bool:
        """Whether the module may be published."""
        return not self.errors
