"""The cut macros of a form, kept by content and language; bounded, one store per process."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import current_app

from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.rendering.faces import Face, face_of, shown_kind
from portal.forms.rendering.parts import Marks, Parts

SHARED = (
    "option",
    "offered",
    "lookup",
    "cell_error",
    "count",
    "body",
    "more_rows",
    "cell_errors",
    "boxed",
)
_MOST_KEPT = 200
_pieces: "OrderedDict[tuple[str, str], FormPieces]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class FieldPieces:
    """One field: its control, its value as text, its absence, its error, its output, its unit,
    the values it offers.

    `head` and `foot` are the cells of a column, `row` a line of a table, `link` the box with which
    a reference is looked up without scripts; None where the kind has none.
    """

    face: Face
    write: Parts
    read: Parts
    gone: Parts
    error: Parts
    output: Parts
    unit: Parts
    offers: Parts
    head: Parts | None = None
    foot: Parts | None = None
    row: Parts | None = None
    item: Parts | None = None


@dataclass(frozen=True, slots=True)
class FormPieces:
    """The pieces of every field by path, and the shared ones by the names of their macros."""

    fields: Mapping[str, FieldPieces]
    shared: Mapping[str, Parts]


def pieces_of(form: FormDefinition, language: str) -> FormPieces:
    """The cut macros of a form in the language of this request (which `language` names)."""
    key = (form.hash, language)
    with _lock:
        found = _pieces.get(key)
        if found is not None:
            _pieces.move_to_end(key)
            return found
    made = FormPieces(
        fields={path: _field(form, one, language) for path, one in form.fields.items()},
        shared={name: _cut("forms/shared.html", name) for name in SHARED},
    )
    with _lock:
        _pieces[key] = made
        while len(_pieces) > _MOST_KEPT:
            _pieces.popitem(last=False)
    return made


def _cut(template: str, macro: str, *arguments: Any, marks: Marks | None = None) -> Parts:
    marks = marks or Marks()
    module: Any = _module(template)
    render: Callable[..., Any] = getattr(module, macro)
    return marks.cut(str(render(*arguments, marks)))


def _module(template: str) -> Any:
    return current_app.jinja_env.get_template(template).module


def _field(form: FormDefinition, field: FieldDefinition, language: str) -> FieldPieces:
    kind = shown_kind(field).name
    source = f"forms/kinds/{kind}.html"
    own, shared = _module(source), "forms/field.html" if field.table is None else "forms/cell.html"

    def cut(template: str, macro: str) -> Parts:
        marks = Marks()
        face = face_of(form, field, language, row=marks.row if field.table else "")
        return _cut(template, macro, face, marks=marks)

    def extra(macro: str) -> Parts | None:
        return cut(source, macro) if hasattr(own, macro) else None

    is_column = field.table is not None
    control = "cell" if is_column else "input"
    return FieldPieces(
        face=face_of(form, field, language),
        write=cut(source, control) if hasattr(own, control) else cut(shared, "read"),
        read=cut(source, "read") if hasattr(own, "read") and not is_column else cut(shared, "read"),
        gone=cut(shared, "gone"),
        error=cut("forms/field.html", "error"),
        output=cut(shared, "output"),
        unit=cut("forms/field.html", "unit"),
        offers=cut("forms/field.html", "offers"),
        head=cut("forms/cell.html", "head") if is_column else None,
        foot=cut("forms/cell.html", "foot") if is_column else None,
        row=extra("row"),
        item=extra("item"),
    )
