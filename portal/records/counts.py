"""Under which releases records stand, and how many still move."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions.models import ModuleRelease
from portal.records.models import Record

OPEN = ("submitted", "returned")  # drafts move to the current release when they are opened


def used_releases() -> Collection[str]:
    """The releases under which any record stands, in whatever state."""
    statement = select(Record.release_id).distinct()
    return db.session.scalars(unscoped(statement, "a question of authors, no content")).all()


def open_by_release(module: str) -> Mapping[int, int]:
    """Release number -> records of the module that are not decided yet."""
    statement = (
        select(ModuleRelease.number, func.count())
        .join(Record, Record.release_id == ModuleRelease.id)
        .where(ModuleRelease.module == module, Record.state.in_(OPEN))
        .group_by(ModuleRelease.number)
        .order_by(ModuleRelease.number)
    )
    rows = db.session.execute(unscoped(statement, "a count for authors, no content"))
    return {number: count for number, count in rows if number is not None}
