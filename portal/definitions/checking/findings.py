"""A module being checked: its files and what was found in them, and what is known beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.definitions.checking.notes import CORRECT_IT, Finding, Notes, spoken
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form
from portal.workflows.tree import WorkflowDefinition

__all__ = ["CORRECT_IT", "File", "Finding", "Known", "Notes", "Package", "Report", "spoken"]

Json = Mapping[str, Any]

BUILT_IN_ROLES = frozenset({("project", "project_manager"), ("project", "member")})


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
