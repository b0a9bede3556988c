"""A record as a document: sections, facts and tables of display texts, what a reader may see.

Built from allowed keys, never by removing forbidden ones; page, print and e-mail read from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.forms.access import FieldAccess
from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import Reader
from portal.forms.masking import masked
from portal.forms.measures import unit_of
from portal.records.names import NameOf
from portal.records.shown import Shown, ShownFiles, ShownReverse, ShownSection, ShownTable
from portal.records.totals import totals

NUMERIC = frozenset({"number", "money", "quantity", "percent", "rollup"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads: language, names, what they may see and open, the project's currency.

    `masked` are private fields of which only the last signs are shown.
    """

    language: str
    name_of: NameOf
    access: FieldAccess
    project_currency: str | None = None
    opens: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()


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
        if one.path in self.hidden:
            return False
        known = self.reading.access.get(one.path, "none")
        return known != "none" or one.path in self.reading.masked

    def section(self, one: Any) -> ShownSection:
        language = self.reading.language
        made = ShownSection(
            one.title.in_language(language),
            one.columns,
            one.note.in_language(language),
            is_aside=one.collapsed,
        )
        for path in one.fields:
            known = self.form.fields[path]
            if not self.may_see(known):
                continue
            label = known.label.in_language(language)
            if known.kind.name == "table":
                made.parts.append(self.table(known, label))
            elif known.kind.name == "attachment":
                keys = tuple(self.data.get(known.key) or ())
                images = bool(known.options.get("images"))
                made.parts.append(ShownFiles(path, label, keys, images))
            elif known.kind.name == "reverse":
                columns = tuple(known.options.get("columns") or ())
                made.parts.append(
                    ShownReverse(path, label, known.options["form"], known.options["by"], columns)
                )
            else:
                made.add(self.value(known, known.path, self.data, self.former))
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
            key=self.key(shown_as, stored),
            is_number=shown_as in NUMERIC and known.options.get("as") not in {"date", "text"},
            is_long=shown_as == "longtext",
            former=None if was is None else was or "–",
        )

    def key(self, kind: str, stored: Any) -> str | None:
        """What a value leads to: a person, or a record the reader may open."""
        leads = stored and (kind == "user" or (kind == "record" and stored in self.reading.opens))
        return str(stored) if leads else None

    def text(self, known: FieldDefinition, stored: Any, holder: Mapping[str, Any]) -> str:
        if stored is None:
            return ""
        if known.path in self.reading.masked:
            return masked(str(stored))
        typed = known.kind.load(stored, known.options)
        reader = Reader(self.reading.language, self.reading.name_of)
        if known.table is None:
            currency = currency_of(known, self.data, self.reading.project_currency)
            reader = replace(reader, currency=currency, unit=self.unit(known, holder))
        return known.kind.display(typed, known.options, reader)

    def unit(self, known: FieldDefinition, holder: Mapping[str, Any]) -> str | None:
        """The unit of a quantity or a rate: a constant, or what a field of the record says."""
        measured = known.kind.name in ("quantity", "money")
        return unit_of(self.form, known, holder) if measured else None

    def head(self, column: FieldDefinition) -> str:
        """What stands over a column: its label, with the unit all its quantities share."""
        label = column.label.in_language(self.reading.language)
        unit = self.unit(column, self.data)
        if not unit:
            return label
        return f"{label} /{unit}" if column.kind.name == "money" else f"{label} {unit}"

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
        used = [n for n in range(len(columns)) if not shown or any(_says(row[n]) for row in shown)]
        columns = [columns[n] for n in used]
        return ShownTable(
            path=known.path,
            label=label,
            columns=[(self.head(c), c.kind.name in NUMERIC) for c in columns],
            rows=[[row[n] for n in used] for row in shown],
            totals=totals(
                known, columns, rows, Reader(self.reading.language, self.reading.name_of)
            ),
            removed=removed,
        )


def _says(one: Shown) -> bool:
    """Whether a cell has a value, or had one in the version it is compared with."""
    return bool(one.text) or one.former is not None


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
