"""What a list asks for, as conditions on the record and on the index of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import aliased

from portal import limits
from portal.records import aliases, scope
from portal.records.list_catalog import ListField
from portal.records.models import Record, RecordIndex
from portal.records.transitions import STATES
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter on one field: equal to a value, at least and at most, or containing a text."""

    field: ListField
    value: str = ""
    least: Decimal | date | None = None
    most: Decimal | date | None = None

    @property
    def is_exact(self) -> bool:
        """Whether one value is wanted, and nothing else."""
        return bool(self.value) and not (self.field.many or self.field.is_free_text)


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows, in which order, and which page of it."""

    form: str
    states: tuple[str, ...] = ()
    project_id: str | None = None
    mine: bool = False
    text: str = ""
    chosen: Sequence[Chosen] = ()
    sort: str = ""
    sort_field: ListField | None = None
    descending: bool = False
    page: int = 1
    size: int = limits.PAGE_ROWS


def conditions(query: Query, viewer: Viewer, chosen: Sequence[Chosen]) -> list[ColumnElement[bool]]:
    """What a row must satisfy, the viewer's scope included; `chosen` are the field filters."""
    visible = scope.record_visible(Record, viewer, query.form)
    found: list[ColumnElement[bool]] = [Record.form == query.form, visible]
    if query.states:
        known = [state for state in query.states if state in STATES]
        found.append(Record.state.in_(known) if known else false())
    if query.project_id is not None:
        found.append(Record.project_id == query.project_id)
    if query.mine:
        found.append(Record.requester_id == viewer.person_id)
    if query.text:
        found.append(
            or_(
                Record.subject.icontains(query.text, autoescape=True),
                Record.number.icontains(query.text, autoescape=True),
            )
        )
    for one in chosen:
        index = aliased(RecordIndex)
        held = select(index.record_id).where(*_where(query.form, one, index))
        found.append(Record.id.in_(held))
    return found


def filtered(
    query: Query, viewer: Viewer, *columns: Any, first: bool = True
) -> tuple[Select[Any], Any]:
    """(the rows without order, the column that holds their key).

    The first filter on an exact value leads: its index holds the keys of its rows in order. A
    list sorted by a field leads by that field's index instead (`first` is then false).
    """
    leading = next((one for one in query.chosen if one.is_exact), None) if first else None
    rest = [one for one in query.chosen if one is not leading]
    where = conditions(query, viewer, rest)
    if leading is None:
        return select(*columns or (Record.id,)).where(*where), Record.id
    index = aliased(RecordIndex)
    statement = (
        select(*columns or (index.record_id,))
        .join_from(index, Record, Record.id == index.record_id)
        .where(*_where(query.form, leading, index), *where)
    )
    return statement, index.record_id


def _where(form: str, chosen: Chosen, index: Any) -> list[ColumnElement[bool]]:
    """What a value in the index must be for a filter to let its record pass."""
    column = column_of(index, chosen.field)
    tests: list[ColumnElement[bool]] = [index.form == form, index.field == chosen.field.path]
    if chosen.value:
        if chosen.field.many:
            tests.append(("," + column + ",").contains(f",{chosen.value},", autoescape=True))
        elif chosen.field.is_free_text:
            tests.append(column.icontains(chosen.value, autoescape=True))
        else:
            alike = _alike(chosen)
            tests.append(column.in_(alike) if len(alike) > 1 else column == alike[0])
    if chosen.least is not None:
        tests.append(column >= chosen.least)
    if chosen.most is not None:
        tests.append(column <= chosen.most)
    return tests


def _alike(chosen: Chosen) -> list[str]:
    """The value, and with an entry those that were merged into it."""
    if chosen.field.kind != "record":
        return [chosen.value]
    return aliases.merged().families([chosen.value])


def column_of(index: Any, one: ListField) -> Any:
    return {"number": index.number, "date": index.day}.get(one.index, index.text)
