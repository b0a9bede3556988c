"""The values that go into the pieces: what stands in a control, what is read, unit and choice."""

from collections.abc import Mapping
from typing import Any

from portal.forms.fields import FieldDefinition
from portal.forms.kinds import Reader
from portal.forms.rendering.faces import shown_kind
from portal.forms.rendering.look import Choices, Look
from portal.forms.rendering.parts import Html, join_all
from portal.forms.rendering.pieces import FieldPieces, FormPieces

REFERENCES = frozenset({"user", "department", "project", "record"})
Values = dict[str, Any]


def control_values(
    look: Look, pieces: FormPieces, known: FieldDefinition, path: str, holder: Mapping[str, Any]
) -> Values:
    """What a control needs: its text or choice, its error, whether it is required."""
    values: Values = {"required": look.is_required(known, path)}
    error = look.errors.get(path)
    if error is not None:
        values["error"] = values["bad"] = error
    kind, stored, raw = known.kind.name, holder.get(known.key), look.raw.get(path)
    if kind in REFERENCES:
        values |= _reference(look, pieces, known, holder, stored)
    elif kind in {"choice", "yes_no"}:
        values["chosen"] = _chosen(known, stored, raw)
    elif raw is not None:
        values["value"] = raw[-1] if raw else ""
    elif stored is not None:
        typed = known.kind.recall(stored, known.options)
        values["value"] = known.kind.input_text(typed, known.options, look.language)
    unit = unit_of(look, known, holder)
    if unit:
        values["unit"] = unit
    if known.table is None and known.options.get("offers"):
        values["offers"] = offers_html(look, pieces, known)
    return values


def offers_html(look: Look, pieces: FormPieces, known: FieldDefinition) -> Html:
    """The values of a register that an input offers; a column has one list for all its rows."""
    return join_all(
        pieces.shared["offered"].join({"value": one.value, "text": one.text})
        for one in look.offers(known)
    )


def _chosen(known: FieldDefinition, stored: Any, raw: list[str] | None) -> Any:
    if raw is not None:
        return raw
    if stored is None:
        return [""]
    if isinstance(stored, bool):
        return ["true" if stored else "false"]
    return stored if isinstance(stored, list) else [stored]


def _reference(
    look: Look,
    pieces: FormPieces,
    known: FieldDefinition,
    holder: Mapping[str, Any],
    stored: Any,
) -> Values:
    offered = look.choices(known, holder)
    values: Values = {"options": options_html(look, pieces, known, offered, stored)}
    if offered.source is not None:
        values["source"] = offered.source
        if offered.source != "local":
            face = pieces.fields[known.path].face
            name = (
                face.name if known.table is None else f"{known.table}-{holder['_id']}-{known.key}"
            )
            values["lookup"] = pieces.shared["lookup"].join(
                {"name": name, "label": face.label, "sought": offered.sought}
            )
    return values


def options_html(
    look: Look, pieces: FormPieces, known: FieldDefinition, offered: Choices, stored: Any
) -> Html:
    """The options of a reference; what is chosen stands among them even if it is not offered."""
    made = [
        pieces.shared["option"].join(
            {
                "value": one.value,
                "text": one.text,
                "facts": one.facts,
                "chosen": one.value == stored,
            }
        )
        for one in offered.options
    ]
    if stored and all(one.value != stored for one in offered.options):
        text = look.name_of(known.kind.name, str(stored))
        made.insert(
            0, pieces.shared["option"].join({"value": stored, "text": text, "chosen": True})
        )
    return join_all(made)


def shown_values(
    look: Look, known: FieldDefinition, path: str, holder: Mapping[str, Any]
) -> Values:
    """What a value shown as text needs."""
    values: Values = {}
    error = look.errors.get(path)
    if error is not None:
        values["error"] = values["bad"] = error
    stored = holder.get(known.key)
    if stored is not None:
        typed = known.kind.recall(stored, known.options)
        reader = Reader(look.language, look.name_of)
        text = known.kind.display(typed, known.options, reader)
        is_percent = shown_kind(known).name == "percent"
        values["value"] = text.removesuffix("%") if is_percent else text
    unit = unit_of(look, known, holder)
    if unit:
        values["unit"] = unit
    return values


def unit_of(look: Look, known: FieldDefinition, holder: Mapping[str, Any]) -> str:
    """The currency, the unit, or the percent sign that stands behind a number."""
    kind = shown_kind(known).name
    if kind == "percent":
        return "%"
    if kind == "money":
        per = _named(look, known.options.get("per"), holder)
        return _currency(look, known, holder) + (f"/{per}" if per else "")
    return _named(look, known.options.get("unit"), holder) if kind == "quantity" else ""


def _currency(look: Look, known: FieldDefinition, holder: Mapping[str, Any]) -> str:
    named = str(known.options.get("currency") or "project")
    if named == "project":
        return look.project_currency or ""
    return named if named.isupper() else _read(look, named, holder)


def _named(look: Look, unit: Any, holder: Mapping[str, Any]) -> str:
    """A unit: the value of the field it names, or the literal itself."""
    is_path = unit in look.form.definition.fields
    return _read(look, str(unit), holder) if is_path else str(unit or "")


def _read(look: Look, path: str, holder: Mapping[str, Any]) -> str:
    """The value of the field that names a unit or a currency; nothing for a row's own in a head."""
    field = look.form.definition.fields.get(path)
    if field is None:
        return ""
    stored = (look.data if field.table is None else holder).get(field.key)
    if stored is None:
        return ""
    typed = field.kind.recall(stored, field.options)
    return field.kind.display(typed, field.options, Reader(look.language, look.name_of))


def piece_for(pieces: FieldPieces, state: str) -> Any:
    """The parts of a field in a state."""
    return {"write": pieces.write, "read": pieces.read}.get(state, pieces.gone)
