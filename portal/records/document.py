"""A record as a document: sections, facts and tables of display texts, what a reader may see.

Built from allowed keys, never by removing forbidden ones; page, print and e-mail read from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.forms.access import FieldAccess
from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import Reader
from portal.records.names import NameOf

NUMERIC = frozenset({"number", "money", "quantity", "percent", "rollup"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as text; `former` is the text before the change being looked at."""

    path: str
    label: str
    text: str
    kind: str
    key: str | None = None
    is_number: bool = False
    is_long: bool = False
    former: str | None = None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A line table: column labels, rows of values, totals by column (None where there is none)."""

    path: str
    label: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Shown]]
    totals: Sequence[str | None] | None
    removed: int = 0


@dataclass(frozen=True, slots=True)
class ShownFiles:
    """The files of an attachment field, by key."""

    path: str
    label: str
    keys: Sequence[str]
    images: bool


@dataclass(frozen=True, slots=True)
class ShownReverse:
    """A list of records that point here; the page loads it within the reader's scope."""

    path: str
    label: str
    form: str
    by: str
    columns: Sequence[str]


@dataclass(slots=True)
class ShownSection:
    """A titled part of the document, in the order of the layout."""

    title: str
    columns: int = 2
    note: str = ""
    facts: list[Shown] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    files: list[ShownFiles] = field(default_factory=list)
    reverses: list[ShownReverse] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.tables or self.files or self.reverses or self.note)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads: language, names, what they may see, the project's currency."""

    language: str
    name_of: NameOf
    access: FieldAccess
    project_currency: str | None = None


def document(
    form: FormDefinition,
    data: Mapping[str, Any],
    reading: Reading,
    former: Mapping[str, Any] | None = None,
    *,
    hidden: frozenset[str] = frozenset(),
) -> list[ShownSection]:
    """The sections of a record. `former` is an earlier version to mark the differences from."""
    built = _Builder(form, data, reading, former, hidden)
    return [made for one in form.sections if not (made := built.section(one)).is_empty]


class _Builder:
    def __init__(
        self,
        form: FormDefinition,
        data: Mapping[str, Any],
        reading: Reading,
        former: Mapping[str, Any] | None,
        hidden: frozenset[str],
    ) -> None:
        self.form, self.data, self.reading = form, data, reading
        self.former, self.hidden = former, hidden

    def may_see(self, one: FieldDefinition) -> bool:
        return self.reading.access.get(one.path, "none") != "none" and one.path not in self.hidden

    def section(self, one: Any) -> ShownSection:
        language = self.reading.language
        made = ShownSection(
            one.title.in_language(language), one.columns, one.note.in_language(language)
        )
        for path in one.fields:
            known = self.form.fields[path]
            if not self.may_see(known):
                continue
            label = known.label.in_language(language)
            if known.kind.name == "table":
                made.tables.append(self.table(known, label))
            elif known.kind.name == "attachment":
                keys = tuple(self.data.get(known.key) or ())
                images = bool(known.options.get("images"))
                made.files.append(ShownFiles(path, label, keys, images))
            elif known.kind.name == "reverse":
                columns = tuple(known.options.get("columns") or ())
                made.reverses.append(
                    ShownReverse(path, label, known.options["form"], known.options["by"], columns)
                )
            else:
                made.facts.append(self.value(known, known.path, self.data, self.former))
        return made

    def value(
        self,
        known: FieldDefinition,
        path: str,
        holder: Mapping[str, Any],
        former: Mapping[str, Any] | None,
    ) -> Shown:
        stored = holder.get(known.key)
        before = former.get(known.key) if former is not None else stored
        text = self.text(known, stored, holder)
        was = self.text(known, before, former or {}) if before != stored else None
        shown_as = known.kind.name
        return Shown(
            path=path,
            label=known.label.in_language(self.reading.language),
            text=text,
            kind=shown_as,
            key=str(stored) if shown_as in {"record", "user"} and stored else None,
            is_number=shown_as in NUMERIC and known.options.get("as") not in {"date", "text"},
            is_long=shown_as == "longtext",
            former=None if was is None else was or "–",
        )

    def text(self, known: FieldDefinition, stored: Any, holder: Mapping[str, Any]) -> str:
        if stored is None:
            return ""
        typed = known.kind.load(stored, known.options)
        reader = Reader(self.reading.language, self.reading.name_of, self.currency(known, holder))
        return known.kind.display(typed, known.options, reader)

    def currency(self, known: FieldDefinition, holder: Mapping[str, Any]) -> str | None:
        """The currency of a money field: constant, of a field, or the project's; not in rows."""
        if known.table is not None:
            return None
        return currency_of(known, self.data, self.reading.project_currency)

    def table(self, known: FieldDefinition, label: str) -> ShownTable:
        columns = [one for one in self.form.columns[known.key] if self.may_see(one)]
        rows = list(self.data.get(known.key) or ())
        old = {row.get("_id"): row for row in (self.former or {}).get(known.key) or ()}
        shown = []
        for row in rows:
            before = old.get(row.get("_id"), {}) if self.former is not None else None
            shown.append(
                [
                    self.value(c, cell_path(known.key, str(row.get("_id")), c.key), row, before)
                    for c in columns
                ]
            )
        removed = len(set(old) - {row.get("_id") for row in rows})
        return ShownTable(
            path=known.path,
            label=label,
            columns=[
                (c.label.in_language(self.reading.language), c.kind.name in NUMERIC)
                for c in columns
            ],
            rows=shown,
            totals=self.totals(known, columns, rows),
            removed=removed,
        )

    def totals(
        self, known: FieldDefinition, columns: list[FieldDefinition], rows: list[Any]
    ) -> list[str | None] | None:
        wanted = known.options.get("totals") or {}
        if not wanted or not rows:
            return None
        found: list[str | None] = []
        for column in columns:
            if column.key not in wanted:
                found.append(None)
                continue
            typed = total_of(column, wanted[column.key], rows)
            reader = Reader(self.reading.language, self.reading.name_of)
            found.append(
                str(typed)
                if isinstance(typed, int)
                else column.kind.display(typed, column.options, reader)
            )
        return found


def total_of(column: FieldDefinition, operation: str, rows: list[Any]) -> Any:
    """A column's total: sum, count, min or max of its values; None of nothing."""
    values = [
        column.kind.load(row[column.key], column.options)
        for row in rows
        if row.get(column.key) is not None
    ]
    if operation == "count":
        return len(values)
    if operation == "sum":
        return sum(values, Decimal(0))
    return (min if operation == "min" else max)(values, default=None)


def currency_of(
    known: FieldDefinition, data: Mapping[str, Any], project_currency: str | None
) -> str | None:
    """The ISO code of a money field's currency, as far as it is known."""
    if known.kind.name not in {"money", "rollup"}:
        return None
    named = str(known.options.get("currency") or "project")
    if known.kind.name == "rollup" and known.options.get("as", "money") != "money":
        return None
    if named == "project":
        return project_currency
    if named.isupper():
        return named
    found = data.get(named)
    return str(found) if found else None
