"""Invoice numbers of one party that stand on two payment applications: paid once, or twice?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

APPLICATION = "payment"
WHY = "a number used twice is told whoever may open the applications"


@dataclass(frozen=True, slots=True)
class Numbered:
    """An application with the number of its invoice."""

    document: str
    number: str
    party: str
    net_due: Decimal


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
    return Numbered(record_id, str(number), str(party), Decimal(data.get("net_due") or 0))
