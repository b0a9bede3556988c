"""A page saved over a newer revision: both values of every field that differs, in words."""

from collections.abc import Mapping
from typing import Any

from portal.forms.access import FieldAccess
from portal.records import names
from portal.records.changes import changes_between
from portal.records.document import Reading, _Builder
from portal.records.entry.entries import Entry
from portal.web.words import gettext as _


def differences(
    entry: Entry, saved: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[dict[str, str]]:
    """What stands there now against what was typed, field by field; derived values are left out."""
    definition, language = entry.definition, entry.viewer.language
    access: FieldAccess = entry.access
    builder = builder_of(entry, saved, typed)
    numbers = _numbers(typed) | _numbers(saved)
    lines = []
    for change in changes_between(definition, saved, typed):
        known = definition.fields.get(change.path)
        if known is None or change.computed or access.get(change.path, "none") == "none":
            continue
        label = known.label.in_language(language)
        if known.kind.name == "table":
            there = _("present") if change.before is not None else _("not there")
            mine = _("present") if change.after is not None else _("not there")
            row = numbers.get(_row_of(change.where), "")
            lines.append({"label": f"{label} {row}".strip(), "saved": there, "typed": mine})
            continue
        number = numbers.get(_row_of(change.where))
        lines.append(
            {
                "label": _("Row %(number)s, %(label)s:", number=number, label=label).rstrip(":：")
                if number
                else label,
                "saved": builder.text(known, change.before, saved) or "–",
                "typed": builder.text(known, change.after, typed) or "–",
            }
        )
    return lines


def builder_of(entry: Entry, data: Mapping[str, Any], *others: Mapping[str, Any]) -> _Builder:
    """What writes the values of an entry as its reader reads them; names of `others` as well."""
    name_of = names.names_of(entry.definition, [data, *others])
    currency = str(entry.project["currency"]) if entry.project else None
    reading = Reading(entry.viewer.language, name_of, entry.access, currency)
    return _Builder(entry.definition, data, reading, None, frozenset())


def _numbers(data: Mapping[str, Any]) -> dict[str, str]:
    """Row id → its number, over all tables."""
    return {
        str(row.get("_id")): str(number)
        for rows in data.values()
        if isinstance(rows, list)
        for number, row in enumerate(rows, start=1)
        if isinstance(row, dict)
    }


def _row_of(where: str) -> str:
    """The row id in an exact path, or nothing."""
    return where.partition("[")[2].partition("]")[0]
