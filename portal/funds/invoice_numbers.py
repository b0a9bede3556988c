"""Numbers of invoices: what stands on them, and those of one party used on two applications."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from portal.db import db, unscoped
from portal.records import aliases
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

APPLICATION = "payment"
INVOICES: Final = {"sales_invoice": "", "supplier_invoice": "invoices"}  # the table they stand in
WHY_NUMBER = "whoever sees a figure sees the numbers of its documents"
WHY = "a number used twice is told whoever may open the applications"


@dataclass(frozen=True, slots=True)
class Numbered:
    """An application with the number of its invoice."""

    document: str
    number: str
    party: str
    net_due: Decimal


def numbers_of(record_ids: Collection[str]) -> dict[str, str]:
    """The numbers on the invoices a record enters: the one we issued, or those of a supplier."""
    statement = select(Record.id, Record.form, Record.data).where(
        Record.id.in_(sorted(record_ids)), Record.form.in_(sorted(INVOICES))
    )
    return {
        record_id: ", ".join(filter(None, (str(one.get("number") or "") for one in held)))
        for record_id, form, data in db.session.execute(unscoped(statement, WHY_NUMBER))
        if (held := (data.get(INVOICES[form]) or []) if INVOICES[form] else [data])
    }


def used_twice(project: ProjectBrief) -> list[Numbered]:
    """Applications in approval or approved whose invoice number another of the party has as well.

    A number counts as the same however it is spaced or capitalised.
    """
    statement = (
        select(Record.id, Record.data)
        .where(
            Record.project_id == project.id,
            Record.form == APPLICATION,
            Record.state.in_(("submitted", "approved")),
        )
        .order_by(Record.number, Record.id)
    )
    groups: dict[tuple[str, str], list[Numbered]] = {}
    for record_id, data in db.session.execute(unscoped(statement, WHY)):
        one = _numbered(record_id, data)
        if one is not None:
            key = one.party, "".join(one.number.split()).casefold()
            groups.setdefault(key, []).append(one)
    return [one for group in groups.values() if len(group) > 1 for one in group]


def _numbered(record_id: str, data: dict[str, Any]) -> Numbered | None:
    number, party = data.get("invoice_no"), data.get("party")
    if not number or not party:
        return None
    stays = str(aliases.merged().stays(str(party)))
    return Numbered(record_id, str(number), stays, Decimal(data.get("net_due") or 0))
