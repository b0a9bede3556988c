"""The fields a list may show, sort and filter by: a closed dictionary made of the definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.definitions.queries import FormInRelease
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import Reader
from portal.forms.kinds.derived import RollupKind
from portal.forms.kinds.numbers import grouped
from portal.workflows.blocks import Step

NAMED = frozenset({"user", "department", "project", "record"})


@dataclass(frozen=True, slots=True)
class ListField:
    """A field as lists know it; `index` says which column of the index holds it."""

    path: str
    label: str
    field: FieldDefinition
    kind: str
    index: str
    many: bool

    @property
    def is_number(self) -> bool:
        """Whether its column is aligned to the right."""
        return self.index == "number"

    @property
    def is_named(self) -> bool:
        """Whether it holds keys that have names elsewhere."""
        return self.kind in NAMED

    @property
    def is_free_text(self) -> bool:
        """Whether a filter looks for a part of it."""
        return self.kind == "text"

    @property
    def choices(self) -> Mapping[str, Any]:
        """The values of a choice with their labels."""
        found: Mapping[str, Any] = self.field.options.get("choices") or {}
        return found


@dataclass(frozen=True, slots=True)
class Catalog:
    """What a list of one form offers to one reader."""

    columns: tuple[ListField, ...]
    filters: Mapping[str, ListField]
    fields: Mapping[str, ListField]


def catalog_of(form: FormInRelease, language: str) -> Catalog:
    """Columns and filters of a form; title and amount have columns of their own."""
    definition, hidden = form.form.definition, hidden_somewhere(form)
    known = {
        path: _list_field(definition.fields[path], language)
        for path in dict.fromkeys((*definition.list_columns, *definition.list_filters))
        if path in definition.fields
        and path not in hidden
        and definition.fields[path].table is None
        and shown_as(definition.fields[path]).index is not None
    }
    own = {definition.subject, definition.amount}
    columns = tuple(
        known[path] for path in definition.list_columns if path in known and path not in own
    )
    filters = {path: known[path] for path in definition.list_filters if path in known}
    return Catalog(columns, filters, known)


def hidden_somewhere(form: FormInRelease) -> frozenset[str]:
    """Fields a step hides from its people: a list would tell them, so it shows them to nobody."""
    if form.workflow is None:
        return frozenset()
    steps = [one for one in form.workflow.all_blocks() if isinstance(one, Step)]
    return frozenset(path for step in steps for path in step.fields.hide)


def shown_as(field: FieldDefinition) -> Any:
    """The kind a field's values have."""
    kind = field.kind
    return kind.shown_as(field.options) if isinstance(kind, RollupKind) else kind


def _list_field(field: FieldDefinition, language: str) -> ListField:
    kind = shown_as(field)
    return ListField(
        path=field.path,
        label=field.label.in_language(language),
        field=field,
        kind=kind.name,
        index=str(kind.index),
        many=bool(field.options.get("many")),
    )


def text_of(one: ListField, value: Any, reader: Reader) -> str:
    """An index value as the list shows it."""
    if value is None:
        return ""
    if one.is_number:
        return grouped(value, int(one.field.options.get("scale", 0)))
    if one.kind == "yes_no":
        return one.field.kind.display(value == "true", one.field.options, reader)
    if one.many:
        return one.field.kind.display(str(value).split(","), one.field.options, reader)
    return one.field.kind.display(value, one.field.options, reader)
