"""How many records still move under which release."""

from collections.abc import Mapping

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions.models import ModuleRelease
from portal.records.models import Record

OPEN = ("submitted", "returned")  # drafts move to the current release when they are opened


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
