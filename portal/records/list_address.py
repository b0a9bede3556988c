"""The address of a list read into what it asks for; names it does not have are refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal import limits
from portal.errors import N_, Malformed
from portal.forms.kinds import KindError
from portal.forms.kinds.reading import read_date, read_decimal
from portal.records.list_catalog import Catalog, ListField
from portal.records.list_query import Chosen, Query
from portal.web.viewer import Viewer

UNKNOWN = N_("This list cannot be filtered or sorted by “%(name)s”.")
CHOOSE_HERE = N_("Take it out of the address, or open the list from the menu and filter it there.")
_OWN = frozenset({"q", "state", "project", "mine", "sort", "page", "size"})
_SIDES = {"": ("least", "most"), "from": ("least",), "to": ("most",)}
_RANGES = frozenset({"number", "date"})
_SORTS = frozenset({"number", "title", "state", "amount", "date"})


class Address:
    """The query arguments of a list. Raises Malformed for names the list does not have."""

    def __init__(
        self, form: str, catalog: Catalog, viewer: Viewer, args: Mapping[str, str]
    ) -> None:
        self.form, self.catalog, self.viewer, self.args = form, catalog, viewer, args
        self.unread: set[str] = set()  # arguments whose bounds are no number or no day

    def query(self) -> Query:
        """What the list shows."""
        by, descending = self._sort()
        return Query(
            form=self.form,
            states=tuple(one for one in self.args.get("state", "").split(",") if one),
            project_id=self._project_id(),
            mine="mine" in self.args,
            text=self.args.get("q", "").strip()[:100],
            chosen=self._chosen(),
            sort=by if isinstance(by, str) else "",
            sort_field=by if isinstance(by, ListField) else None,
            descending=descending,
            page=_within(self.args.get("page"), 1, 10_000),
            size=_within(self.args.get("size"), limits.PAGE_ROWS, limits.PAGE_ROWS_MOST),
        )

    def _project_id(self) -> str | None:
        code = self.args.get("project")
        if code is None:
            return None
        return next((one.id for one in self.viewer.project_list if one.code == code), "")

    def _sort(self) -> tuple[str | ListField, bool]:
        wanted = self.args.get("sort", "")
        descending, name = wanted.startswith("-"), wanted.removeprefix("-")
        if name.startswith("f."):
            found = self.catalog.fields.get(name[2:])
            if found is None or found not in self.catalog.columns:
                raise Malformed(UNKNOWN, hint=CHOOSE_HERE, name=name[:60])
            return found, descending
        if name and name not in _SORTS:
            raise Malformed(UNKNOWN, hint=CHOOSE_HERE, name=name[:60])
        return name, descending

    def _chosen(self) -> list[Chosen]:
        found: dict[str, Chosen] = {}
        for key, text in self.args.items():
            if key in _OWN:
                continue
            path, _dot, side = key.removeprefix("f.").partition(":")
            one = self.catalog.filters.get(path) if key.startswith("f.") else None
            if one is None or side not in _SIDES:
                raise Malformed(UNKNOWN, hint=CHOOSE_HERE, name=key[:60])
            known = found.get(path) or Chosen(one)
            if not side and one.index not in _RANGES:
                found[path] = replace(known, value=text[:200])
            elif (bound := _bound(one, text)) is None:
                self.unread.add(key)
            else:
                bounds: dict[str, Any] = dict.fromkeys(_SIDES[side], bound)
                found[path] = replace(known, **bounds)
        return list(found.values())


def _within(text: str | None, default: int, most: int) -> int:
    """A positive number of the address, at most `most`."""
    given = int(text[:9]) if text and text.isascii() and text.isdigit() else default
    return max(1, min(given, most))


def _bound(one: ListField, text: str) -> Decimal | date | None:
    """A bound as typed; one that cannot be read narrows nothing."""
    if one.index not in _RANGES:
        return None
    try:
        found = read_date(text) if one.index == "date" else read_decimal(text)
        if isinstance(found, Decimal):
            return found.quantize(Decimal("0.0001")) if abs(found) < 10**14 else None
    except (KindError, InvalidOperation):
        return None
    return found
