"""Published modules in memory: read once per process and kept by content, never by time.

Each request asks one small question, which releases are current; everything else comes from here.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import db, read_fixed, unscoped
from portal.definitions.models import Module, ModuleRelease
from portal.definitions.published import FormInRelease, Release, read_releases
from portal.errors import NotFound
from portal.forms.texts import Text, read_text

Json = Mapping[str, Any]

__all__ = [
    "Catalog",
    "Current",
    "FormInRelease",
    "Release",
    "current",
    "current_catalog",
    "forget_current",
    "release",
]

_MOST_KEPT = 300
_MEMO = "definitions.current"

_lock = Lock()
_releases: "OrderedDict[tuple[str, str], Release]" = OrderedDict()
_catalogs: "OrderedDict[str, Catalog]" = OrderedDict()


@dataclass(frozen=True, eq=False)
class Catalog:
    """The current releases by module, and their forms by key."""

    releases: Mapping[str, Release]
    forms: Mapping[str, FormInRelease]

    @cached_property
    def roles(self) -> list[tuple[str, str, Text]]:
        """(scope, role, title) of every role the modules declare, by scope and role."""
        found = {
            (role["scope"], role["role"]): read_text(role["title"])
            for one in self.releases.values()
            for role in one.module_json.get("roles", ())
        }
        return [(scope, role, found[scope, role]) for scope, role in sorted(found)]

    @cached_property
    def by_id(self) -> Mapping[str, Release]:
        """The current releases by id."""
        return {one.id: one for one in self.releases.values()}

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


_current = unscoped(
    select(Module.key, Module.enabled, ModuleRelease.id, ModuleRelease.sha256)
    .join(ModuleRelease, ModuleRelease.id == Module.current_release_id)
    .order_by(Module.key),
    "everybody works under the same releases",
)


def current() -> Current:
    """One small query per database session."""
    found: Current | None = db.session.info.get(_MEMO)
    if found is None:
        rows = read_fixed(_current, {})
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
    known = current_catalog().by_id.get(release_id)
    if known is not None:
        return known
    now = current()
    key = (release_id, now.mark)
    with _lock:
        found = _releases.get(key)
        if found is not None:
            _releases.move_to_end(key)
            return found
    read = read_releases([release_id], current_catalog().links)
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

    releases = {
        one.module: one for one in read_releases(list(now.releases.values()), links).values()
    }
    for one in releases.values():
        forms.update(one.forms)
    return Catalog(releases, forms)
