"""A form as a list of its sections and fields: shown while it does not compile yet."""

from collections.abc import Mapping
from typing import Any

from portal.forms.fields import FieldDefinition, FormDefinition

Shown = dict[str, Any]

_WIDE = frozenset({"longtext", "table", "attachment", "reverse"})


def outline(form: FormDefinition, language: str) -> Shown:
    """The sections with their fields, and the fields that stand in none."""
    placed = {path for section in form.sections for path in section.fields}
    sections = [
        {
            "title": one.title.in_language(language),
            "note": one.note.in_language(language),
            "columns": one.columns,
            "fields": [
                _field(form, form.fields[path], language)
                for path in one.fields
                if path in form.fields
            ],
        }
        for one in form.sections
    ]
    loose = [_field(form, one, language) for one in form.header if one.path not in placed]
    return {
        "kind": "outline",
        "title": form.title.in_language(language),
        "scope": form.scope,
        "numbering": form.numbering,
        "sections": sections,
        "loose": loose,
    }


def _field(form: FormDefinition, field: FieldDefinition, language: str) -> Shown:
    return {
        "path": field.path,
        "label": field.label.in_language(language) or field.key,
        "hint": field.hint.in_language(language),
        "kind": field.kind.name,
        "required": field.required,
        "derived": field.is_derived,
        "read_only": field.read_only,
        "computed": field.computed,
        "fetched": ".".join(field.fetched_from) if field.fetched_from else "",
        "wide": field.kind.name in _WIDE,
        "unit": _unit(field),
        "choices": _choices(field, language),
        "many": bool(field.options.get("many")),
        "columns": [_field(form, one, language) for one in form.columns.get(field.key, ())],
        "totals": dict(field.options.get("totals") or {}),
        "is_conditional": any(field.path in rule.show for rule in form.rules),
    }


def _unit(field: FieldDefinition) -> str:
    if field.kind.name == "percent":
        return "%"
    if field.kind.name == "money":
        per = field.options.get("per")
        return str(field.options.get("currency") or "") + (f"/{per}" if per else "")
    return str(field.options.get("unit") or "")


def _choices(field: FieldDefinition, language: str) -> list[str]:
    choices = field.options.get("choices")
    if not isinstance(choices, Mapping):
        return []
    return [text.in_language(language) or str(value) for value, text in choices.items()]
