"""The page of a list: its address read, its rows worded, its links made."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portal.accounts import queries as accounts
from portal.definitions.queries import FormInRelease
from portal.forms.kinds import Reader
from portal.records import list_catalog, lists, names, telling
from portal.records.list_address import Address
from portal.records.list_catalog import Catalog, ListField
from portal.records.list_query import Chosen, Query
from portal.records.standing import standing_word
from portal.records.transitions import RETIRED, STATES
from portal.web.filters import day
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _

_BARE = "!$'()*,/:;?@"  # stand in a query as they are, as in any address Flask makes


class ListPage:
    """A list of one form for one reader. Raises Malformed for names the list does not have."""

    def __init__(self, form: FormInRelease, viewer: Viewer, args: MultiDict[str, str]) -> None:
        self.form, self.viewer = form, viewer
        self.args = {key: args[key] for key in args if args[key] != ""}
        self.catalog: Catalog = list_catalog.catalog_of(form, viewer.language)
        self.sorting = self.args.get("sort") or self._own_order()
        address = {**self.args, "sort": self.sorting}
        asked = Address(form.key, self.catalog, viewer, address)
        self.query = asked.query()
        self.unread = frozenset(asked.unread)
        self.rows: list[lists.Row] = []
        self.people: Mapping[str, str] = {}
        self.reader = Reader(viewer.language)

    def _own_order(self) -> str:
        """A register stands in the order of its codes, or of its names; else the newest first.

        What is numbered as it is filed, such as vouchers, has the newest first as well.
        """
        if self.form.has_workflow or self.has_number:
            return ""
        code = next((one for one in self.catalog.columns if one.field.unique is not None), None)
        return f"f.{code.path}" if code is not None else "title"

    def load(self) -> None:
        """Read the rows of this page and the names in them."""
        self.rows = lists.rows(self.query, self.viewer, self.catalog.columns)
        self.read_names(self.rows)

    def read_names(self, rows: list[lists.Row]) -> None:
        """The names of the people and entries in these rows."""
        self.people = accounts.person_name(row.requester_id for row in rows)
        named = [one for one in self.catalog.columns if one.is_named]
        if named and rows:
            held = [{one.path: row.values.get(one.path) for one in named} for row in rows]
            name_of = names.names_of(self.form.form.definition, held)
            self.reader = Reader(self.viewer.language, name_of)

    @cached_property
    def summary(self) -> lists.Summary:
        """How many rows, and their sum."""
        return lists.summary(self.query, self.viewer)

    def whole(self, most: int) -> Query:
        """The same list from its beginning, without pages."""
        return replace(self.query, page=1, size=most)

    # What the template asks for

    def text(self, row: lists.Row, one: ListField) -> str:
        """A cell's text."""
        return list_catalog.text_of(one, row.values.get(one.path), self.reader)

    def filed_on(self, row: lists.Row) -> str:
        """The day a row was filed, in the reader's zone."""
        return day(row.submitted_at)

    def project_code(self, row: lists.Row) -> str:
        """The code of a row's project, where the viewer works in several."""
        return self._codes.get(row.project_id, "")

    @cached_property
    def _codes(self) -> Mapping[str | None, str]:
        return {one.id: one.code for one in self.viewer.project_list}

    @cached_property
    def has_projects(self) -> bool:
        """Whether rows of several projects may stand here."""
        return self.form.scope != "company" and len(self.viewer.project_list) != 1

    @cached_property
    def has_number(self) -> bool:
        """Whether records of this form are numbered."""
        return self.form.form.definition.numbering is not None

    @cached_property
    def has_workflow(self) -> bool:
        """Whether its state says much: records that are approved show it before their fields."""
        return self.form.has_workflow

    @cached_property
    def has_amount(self) -> bool:
        """Whether the form has an amount."""
        return self.form.form.definition.amount is not None

    def address(self, **changes: Any) -> str:
        """The list's address with some of it changed; None takes a part away."""
        merged = {**self.args, "page": None, **changes}
        kept = {key: value for key, value in merged.items() if value not in (None, "")}
        return _with_query(url_for("records.index", form_key=self.form.key), kept)

    def export_address(self) -> str:
        """The same list as a spreadsheet."""
        kept = {key: value for key, value in self.args.items() if key not in {"page", "size"}}
        return _with_query(url_for("records.export", form_key=self.form.key), kept)

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        """The heads of the table."""
        made = [self._head("number", _("Number"), fit=True)] if self.has_number else []
        made.append(self._head("title", self._subject_label()))
        if self.has_projects:
            made.append({"label": _("Project"), "fit": True})
        standing = [self._head("state", _("State"), fit=True)]
        if self.has_amount:
            standing.append(self._head("amount", self._amount_label(), num=True))
        fields = [
            self._head(f"f.{one.path}", one.label, num=one.is_number, phone=False)
            for one in self.catalog.columns
        ]
        made += [*standing, *fields] if self.has_workflow else [*fields, *standing]
        made.append({"label": _("Requester"), "fit": True})
        made.append(self._head("date", _("Filed"), fit=True))
        return made

    def _amount_label(self) -> str:
        return self._label(self.form.form.definition.amount)

    def _subject_label(self) -> str:
        return self._label(self.form.form.definition.subject) or _("Title")

    def _label(self, path: str | None) -> str:
        field = self.form.form.definition.fields.get(path or "")
        return field.label.in_language(self.viewer.language) if field is not None else ""

    def _head(self, key: str, label: str, **more: Any) -> dict[str, Any]:
        now = self.sorting
        sorted_ = {key: "asc", f"-{key}": "desc"}.get(now)
        following = f"-{key}" if sorted_ == "asc" else key
        if key in {"number", "date", "amount"} and sorted_ is None:
            following = f"-{key}"
        return {"label": label, "sort": self.address(sort=following), "sorted": sorted_, **more}

    def foot(self) -> list[str] | None:
        """The footer: the sum under the amounts, where it is known."""
        if not self.has_amount or self.summary.amount is None or not self.rows:
            return None
        cells = ["" for _one in self.columns]
        cells[0] = _("Sum")
        after = 2 + (len(self.catalog.columns) if self.has_workflow else 0)
        cells[-after - 1] = f"{self.summary.amount:,.2f} {self.summary.currency}"
        return cells

    def chips(self) -> list[dict[str, str]]:
        """The filters in force, in words."""
        made: list[tuple[str, str, dict[str, Any]]] = []
        if self.query.text:
            made.append((_("Text"), self.query.text, {"q": None}))
        if self.query.states:
            words = _(", ").join(standing_word(one, self.form.key) for one in self.query.states)
            made.append((_("State"), words, {"state": None}))
        if "project" in self.args:
            made.append((_("Project"), self.args["project"], {"project": None}))
        if self.query.mine:
            made.append((_("Requester"), _("me"), {"mine": None}))
        for one in self.query.chosen:
            keys = {f"f.{one.field.path}{side}": None for side in ("", ":from", ":to")}
            made.append((one.field.label, self._chip_text(one), keys))
        return [
            {"label": label, "value": value, "remove_url": self.address(**keys)}
            for label, value, keys in made
        ]

    def _chip_text(self, one: Chosen) -> str:
        if one.value:
            return self.filter_value(one.field, one.value)
        least = _bound_text(one.field, one.least)
        most = _bound_text(one.field, one.most)
        if least == most:
            return least
        if least and most:
            return f"{least} – {most}"
        return f"≥ {least}" if least else f"≤ {most}"

    def filter_value(self, one: ListField, value: str) -> str:
        """A filter's value in words."""
        if one.is_named:
            if not lists.values_in_use(self.form.key, one, self.viewer, only=value):
                return value
            return self._named(one, [value])[value]
        if one.many:
            return list_catalog.text_of(one, value, self.reader)
        return value if one.is_free_text else list_catalog.text_of(one, value, self.reader)

    def options(self, one: ListField) -> list[tuple[str, str]]:
        """What a filter on a field offers: (value, words)."""
        if one.kind == "yes_no":
            return [("true", _("Yes")), ("false", _("No"))]
        if not one.is_named:
            language = self.viewer.language
            return [(value, text.in_language(language)) for value, text in one.choices.items()]
        keys = lists.values_in_use(self.form.key, one, self.viewer)
        return sorted(self._named(one, keys).items(), key=lambda pair: pair[1])

    def _named(self, one: ListField, keys: Iterable[str]) -> dict[str, str]:
        """The words of keys; of records with the facts that tell those of one title apart."""
        form = self.form.form
        name_of = names.names_of(form.definition, [{one.path: key} for key in keys])
        found = {key: name_of(one.kind, key) for key in keys}
        if one.kind != "record":
            return found
        target = form.linked.get(str(form.definition.fields[one.path].options["target"]))
        facts = telling.facts_by_key(found, target, self.viewer.language)
        return {key: _told_apart(name, facts.get(key, "")) for key, name in found.items()}

    def states(self) -> list[tuple[str, str]]:
        """The states a record of this form can have."""
        wanted: tuple[str, ...] = ("draft", "approved", "void")
        if self.form.has_workflow:
            wanted = tuple(one for one in STATES if one != RETIRED)
        elif self.form.form.definition.retires:
            wanted = (*wanted, RETIRED)
        return [(one, standing_word(one, self.form.key)) for one in wanted]

    def projects(self) -> list[tuple[str, str]]:
        """The projects to filter by."""
        found: list[ProjectBrief] = list(self.viewer.project_list)
        return [(one.code, f"{one.code} {one.name}") for one in found]

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.query.page - 1) * self.query.size + 1

    @property
    def last(self) -> int:
        """The number of the last row shown; 0 if there is none."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def next_url(self) -> str | None:
        """The next page, if there may be one."""
        full = len(self.rows) == self.query.size
        known_end = not self.summary.more and self.last >= self.summary.count
        return self.address(page=self.query.page + 1) if full and not known_end else None

    @property
    def previous_url(self) -> str | None:
        """The page before."""
        page = self.query.page
        if page <= 1:
            return None
        return self.address(page=page - 1 if page > 2 else None)


def _told_apart(name: str, facts: str) -> str:
    return name if facts in name else f"{name} · {facts}"


def _bound_text(one: ListField, bound: Any) -> str:
    if bound is None:
        return ""
    return day(bound) if one.index == "date" else f"{bound.normalize():,f}"


def _with_query(url: str, args: Mapping[str, Any]) -> str:
    return f"{url}?{urlencode(args, safe=_BARE)}" if args else url
