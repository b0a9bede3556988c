"""One record before and after a move, as far as the reader may see its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.conversions.pairs import Pair
from portal.definitions.queries import FormInRelease
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError, Reader
from portal.records import facts, names, views
from portal.records.document import Reading, currency_of
from portal.records.models import Record
from portal.web.viewer import Viewer

ROWS = 3
Line = tuple[str, str]  # a label and a value
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """The values that differ, with their labels, before and after."""

    record_id: str
    name: str
    before: list[Line]
    after: list[Line]


def sample(record: Record, pair: Pair, data: Data, viewer: Viewer) -> Sample:
    """What the reader of this record would see change."""
    name = " · ".join(filter(None, (record.number, record.subject)))
    return Sample(
        record.id,
        name or record.id[:8],
        _lines(record, pair.old, record.data, data, viewer),
        _lines(record, pair.new, data, record.data, viewer),
    )


def _lines(
    record: Record, form: FormInRelease, data: Data, other: Data, viewer: Viewer
) -> list[Line]:
    """The filled fields of one side that the other side has not, or not like this."""
    definition = form.form.definition
    access = views.access_to(record, form, viewer)
    name_of = names.names_of(definition, [data])
    project = facts.project_facts(record.project_id)
    reading = Reading(viewer.language, name_of, access, project["currency"] if project else None)

    def value(one: FieldDefinition, holder: Data) -> str:
        stored = holder.get(one.key)
        if stored in (None, "", []):
            return ""
        try:
            typed = one.kind.load(stored, one.options)
        except KindError:
            return str(stored)
        currency = currency_of(one, data, reading.project_currency) if one.table is None else None
        return one.kind.display(typed, one.options, Reader(viewer.language, name_of, currency))

    lines = []
    for one in definition.header:
        stored = data.get(one.key)
        if stored in (None, "", []) or stored == other.get(one.key):
            continue
        if access.get(one.path, "none") == "none":
            continue
        label = f"{one.label.in_language(viewer.language)} ({one.key})"
        if one.kind.name != "table":
            lines.append((label, value(one, data)))
            continue
        columns = [c for c in definition.columns[one.key] if access.get(c.path) != "none"]
        for number, row in enumerate(stored[:ROWS], start=1):
            texts = [text for column in columns if (text := value(column, row))]
            lines.append((f"{label} {number}", " · ".join(texts)))
    return lines
