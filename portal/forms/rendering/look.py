"""What a page of a form is told about one record and its reader: everything that can differ."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.forms.access import FieldAccess, may_change_rows
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import column_path
from portal.forms.fields import FieldDefinition
from portal.forms.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Option:
    """An entry that can be chosen: its key, its name, the facts that tell it from others."""

    value: str
    text: str
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reference field offers: all of it, or (with `source`) the address that looks it up."""

    options: Sequence[Option] = ()
    source: str | None = None
    sought: str = ""


@dataclass(frozen=True, slots=True)
class FileFace:
    """A file of an attachment field, ready to show."""

    key: str
    name: str
    size: str
    url: str
    thumbnail: str | None = None


def _no_choices(_field: FieldDefinition, _row: Mapping[str, Any]) -> Choices:
    return Choices()


def _no_offers(_field: FieldDefinition) -> Sequence[Option]:
    return ()


def _no_name(_kind: str, key: str) -> str:
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One record as its reader may see it now.

    `errors` and `raw` are sentences and unreadable texts by path; `seen` is the viewer's right by
    field. `choices` answers what a reference offers, `offers` what a plain field does; `upload` is
    the address of uploads.
    """

    form: CompiledForm
    language: str
    outcome: Outcome
    access: FieldAccess
    errors: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, list[str]] = field(default_factory=dict)
    locked: Collection[str] = frozenset()
    required: Collection[str] = frozenset()
    project_currency: str | None = None
    name_of: Callable[[str, str], str] = _no_name
    choices: Callable[[FieldDefinition, Mapping[str, Any]], Choices] = _no_choices
    offers: Callable[[FieldDefinition], Sequence[Option]] = _no_offers
    files: Mapping[str, FileFace] = field(default_factory=dict)
    upload: str = ""

    @property
    def data(self) -> Mapping[str, Any]:
        """The stored values."""
        return self.outcome.data

    def state(self, known: FieldDefinition, path: str) -> str:
        """`none` (not for this person), `gone` (hidden by a rule), `read` or `write`."""
        right = self.access.get(known.path, "none")
        if right == "none":
            return "none"
        if self.outcome.visible and not self.outcome.is_visible(path):
            return "gone"
        if right != "write" or not known.is_writable or self.is_locked(known, path):
            return "read"
        return "write"

    def is_locked(self, known: FieldDefinition, path: str) -> bool:
        """Whether a rule keeps the stored value."""
        if self.outcome.locked and self.outcome.is_locked(path):
            return True
        return bool(self.locked) and not {path, known.path, known.table}.isdisjoint(self.locked)

    def is_required(self, known: FieldDefinition, path: str) -> bool:
        """Whether it will be asked for: by definition, by a rule, or by the step."""
        return (
            known.required
            or (bool(self.outcome.required) and self.outcome.is_required(path))
            or known.path in self.required
        )

    def may_change_rows(self, table: FieldDefinition) -> bool:
        """Whether rows can be added, removed and moved."""
        form = self.form.definition
        return may_change_rows(form, self.access, table.key) and (
            self.state(table, table.path) == "write"
        )

    def columns(self, table: str) -> list[FieldDefinition]:
        """The columns this reader may see."""
        return [
            one
            for one in self.form.definition.columns[table]
            if self.access.get(one.path, "none") != "none"
        ]

    def is_hidden_column(self, column: FieldDefinition) -> bool:
        """Whether a rule hides the whole column."""
        path = column_path(str(column.table), column.key)
        return self.outcome.visible.get(path, True) is not True
