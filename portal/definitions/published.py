"""A published module as the portal uses it: its forms joined with chain, postings and access."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions.access import Access, read_access
from portal.definitions.models import Definition, ModuleRelease
from portal.definitions.posting_lines import PostingRule, compile_rules
from portal.forms.compiled import CompiledForm
from portal.forms.compiling import compile_form
from portal.forms.texts import Text, read_text
from portal.workflows.definition import read_workflow
from portal.workflows.tree import WorkflowDefinition

Json = Mapping[str, Any]
Links = Callable[[str], Json | None]


@dataclass(eq=False)
class FormInRelease:
    """A form as one release has it; compiled when first used."""

    key: str
    module: str
    release_id: str
    release_number: int
    expanded: Json
    sha256: str
    title: Text
    scope: str
    access: Access
    _workflow: Json | None
    _postings: tuple[Json, ...]
    _links: Links = field(repr=False)

    @cached_property
    def form(self) -> CompiledForm:
        """The compiled form: fields, rules, validators."""
        return compile_form(self.expanded, self._links, known_hash=self.sha256)

    @cached_property
    def workflow(self) -> WorkflowDefinition | None:
        """The chain its records take; None for a register."""
        return None if self._workflow is None else read_workflow(self._workflow)

    @cached_property
    def postings(self) -> tuple[PostingRule, ...]:
        """Its posting rules."""
        rules = [rule for file in self._postings for rule in file["rules"]]
        return compile_rules(rules, self.form)

    @property
    def chain(self) -> Json | None:
        """The chain as it is written; None for a register."""
        return self._workflow

    @property
    def has_workflow(self) -> bool:
        """Whether its records are approved, rather than registered at once."""
        return self._workflow is not None


@dataclass(frozen=True, eq=False)
class Release:
    """A published module: what module.json says, and its forms by key."""

    id: str
    module: str
    number: int
    sha256: str
    title: Text
    module_json: Json
    forms: Mapping[str, FormInRelease]
    sheets: Mapping[str, Json] = field(default_factory=dict)
    health: Mapping[str, Json] = field(default_factory=dict)

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return str(self.module_json.get("icon") or "file-text")

    @property
    def group(self) -> str:
        """The group of the side bar it stands in."""
        return str(self.module_json["menu"]["group"])

    @property
    def order(self) -> int:
        """Its place within the group."""
        return int(self.module_json["menu"]["order"])


def read_releases(release_ids: list[str], links: Links) -> dict[str, Release]:
    """The published ones among these releases, by id."""
    rows = db.session.execute(
        select(
            ModuleRelease.id,
            ModuleRelease.module,
            ModuleRelease.number,
            ModuleRelease.sha256,
            Definition.kind,
            Definition.key,
            Definition.body,
            Definition.sha256,
        )
        .join(Definition, Definition.release_id == ModuleRelease.id)
        .where(ModuleRelease.id.in_(release_ids), ModuleRelease.number.is_not(None))
        .order_by(ModuleRelease.module, ModuleRelease.id, Definition.name)
    )
    found: dict[str, _Parts] = {}
    for release_id, module, number, sha256, kind, key, body, file_hash in rows:
        parts = found.setdefault(release_id, _Parts(release_id, module, number, sha256))
        parts.files.setdefault(kind, {})[key] = (body, file_hash)
    return {release_id: parts.joined(links) for release_id, parts in found.items()}


@dataclass
class _Parts:
    """The files of one release while they are gathered: kind → key → (content, hash)."""

    id: str
    module: str
    number: int
    sha256: str
    files: dict[str, dict[str, tuple[Json, str]]] = field(default_factory=dict)

    def joined(self, links: Links) -> Release:
        """The release, its forms joined with chain, postings and access."""
        module_json = next(iter(self.files["module"].values()))[0]
        own = {key: body for key, (body, _) in self.files.get("form", {}).items()}

        def own_first(key: str) -> Json | None:
            return own.get(key) or links(key)

        forms = {entry["form"]: self._form(entry, own_first) for entry in module_json["forms"]}
        title = read_text(module_json["title"])
        sheets, health = (
            {key: body for key, (body, _) in self.files.get(kind, {}).items()}
            for kind in ("sheet", "health")
        )
        return Release(
            self.id,
            self.module,
            self.number,
            self.sha256,
            title,
            module_json,
            forms,
            sheets,
            health,
        )

    def _form(self, entry: Json, links: Links) -> FormInRelease:
        key = entry["form"]
        expanded, sha256 = self.files["form"][key]
        chains = self.files.get("workflow", {})
        chain = chains[entry["workflow"]][0] if entry.get("workflow") else None
        postings = self.files.get("postings", {}).values()
        scope = str(expanded.get("scope", "project"))
        return FormInRelease(
            key=key,
            module=self.module,
            release_id=self.id,
            release_number=self.number,
            expanded=expanded,
            sha256=sha256,
            title=read_text(expanded["title"]),
            scope=scope,
            access=read_access(entry.get("access") or {}, scope),
            _workflow=chain,
            _postings=tuple(body for body, _ in postings if body["form"] == key),
            _links=links,
        )
