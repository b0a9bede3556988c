"""A field as its macro sees it: texts in one language, the control's name, what it may hold."""

from dataclasses import dataclass
from typing import Any

from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import Kind
from portal.forms.kinds.derived import RollupKind

NUMERIC = frozenset({"number", "money", "quantity", "percent"})
WIDE = frozenset({"table", "longtext", "attachment", "reverse"})
_FEW_RADIOS = 4


@dataclass(frozen=True, slots=True)
class Face:
    """`name` is the control's name; of a column it holds the marker of the row id."""

    name: str
    path: str
    key: str
    table: str | None
    kind: str
    label: str
    hint: str
    required: bool
    is_output: bool
    is_number: bool
    is_long: bool
    is_wide: bool
    as_radios: bool
    many: bool
    images: bool
    accept: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    fixed: bool
    has_unit: bool
    total: str
    offers: str


def shown_kind(field: FieldDefinition) -> Kind:
    """The kind a field is shown as: a roll-up looks like what it rolls up."""
    kind = field.kind
    return kind.shown_as(field.options) if isinstance(kind, RollupKind) else kind


def face_of(form: FormDefinition, field: FieldDefinition, language: str, row: str = "") -> Face:
    """The face of a field; `row` is the marker of a row id for columns."""
    kind, options = shown_kind(field).name, field.options
    choices = tuple(
        (value, text.in_language(language))
        for value, text in (options.get("choices") or {}).items()
    )
    few = len(choices) <= _FEW_RADIOS and field.required and field.table is None
    return Face(
        name=field.key if field.table is None else f"{field.table}-{row}-{field.key}",
        path=field.path,
        key=field.key,
        table=field.table,
        kind=kind,
        label=field.label.in_language(language),
        hint=field.hint.in_language(language),
        required=field.required,
        is_output=field.is_derived,
        is_number=kind in NUMERIC,
        is_long=kind == "longtext",
        is_wide=field.kind.name in WIDE,
        as_radios=kind == "choice" and few,
        many=bool(options.get("many")),
        images=bool(options.get("images")),
        accept=tuple(options.get("accept") or ()),
        choices=choices,
        fixed=bool((options.get("rows_from") or {}).get("fixed")),
        has_unit=_has_unit(kind, options),
        total=_total(form, field),
        offers=f"o-{field.path.replace('[].', '-')}" if options.get("offers") else "",
    )


def _has_unit(kind: str, options: Any) -> bool:
    return kind in {"money", "percent"} or (kind == "quantity" and bool(options.get("unit")))


def _total(form: FormDefinition, field: FieldDefinition) -> str:
    if field.table is None:
        return ""
    totals = form.fields[field.table].options.get("totals") or {}
    return str(totals.get(field.key, ""))
