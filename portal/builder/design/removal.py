"""Fields taken out of a form's text, with all that is set for them alone; pure.

What other fields, the chain or posting rules say about a field stays: it is in the way.
"""

from collections.abc import Collection

from portal.builder import splicing
from portal.builder.design.form import Field
from portal.builder.design.form_edits import opened, the_field, without
from portal.builder.design.form_many import chosen
from portal.builder.design.rules import forget


def remove_field(text: str, path: str) -> str:
    """The text without a field, its columns, and their computations, conditions and checks."""
    field = the_field(opened(text), path)
    for one in (field, *field.columns):
        text = forget(text, one.path)
        if one.computed:
            text = splicing.remove(text, ("computed", one.path))
    return splicing.remove(without(_no_total(text, field), path), field.place)


def remove_fields(text: str, paths: Collection[str]) -> str:
    """The text without these fields."""
    for one in chosen(opened(text), paths):
        text = remove_field(text, one.path)
    return text


def _no_total(text: str, column: Field) -> str:
    """The text whose table adds nothing up under this column."""
    table = opened(text).fields.get(column.table)
    totals = table.options.get("totals") if table else None
    if not table or not isinstance(totals, dict) or column.key not in totals:
        return text
    place = (*table.place, "x-field", "totals")
    return splicing.remove(text, place if len(totals) == 1 else (*place, column.key))
