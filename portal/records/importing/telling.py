"""What an import changes of an entry, in words: every value from what to what, rows by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.forms.fields import FieldDefinition
from portal.records import views
from portal.records.changes import ROW_ID, Changed, changes_between
from portal.records.entry.conflicts import builder_of
from portal.records.entry.entries import Entry
from portal.records.importing.rows import telling_apart
from portal.records.models import Record
from portal.web.words import gettext as _

APART = " · "
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One difference: where it is, and what becomes of it."""

    place: str
    text: str


def told(blank: Entry, record: Record, before: Data) -> list[Told]:
    """What of an entry is not what it was; what only the portal computes is left out."""
    access = views.access_to(record, blank.form, blank.viewer)
    teller = _Teller(replace(blank, access=access), before, record.data)
    found = changes_between(blank.definition, before, record.data)
    return [teller.one(change) for change in found if not change.computed]


class _Teller:
    def __init__(self, entry: Entry, before: Data, after: Data) -> None:
        self.entry = entry
        self.versions = (before, after)
        self.builder = builder_of(entry, after, before)

    def one(self, change: Changed) -> Told:
        known = self.entry.definition.fields[change.path]
        label = known.label.in_language(self.entry.viewer.language)
        if known.kind.name == "table":
            row = change.after if change.before is None else change.before
            fate = _("new row") if change.before is None else _("row goes")
            return Told(f"{label}{APART}{fate}", self._row(self._columns(known.key), row, True))
        before, after = self.versions
        texts = {
            "before": self._text(known, change.before, before),
            "after": self._text(known, change.after, after),
        }
        return Told(self._place(known, label, change), _("%(before)s → %(after)s", **texts))

    def _place(self, known: FieldDefinition, label: str, change: Changed) -> str:
        if known.table is None:
            return label
        row_id = change.where.partition("[")[2].partition("]")[0]
        rows = self.versions[1].get(known.table) or ()
        row = next(one for one in rows if str(one.get(ROW_ID)) == row_id)
        of = self.entry.definition.fields[known.table].label
        name = self._row(telling_apart(self.entry.definition, known.table), row, False)
        return APART.join([of.in_language(self.entry.viewer.language), name, label])

    def _columns(self, table: str) -> list[FieldDefinition]:
        return [one for one in self.entry.definition.columns[table] if not one.is_derived]

    def _row(self, columns: Any, row: Data, labelled: bool) -> str:
        parts = []
        for one in columns:
            text = self._text(one, row.get(one.key), row)
            label = one.label.in_language(self.entry.viewer.language)
            if text != "–":
                parts.append(f"{label} {text}" if labelled else text)
        return APART.join(parts)

    def _text(self, known: FieldDefinition, stored: Any, holder: Data) -> str:
        """A value as the reader reads it; what they may not read is dots."""
        if self.entry.access.get(known.path, "none") == "none":
            return "•••" if stored is not None else "–"
        return self.builder.text(known, stored, holder) or "–"
