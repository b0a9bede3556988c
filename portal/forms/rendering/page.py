"""A whole form: its sections with their fields, and the list of what is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.forms.fieldpaths import control_name, declared, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.rendering.look import FileFace, Look
from portal.forms.rendering.parts import Html, join_all
from portal.forms.rendering.pieces import FormPieces, pieces_of
from portal.forms.rendering.tables import table_values
from portal.forms.rendering.values import Values, control_values, piece_for, shown_values
from portal.forms.texts import Text


@dataclass(frozen=True, slots=True)
class SectionHtml:
    """A section ready for the page. `names_its_field`: its title is also that of its one table or
    list of files, which then need not be said twice.
    """

    id: str
    title: str
    note: str
    columns: int
    is_open: bool
    errors: int
    body: Html
    names_its_field: bool = False


def sections_of(look: Look) -> list[SectionHtml]:
    """The sections of a form as this reader may see them; empty ones are left out."""
    pieces = pieces_of(look.form.definition, look.language)
    bad = [declared(path) for path in look.errors]
    made = []
    for number, section in enumerate(look.form.definition.sections, start=1):
        fields = [look.form.definition.fields[path] for path in section.fields]
        shown = [one for one in fields if look.access.get(one.path, "none") != "none"]
        note = section.note.in_language(look.language)
        if not shown and not note:
            continue
        keys = {one.key for one in shown}
        errors = sum(1 for path in bad if path.partition("[")[0] in keys)
        made.append(
            SectionHtml(
                id=f"section-{number}",
                title=section.title.in_language(look.language),
                note=note,
                columns=section.columns,
                is_open=not section.collapsed or errors > 0,
                errors=errors,
                body=join_all(field_html(look, pieces, one) for one in shown),
                names_its_field=_names_its_field(section.title, shown),
            )
        )
    return made


def _names_its_field(title: Text, shown: Sequence[FieldDefinition]) -> bool:
    large = [one for one in shown if one.kind.name in {"table", "attachment"}]
    return len(large) == 1 and large[0].label == title


def field_html(
    look: Look,
    pieces: FormPieces,
    known: FieldDefinition,
    *,
    swap: bool = False,
    renew: bool = False,
) -> Html:
    """One header field in the state it has now."""
    state = look.state(known, known.path)
    values: Values = {}
    if state != "gone":
        values = field_values(look, pieces, known, state)
    values |= {"swap": swap, "renew": renew}
    html: Html = piece_for(pieces.fields[known.path], state).join(values)
    return html


def field_values(look: Look, pieces: FormPieces, known: FieldDefinition, state: str) -> Values:
    """What the macro of a header field needs."""
    kind = known.kind.name
    if kind == "table":
        return table_values(look, pieces, known)
    if kind == "attachment":
        return _file_values(look, pieces, known, state)
    if state == "write":
        return control_values(look, pieces, known, known.path, look.data)
    return shown_values(look, known, known.path, look.data)


def _file_values(look: Look, pieces: FormPieces, known: FieldDefinition, state: str) -> Values:
    files = [look.files[key] for key in look.data.get(known.key) or () if key in look.files]
    values: Values = {
        "items": join_all(file_html(pieces, known, one, state == "write") for one in files),
        "upload": look.upload,
        "required": look.is_required(known, known.path),
    }
    error = look.errors.get(known.path)
    if error is not None:
        values["error"] = values["bad"] = error
    return values


def file_html(pieces: FormPieces, known: FieldDefinition, one: FileFace, editable: bool) -> Html:
    """One file of an attachment field."""
    item: Any = pieces.fields[known.path].item
    html: Html = item.join(
        {
            "key": one.key,
            "url": one.url,
            "thumbnail": one.thumbnail,
            "name": one.name,
            "size": one.size,
            "editable": editable,
        }
    )
    return html


def error_links(look: Look) -> list[dict[str, Any]]:
    """What is wrong, in the order of the form: the control's id and a sentence naming the field."""
    form = look.form.definition
    order = {path: number for number, path in enumerate(form.fields)}
    found = []
    for path, sentence in look.errors.items():
        known = form.fields.get(declared(path))
        if known is None or look.access.get(known.path, "none") == "none":
            found.append((len(order), 0, {"id": None, "message": sentence, "path": path}))
            continue
        number = _row_number(look, path)
        label = known.label.in_language(look.language)
        message = (
            _("Row %(number)s, %(label)s: %(error)s", number=number, label=label, error=sentence)
            if number
            else _("%(label)s: %(error)s", label=label, error=sentence)
        )
        target = f"w-{known.key}" if known.kind.name == "table" else f"c-{_name(path)}"
        found.append((order[known.path], number, {"id": target, "message": message, "path": path}))
    return [one for _order, _number, one in sorted(found, key=lambda one: one[:2])]


def _name(path: str) -> str:
    table, row_id, key = split_cell(path)
    return f"{table}-{key}" if table and not row_id else control_name(path)


def _row_number(look: Look, path: str) -> int:
    table, row_id, _key = split_cell(path)
    rows: Iterable[Any] = look.data.get(table) or () if table and row_id else ()
    return next((n for n, row in enumerate(rows, start=1) if row.get("_id") == row_id), 0)
