"""Published modules in memory: read once per process and kept by content, never by time.

Each request asks one small question, which releases are current; everything else comes from here.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.definitions.access import Access, read_access
from portal.definitions.models import Definition, Module, ModuleRelease
from portal.definitions.posting_lines import PostingRule, compile_rules
from portal.errors import NotFound
from portal.forms.compiled import CompiledForm
from portal.forms.compiling import compile_form
from portal.forms.texts import Text, read_text
from portal.workflows.definition import read_workflow
from portal.workflows.tree import WorkflowDefinition

Json = Mapping[str, Any]
Links = Callable[[str], Json | None]

_MOST_KEPT = 300
_MEMO = "definitions.current"

_lock = Lock()
_releases: "OrderedDict[tuple[str, str], Release]" = OrderedDict()
_catalogs: "OrderedDict[str, Catalog]" = OrderedDict()


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


@dataclass(frozen=True, eq=False)
class Catalog:
    """The current releases by module, and their forms by key."""

    releases: Mapping[str, Release]
    forms: Mapping[str, FormInRelease]

    def links(self, key: str) -> Json | None:
        """The full form of a current form."""
        found = self.forms.get(key)
        return found.expanded if found else None


@dataclass(frozen=True, slots=True)
class Current:
    """Which releases are current in this transaction; `mark` changes with any of them."""

    mark: str
    releases: Mapping[str, str]
    enabled: frozenset[str]


def current() -> Current:
    """One small query per database session."""
    found: Current | None = db.session.info.get(_MEMO)
    if found is None:
        rows = db.session.execute(
            select(Module.key, Module.enabled, ModuleRelease.id, ModuleRelease.sha256)
            .join(ModuleRelease, ModuleRelease.id == Module.current_release_id)
            .order_by(Module.key)
        ).all()
        mark = "|".join(f"{release_id}:{sha256}" for _, _, release_id, sha256 in rows)
        releases = {key: release_id for key, _, release_id, _ in rows}
        found = Current(mark, releases, frozenset(key for key, on, _, _ in rows if on))
        db.session.info[_MEMO] = found
    return found


def forget_current() -> None:
    """Ask again which releases are current; called where that changes."""
    _forget(db.session())


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_MEMO, None)


def current_catalog() -> Catalog:
    """All current releases."""
    now = current()
    with _lock:
        found = _catalogs.get(now.mark)
    if found is None:
        found = _read_catalog(now)
        with _lock:
            _catalogs[now.mark] = found
            while len(_catalogs) > 4:  # an older one serves only transactions still open
                _catalogs.popitem(last=False)
    return found


def release(release_id: str) -> Release:
    """Any published release; raises NotFound."""
    now = current()
    if release_id in now.releases.values():
        for one in current_catalog().releases.values():
            if one.id == release_id:
                return one
    key = (release_id, now.mark)
    with _lock:
        found = _releases.get(key)
        if found is not None:
            _releases.move_to_end(key)
            return found
    read = _read([release_id], current_catalog().links)
    if release_id not in read:
        raise NotFound
    with _lock:
        _releases[key] = read[release_id]
        while len(_releases) > _MOST_KEPT:
            _releases.popitem(last=False)
    return read[release_id]


def _read_catalog(now: Current) -> Catalog:
    forms: dict[str, FormInRelease] = {}

    def links(key: str) -> Json | None:
        found = forms.get(key)
        return found.expanded if found else None

    releases = {one.module: one for one in _read(list(now.releases.values()), links).values()}
    for one in releases.values():
        forms.update(one.forms)
    return Catalog(releases, forms)


def _read(release_ids: list[str], links: Links) -> dict[str, Release]:
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
        return Release(self.id, self.module, self.number, self.sha256, title, module_json, forms)

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
