"""A form definition as read: fields, rules and sections, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from portal.forms.kinds import Kind
from portal.forms.texts import Text

OnHide = Literal["clear", "keep"]
Condition = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FieldDefinition:
    """One field: `key` inside `table` (None for the record itself), or `path` for both.

    `computed` is the source of its expression; `fetched_from` = (path of the link, path in the
    linked record). `place` leads to it in the file.
    """

    path: str
    key: str
    table: str | None
    kind: Kind
    options: Mapping[str, Any]
    label: Text
    hint: Text
    required: bool
    read_only: bool
    on_hide: OnHide
    default: Any
    prefill: str | None
    computed: str | None
    fetched_from: tuple[str, str] | None
    place: tuple[str | int, ...]

    @property
    def is_derived(self) -> bool:
        """Whether only the server writes it."""
        return (
            self.computed is not None
            or self.fetched_from is not None
            or self.kind.name in ("rollup", "reverse")
        )

    @property
    def is_writable(self) -> bool:
        """Whether anybody may write it at all."""
        return not (self.read_only or self.is_derived)

    @property
    def in_list(self) -> bool:
        """Whether it is shown as a column of the list."""
        return bool(self.options.get("in_list"))

    @property
    def in_filter(self) -> bool:
        """Whether lists filter by it."""
        return bool(self.options.get("in_filter"))

    @property
    def unique(self) -> str | None:
        """`form` or `project` where no two records may hold the same value."""
        scope = self.options.get("unique")
        return None if scope is None else str(scope)


@dataclass(frozen=True, slots=True, eq=False)
class RuleDefinition:
    """A rule as written. `table` is set where it is judged once per row of that table."""

    id: str
    when: Condition | None
    at: frozenset[str]
    show: tuple[str, ...]
    require: tuple[str, ...]
    lock: tuple[str, ...]
    check: Condition | None
    message: Text
    on: str | None
    table: str | None
    place: tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SectionDefinition:
    """A block of the layout: a section of fields, or a note (only `note` is set)."""

    title: Text
    columns: int
    fields: tuple[str, ...]
    collapsed: bool
    note: Text


@dataclass(frozen=True, slots=True, eq=False)
class FormDefinition:
    """A form: everything of the file that matters at run time.

    `closes` names the date up to which its approved records close the months of their project.
    `duplicates` are the fields by which two entries look like one; such entries can be merged.
    `fields` holds header fields and columns by path, in order; `hash` is the content hash.
    """

    form: str
    version: int
    title: Text
    scope: Literal["project", "company"]
    numbering: str | None
    subject: str | None
    amount: str | None
    closes: str | None
    retires: bool
    duplicates: tuple[str, ...]
    facts: tuple[str, ...]
    fields: Mapping[str, FieldDefinition]
    rules: tuple[RuleDefinition, ...]
    sections: tuple[SectionDefinition, ...]
    list_columns: tuple[str, ...]
    list_filters: tuple[str, ...]
    hash: str
    expanded: Mapping[str, Any] = field(repr=False)
    header: tuple[FieldDefinition, ...]
    columns: Mapping[str, tuple[FieldDefinition, ...]]

    @property
    def tables(self) -> tuple[FieldDefinition, ...]:
        """The line tables."""
        return tuple(one for one in self.header if one.kind.name == "table")

    @property
    def links(self) -> tuple[FieldDefinition, ...]:
        """Every link to a record of another form, columns included."""
        return tuple(one for one in self.fields.values() if one.kind.name == "record")

    @property
    def private(self) -> frozenset[str]:
        """The paths few may read in full."""
        return frozenset(p for p, one in self.fields.items() if one.options.get("private"))

    def field(self, path: str) -> FieldDefinition:
        """The field at a declared path; raises KeyError."""
        return self.fields[path]
