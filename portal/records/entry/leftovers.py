"""Links of which something must be left: an application that is paid in full is offered no more.

This only spares the choice. That no more is taken than is left is for the form's own rules, which
say so where it is filed.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.forms.fields import FieldDefinition
from portal.records.entry.entries import Entry
from portal.records.models import Record, RecordLink
from portal.records.transitions import APPROVED, SUBMITTED

WHY = "what others have taken counts, whoever may read their records"


def still_left(entry: Entry, field: FieldDefinition, rows: Sequence[Any]) -> list[Any]:
    """The candidates whose `of` is more than what other records of this form took of them.

    Records in approval count like approved ones; the record at hand does not.
    """
    left = field.options["left"]
    taken: dict[str, Decimal] = {}
    statement = (
        select(RecordLink.target_id, Record.data)
        .join(Record, Record.id == RecordLink.record_id)
        .where(
            RecordLink.target_id.in_(sorted(one.id for one in rows)),
            RecordLink.form == entry.definition.form,
            RecordLink.field == field.path,
            Record.state.in_((APPROVED, SUBMITTED)),
            Record.id != entry.record_id,
        )
    )
    for target, data in db.session.execute(unscoped(statement, WHY)):
        taken[target] = taken.get(target, Decimal(0)) + _number(data.get(left["less"]))
    return [
        one for one in rows if _number(one.data.get(left["of"])) > taken.get(one.id, Decimal(0))
    ]


def _number(stored: Any) -> Decimal:
    return Decimal(str(stored)) if stored is not None else Decimal(0)
