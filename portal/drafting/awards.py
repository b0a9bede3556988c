"""An award becomes a project: its approved opening creates the project and drafts its contract."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sqlalchemy import select

from portal.accounts.models import Company
from portal.accounts.sessions import viewer_of
from portal.dates import read_day
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.forms.evaluation import defaults
from portal.ids import new_id
from portal.projects import services as projects
from portal.projects.models import Project
from portal.records import services as records
from portal.records.models import Record
from portal.records.transitions import APPROVED, Transition

OPENING: Final = "project_opening"
CONTRACT: Final = "contract"
MANAGER: Final = "project_manager"
WHY = "the project an opening has made, told whoever may read the opening"


def on_transition(transition: Transition) -> None:
    """Once a decision with a code for the new project is approved, project and draft stand there.

    Raises Invalid where the code is taken or is none: then nothing is approved.
    """
    record = transition.record
    if record.form != OPENING or transition.after != APPROVED or transition.before == APPROVED:
        return
    if not record.data.get("code") or record.data.get("project"):
        return
    project = _opened(record.data, transition.now)
    _contract(project, record.data, transition.now)


def _opened(data: Mapping[str, Any], now: datetime) -> Project:
    """The project with its manager; made by the decision, whoever gave the last signature."""
    company = db.session.get_one(Company, 1)
    made = projects.create_project(
        actor=None,
        code=str(data["code"]),
        name=str(data["name"]),
        currency=str(data["currency"]),
        zone=company.zone,
        department_id=data.get("department"),
        starts_on=read_day(data.get("starts_on")),
        ends_on=read_day(data.get("ends_on")),
        now=now,
    )
    for role in (MANAGER, "member"):
        projects.add_member(
            actor=None, project_id=made.id, person_id=str(data["manager"]), role=role, now=now
        )
    return made


def _contract(project: Project, data: Mapping[str, Any], now: datetime) -> Record | None:
    """A draft of the income contract in the manager's hands; none where they may not file it.

    Tax, days to pay, retention and the like are those a new contract starts with by its form.
    """
    manager = viewer_of(str(data["manager"]))
    known = definitions.form_in(CONTRACT, project.id)
    if known is None or not definitions.may_file(manager, known, project.id):
        return None
    starts = defaults(known.form)
    tax = Decimal(starts.get("tax_percent") or 0)
    gross = Decimal(data["income"]) * (1 + tax / 100)
    line = {
        "_id": new_id(),
        "item": "1",
        "description": str(data["name"])[:200],
        "unit": "lot",
        "qty": "1.000",
        "unit_price": f"{gross.quantize(Decimal('0.01'), ROUND_HALF_UP)}",
    }
    drafted: dict[str, Any] = starts | {
        "code": f"{project.code}-I-01",
        "name": str(data["name"])[:160],
        "direction": "income",
        "party": data.get("client"),
        "lines": [line],
        "advance_rule": "none",
    }
    if data.get("advance"):
        advance = (gross * Decimal(data["advance"]) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        drafted |= {"advance_rule": "proportional", "advance_amount": f"{advance}"}
    origin = records.Origin(CONTRACT, project.id, drafted)
    return records.fill_draft(actor=manager, origin=origin, now=now)


def project_of(record: Record) -> tuple[str, str] | None:
    """(code, name) of the project an approved opening has made."""
    code = str(record.data.get("code") or "").strip().upper()
    if record.form != OPENING or record.state != APPROVED or not code:
        return None
    statement = select(Project.code, Project.name).where(Project.code == code)
    found = db.session.execute(unscoped(statement, WHY)).first()
    return (found[0], found[1]) if found else None
