"""The typed values posting rules read: a record's fields, and those of records it links to.

What no rule reads is left as it is stored: most fields of a document are none of a ledger's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.definitions.posting_lines import PostingRule
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import CellKey, Facts
from portal.forms.state import followed

Stored = Mapping[str, Any]


def typed_values(
    rules: Sequence[PostingRule], form: CompiledForm, data: Stored, facts: Facts
) -> dict[str, Any]:
    """The values of fields these rules read, by key, and what every rule may know; rows keep their
    `_id`.

    `facts.links` holds the stored data of linked records. A stored value that is none of its kind
    counts as empty: a mandatory column then refuses it by name.
    """
    known = {
        "record": {"requester": facts.requester, "project": facts.project, **facts.record},
        "project": facts.project,
        "requester": facts.requester,
    }
    definition, read = form.definition, {key for rule in rules for key in rule.keys}
    header = [one for one in definition.header if one.key in read]
    values = {**known, **_typed(form, header, data, facts, "")}
    for table in definition.columns.keys() & read:
        columns = [one for one in definition.columns[table] if one.key in read]
        values[table] = [
            {**_typed(form, columns, row, facts, str(row.get(ROW_ID_KEY))), **_row_id(row)}
            for row in data.get(table) or ()
        ]
    return values


def _row_id(row: Stored) -> dict[str, str]:
    return {ROW_ID_KEY: str(row.get(ROW_ID_KEY) or "")}


def _typed(
    form: CompiledForm, fields: Iterable[FieldDefinition], data: Stored, facts: Facts, row: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        if not one.kind.is_stored or one.kind.name == "table":
            continue
        value = _loaded(one, data.get(one.key))
        if value is not None and one.kind.name == "record":
            cell: CellKey = one.path if one.table is None else (one.path, row)
            value = _followed(form, one, value, facts.links.get(cell))
        found[one.key] = value
    return found


def _loaded(one: FieldDefinition, stored: Any) -> Any:
    if stored is None:
        return None
    try:
        return one.kind.load(stored, one.options)
    except KindError:
        return None


def _followed(form: CompiledForm, one: FieldDefinition, key: str, stored: Stored | None) -> Any:
    """A link as its id and the fields behind the dot."""
    target = form.linked.get(str(one.options.get("target")))
    if stored is None or target is None:
        return key
    simple = {
        field.key: followed(target, field, stored.get(field.key))
        for field in target.header
        if field.kind.is_stored
    }
    return {**simple, "number": stored.get("number"), "id": key}


def followed_links(rules: Sequence[PostingRule], form: CompiledForm) -> list[FieldDefinition]:
    """The links of which a rule reads a field behind the dot."""
    followed_by = {key for rule in rules for key in rule.follows}
    return [one for one in form.definition.links if one.key in followed_by]
