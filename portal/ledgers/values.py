"""The typed values posting rules read: a record's fields, and those of records it links to."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.forms.scopes import Linked

Stored = Mapping[str, Any]
Links = Callable[[str], Stored | None]


def typed_values(
    form: FormDefinition, data: Stored, linked: Linked, links: Links
) -> dict[str, Any]:
    """The values of all fields by key; rows keep their `_id`.

    `links` gives the stored data of a linked record by its id. A stored value that is none of
    its kind counts as empty: a mandatory column then refuses it by name.
    """
    values = _typed(form.header, data, linked, links)
    for table, columns in form.columns.items():
        values[table] = [
            {**_typed(columns, row, linked, links), "_id": row.get("_id", "")}
            for row in data.get(table) or ()
        ]
    return values


def _typed(
    fields: tuple[FieldDefinition, ...], data: Stored, linked: Linked, links: Links
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        if not one.kind.is_stored or one.kind.name == "table":
            continue
        value = _loaded(one, data.get(one.key))
        if value is not None and one.kind.name == "record":
            value = _followed(one, value, linked, links)
        found[one.key] = value
    return found


def _loaded(one: FieldDefinition, stored: Any) -> Any:
    if stored is None:
        return None
    try:
        return one.kind.load(stored, one.options)
    except KindError:
        return None


def _followed(one: FieldDefinition, value: str, linked: Linked, links: Links) -> Any:
    """A link as its id and the simple fields behind the dot."""
    stored = links(value)
    target = linked(str(one.options["target"]))
    if stored is None or target is None:
        return {"id": value}
    simple = {
        field.key: _loaded(field, stored.get(field.key))
        for field in target.header
        if field.kind.is_stored and field.kind.name not in ("table", "reverse")
    }
    return {**simple, "number": stored.get("number"), "id": value}


def followed_links(dependencies: frozenset[str], form: FormDefinition) -> frozenset[str]:
    """Keys of links of which a rule reads a field behind the dot."""
    keys = set()
    for path in dependencies:
        plain = path.removeprefix("row.").removeprefix("parent.")
        plain = plain.partition("[].")[2] or plain
        head, dot, _rest = plain.partition(".")
        if dot:
            keys.add(head)
    return frozenset(one.key for one in form.links if one.key in keys)
