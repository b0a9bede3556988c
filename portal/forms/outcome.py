"""What an evaluation is told beside the data, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from portal.errors import FieldError
from portal.forms.access import FieldAccess
from portal.forms.fieldpaths import declared, split_cell

Mode = Literal["draft", "submit"]
CellKey = str | tuple[str, str]
START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The world around one record, gathered by the host.

    `links`: for each link (its path, or (column path, row id)) the stored values of the record it
    leads to, tables included; a link that is missing here keeps what was fetched before.
    `rollups`: stored values by path or (column path, row id); likewise. `step`: the workflow step
    at which the record is judged, None while its requester has it. `access`: what the person may
    do with each field; nobody is asked for what they cannot write. `required`: paths the step
    requires. `previous`, `in_base`, ... come in with the hosts that offer them.
    """

    today: date
    requester: str | None = None
    project: Mapping[str, Any] | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[CellKey, Mapping[str, Any] | None] = field(default_factory=dict)
    rollups: Mapping[CellKey, Any] = field(default_factory=dict)
    step: str | None = None
    access: FieldAccess | None = None
    required: frozenset[str] = frozenset()


@dataclass(slots=True)
class Outcome:
    """An evaluated record. Paths name cells with their row ids, or a column for all its rows.

    `visible` holds only what rules show: True, False, or None where that is not yet determined
    (not shown, never cleared); everything else is visible. `required` and `locked` are what rules
    ask beyond the definition. `cleared`: stored values that were dropped because hidden fields are
    not kept at submit. `totals`: column path → stored total. `touched`: after `recompute`, the
    nodes that were evaluated; None after a full evaluation.
    """

    data: dict[str, Any]
    visible: dict[str, bool | None] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    cleared: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    touched: frozenset[str] | None = None

    def visibility(self, path: str) -> bool | None:
        """Of a field or a cell: of it, its column and its table the least visible counts."""
        found: bool | None = True
        for one in _around(path):
            state = self.visible.get(one, True)
            if state is False:
                return False
            if state is None:
                found = None
        return found

    def is_visible(self, path: str) -> bool:
        """Whether the field is shown."""
        return self.visibility(path) is True

    def is_required(self, path: str) -> bool:
        """Whether a rule requires it (besides `FieldDefinition.required`)."""
        return any(one in self.required for one in _around(path)[:2])

    def is_locked(self, path: str) -> bool:
        """Whether a rule locks it, its column or its table."""
        return any(one in self.locked for one in _around(path))


def _around(path: str) -> list[str]:
    """A path, the column it belongs to, and the table: `lines[r1].qty`, `lines[].qty`, `lines`."""
    table = split_cell(path)[0]
    return [path] if table is None else list(dict.fromkeys([path, declared(path), table]))
