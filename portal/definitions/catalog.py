"""Published modules in memory: read once per process and kept by content, never by time.

Each request asks one small question, which releases are current where; all else comes from here.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from portal.definitions.current import Current, current, forget_current
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

_lock = Lock()
_releases: "OrderedDict[tuple[str, str], Release]" = OrderedDict()
_catalogs: "OrderedDict[str, Catalog]" = OrderedDict()


@dataclass(frozen=True, eq=False)
class Catalog:
    """What new records are made under: the release of each module, and the forms by key.

    `pilots` are releases some projects work under before the company does. A module, or a form,
    that only a pilot has stands in `releases` and `forms` as the pilot has it.
    """

    releases: Mapping[str, Release]
    pilots: Mapping[str, Release]
    forms: Mapping[str, FormInRelease]

    @cached_property
    def roles(self) -> list[tuple[str, str, Text]]:
        """(scope, role, title) of every role the modules declare, by scope and role."""
        found = {
            (role["scope"], role["role"]): read_text(role["title"])
            for one in (*self.pilots.values(), *self.releases.values())
            for role in one.module_json.get("roles", ())
        }
        return [(scope, role, found[scope, role]) for scope, role in sorted(found)]

    @cached_property
    def by_id(self) -> Mapping[str, Release]:
        """These releases by id."""
        return {one.id: one for one in (*self.releases.values(), *self.pilots.values())}

    def sheet(self, key: str) -> Json | None:
        """The columns of a center, the same in every project; None while nobody published any."""
        return next((one.sheets[key] for one in self.releases.values() if key in one.sheets), None)

    def health(self, key: str) -> Json | None:
        """The rules projects are judged by; None while nobody published any."""
        return next((one.health[key] for one in self.releases.values() if key in one.health), None)

    def forms_of(self, module: str) -> list[FormInRelease]:
        """The forms of a module in its order, those that only a pilot has at the end."""
        keys = [*self.releases[module].forms]
        if module in self.pilots:
            keys += [key for key in self.pilots[module].forms if key not in keys]
        return [self.forms[key] for key in keys]

    def links(self, key: str) -> Json | None:
        """The full form of a current form."""
        found = self.forms.get(key)
        return found.expanded if found else None


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

    ids = list(dict.fromkeys([*now.releases.values(), *now.pilots.values()]))
    read = read_releases(ids, links)
    pilots = {module: read[release_id] for (module, _), release_id in now.pilots.items()}
    releases = {module: read[release_id] for module, release_id in now.releases.items()}
    for module, one in pilots.items():
        releases.setdefault(module, one)
        forms.update(one.forms)
    for one in releases.values():
        forms.update(one.forms)
    return Catalog(releases, pilots, forms)
