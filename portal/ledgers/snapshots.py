"""Figures kept as they stood once: sheets, baselines, simulations, reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.db import db, unscoped
from portal.forms.canonical import content_hash
from portal.ids import new_id
from portal.ledgers.models import Snapshot

WHY = "figures say who froze them"


def keep(
    *,
    project_id: str,
    kind: str,
    name: str,
    body: Mapping[str, Any],
    taken_by: str,
    now: datetime,
) -> Snapshot:
    """Keep this content for ever, with its hash."""
    snapshot = Snapshot(
        id=new_id(),
        project_id=project_id,
        kind=kind,
        name=name,
        body=dict(body),
        sha256=content_hash(body),
        taken_by=taken_by,
        taken_at=now,
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def kept(project_id: str, kind: str) -> Sequence[tuple[Snapshot, str]]:
    """What was kept of a kind in a project and by whom, newest first."""
    statement = (
        select(Snapshot, Person.name)
        .join(Person, Person.id == Snapshot.taken_by)
        .where(Snapshot.project_id == project_id, Snapshot.kind == kind)
        .order_by(Snapshot.taken_at.desc(), Snapshot.id.desc())
    )
    return [(one, name) for one, name in db.session.execute(unscoped(statement, WHY))]
