"""Whether anything was posted in a project since: a number per project, larger after every commit
that posted there.

It is counted up last, right before the commit, so that whoever posts in a project waits for others
no longer than a commit takes. A posting and its mark are seen together or not at all; read before
the figures it stands for, a mark is never newer than they are.
"""

from collections.abc import Collection

from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import db, is_sqlite, remembered, unscoped, write_fixed
from portal.ledgers.models import Posted, Posting

NOTED = "posted"

_count_up = {
    is_lite: unscoped(
        flavor.insert(Posted).on_conflict_do_update(
            index_elements=["project_id"], set_={"times": Posted.times + 1}
        ),
        "a counter",
    )
    for is_lite, flavor in ((True, sqlite), (False, postgresql))
}


def note(project_id: str) -> None:
    """Something was posted in a project; its mark follows with the commit."""
    _noted(db.session()).add(project_id)


def unmarked() -> Collection[str]:
    """Projects in which this transaction posted: nobody else sees it yet, and it may be undone."""
    return _noted(db.session())


def marks(projects: Collection[str]) -> dict[str, int]:
    """The marks of projects the viewer may see, 0 for all others; read once per request."""
    known: dict[str, int] = remembered(Posted, Posting).setdefault("marks", {})
    unknown = sorted(set(projects) - known.keys())
    if unknown:
        statement = select(Posted.project_id, Posted.times).where(Posted.project_id.in_(unknown))
        known.update(dict.fromkeys(unknown, 0))
        known.update({row[0]: row[1] for row in db.session.execute(statement)})
    return {one: known[one] for one in projects}


def _noted(session: Session) -> set[str]:
    found: set[str] = session.info.setdefault(NOTED, set())
    return found


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is no end
    posted = session.info.pop(NOTED, None)
    if posted:
        rows = [{"project_id": one, "times": 1} for one in sorted(posted)]
        write_fixed(_count_up[is_sqlite()], rows, session)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop(NOTED, None)
