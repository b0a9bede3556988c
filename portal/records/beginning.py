"""Entries a register begins with: examples its module marks so, filed when it comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.forms.rowids import new_row_id
from portal.ids import new_id
from portal.records import services, transitions
from portal.records.models import Record
from portal.web.viewer import Viewer

Entry = Mapping[str, Any]
WHY = "a register begins with its entries once, whoever publishes it"


def begin_register(
    *, actor: Viewer, form_key: str, entries: Sequence[Entry], now: datetime
) -> list[Record]:
    """File these entries of a company's register, unless it holds any.

    Whoever publishes a module need not be whom it lets file. Raises Invalid.
    """
    form = definitions.current_form(form_key)
    held = select(Record.id).where(Record.form == form_key).limit(1)
    if form is None or form.workflow is not None or form.scope != "company":
        return []
    if db.session.scalars(unscoped(held, WHY)).first() is not None:
        return []
    made = []
    for entry in entries:
        record = Record(
            id=new_id(),
            module=form.module,
            form=form_key,
            release_id=form.release_id,
            requester_id=actor.person_id,
            state=transitions.DRAFT,
            data={},
            revision=0,
            created_at=now,
            updated_at=now,
        )
        db.session.add(record)
        services.accept(record=record, actor=actor, data=_with_rows(entry), now=now)
        transitions.set_state(record=record, state=transitions.APPROVED, actor=actor, now=now)
        services.note(record, "record.file", actor=actor, now=now)
        made.append(record)
    return made


def _with_rows(entry: Entry) -> dict[str, Any]:
    """The entry with an id for every row of its tables."""
    return {
        key: [{"_id": new_row_id(), **row} for row in value]
        if isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
        else value
        for key, value in entry.items()
    }
