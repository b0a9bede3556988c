"""What moves in a project: records in approval and who has them, and the newest ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.approvals import queries as approvals
from portal.approvals import steps
from portal.db import db
from portal.definitions import queries as definitions
from portal.ledgers.pages import start_url
from portal.projects.tabs import Panel
from portal.records.models import Record
from portal.records.transitions import DRAFT, SUBMITTED
from portal.web.viewer import ProjectBrief, Viewer

WAITING = 6
NEWEST = 6
_SHOWN = (
    Record.id,
    Record.form,
    Record.release_id,
    Record.number,
    Record.subject,
    Record.state,
    Record.amount,
    Record.currency,
    Record.submitted_at,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record in approval: at which step, and the people asked; nobody when it is stuck."""

    row: Any
    step: str
    people: Sequence[str]


def waiting_panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """What waits in this project and with whom, the longest first, as far as one may see it."""
    titles = definitions.form_titles()
    in_approval = (
        Record.form.in_(sorted(titles)),
        Record.project_id == project.id,
        Record.state == SUBMITTED,
    )
    rows = db.session.execute(
        select(*_SHOWN).where(*in_approval).order_by(Record.submitted_at, Record.id).limit(WAITING)
    ).all()
    count = len(rows)
    if count == WAITING:
        counted = select(func.count()).select_from(Record).where(*in_approval)
        count = int(db.session.execute(counted).scalar_one())
    seats = approvals.seats([row.id for row in rows]) if rows else {}
    return Panel(
        "portfolio/overview/_waiting.html",
        {
            "waiting": [_waiting(row, seats, viewer) for row in rows],
            "count": count,
            "titles": titles,
            "start_url": start_url(),
        },
    )


def _waiting(row: Any, seats: Mapping[str, Sequence[tuple[str, str]]], viewer: Viewer) -> Waiting:
    held = seats.get(row.id, ())
    step = steps.title_of(row.release_id, row.form, held[0][0], viewer.language) if held else ""
    return Waiting(row, step, tuple(dict.fromkeys(name for _step, name in held)))


def newest_panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The records filed last in this project, as far as one may see them."""
    statement = (
        select(*_SHOWN)
        .where(Record.project_id == project.id, Record.state != DRAFT)
        .order_by(Record.id.desc())  # ids grow with time; no index has to be sorted
        .limit(NEWEST)
    )
    return Panel(
        "portfolio/overview/_newest.html",
        {
            "rows": db.session.execute(statement).all(),
            "titles": definitions.form_titles(),
            "start_url": start_url(),
        },
        place="side",
    )
