"""Numbers without gaps: one counter per prefix, taken inside the submit."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db, is_sqlite, read_fixed, unscoped
from portal.records.models import NumberSeries


def take_number(prefix: str, width: int) -> str:
    """The next number of a series, e.g. `PAY-P1-2026-0007`.

    The row stays locked until the transaction ends: a rollback gives the number back.
    """
    last = read_fixed(_take[is_sqlite()], {"prefix": prefix, "last": 1})[0][0]
    return f"{prefix}{last:0{width}d}"


_take = {
    is_lite: unscoped(
        flavor.insert(NumberSeries)
        .on_conflict_do_update(index_elements=["prefix"], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last),
        "a counter",
    )
    for is_lite, flavor in ((True, sqlite), (False, postgresql))
}


def last_number(prefix: str) -> int:
    """How many numbers a series has given out."""
    statement = select(NumberSeries.last).where(NumberSeries.prefix == prefix)
    return db.session.execute(unscoped(statement, "a counter")).scalar_one_or_none() or 0
