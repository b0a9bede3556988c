"""Where fields and sections of a form stand: put at a place, as dragging does; pure.

A place counts what the page shows: the `index`-th of a list once the moved one is taken out of it.
"""

from collections.abc import Sequence
from typing import Any

from portal.builder import splicing
from portal.builder.design.form import Design
from portal.builder.design.form_edits import opened, the_field, without
from portal.errors import N_, Invalid


def put_field(text: str, path: str, section: int | None, index: int) -> str:
    """The text with a field at a place in a section; a column at a place in its own table."""
    design = opened(text)
    field = the_field(design, path)
    if field.table:
        columns = [one.key for one in design.fields[field.table].columns]
        members = list(_value(design, field.place[:-1]))
        to = _index(members, [one for one in columns if one != field.key], field.key, index)
        return splicing.move(text, field.place, to)
    target = next((one for one in design.sections if one.at == section), None)
    if target is None or target.kind == "note":
        raise Invalid(N_("This section is not in the form any more."))
    names = target.raw.get("fields")
    if not isinstance(names, list):
        raise Invalid(N_("This section is not in the form any more."))
    shown = [one.path for one in target.fields if one.path != path]
    to = _index(names, shown, path, index)
    here = ("layout", target.at, "fields")
    if path in names:
        return splicing.move(text, (*here, names.index(path)), to)
    return splicing.insert_item(without(text, path), here, path, at=to)


def put_section(text: str, at: int, index: int) -> str:
    """The text with a block of the layout at a place among the others."""
    design = opened(text)
    blocks = design.raw.get("layout")
    others = [one.at for one in design.sections if one.at != at]
    count = len(blocks) if isinstance(blocks, list) else 0
    return splicing.move(text, ("layout", at), _index(range(count), others, at, index))


def _index(members: Sequence[Any], shown: Sequence[Any], moved: Any, index: int) -> int:
    """Where among all members, the moved one left out, the `index`-th of those shown stands."""
    left = [one for one in members if one != moved]
    return left.index(shown[index]) if 0 <= index < len(shown) else len(left)


def _value(design: Design, place: tuple[str | int, ...]) -> Any:
    value: Any = design.raw
    for part in place:
        value = value[part]
    return value
