"""Numbers without gaps: one counter per prefix, taken inside the submit."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db, is_sqlite, read_fixed, unscoped
from portal.records.models import NumberSeries


def take_number(prefix: str, width: int) -> str:
    """The next number of a series, e.g. `PAY-P1-2026-0007`.

    The row stays locked until the transaction ends: a rollback gives the number back.
    """
    return take_numbers(prefix, width, 1)[0]


def take_numbers(prefix: str, width: int, count: int) -> list[str]:
    """The next numbers of a series, one after the other."""
    last = read_fixed(_take[is_sqlite()], {"prefix": prefix, "last": count})[0][0]
    return [f"{prefix}{at:0{width}d}" for at in range(last - count + 1, last + 1)]


def _taking(flavor: Any) -> Any:
    adding = flavor.insert(NumberSeries)
    more = {"last": NumberSeries.last + adding.excluded.last}
    counting = adding.on_conflict_do_update(index_elements=["prefix"], set_=more)
    return unscoped(counting.returning(NumberSeries.last), "a counter")


_take = {True: _taking(sqlite), False: _taking(postgresql)}


def last_number(prefix: str) -> int:
    """How many numbers a series has given out."""
    statement = select(NumberSeries.last).where(NumberSeries.prefix == prefix)
    return db.session.execute(unscoped(statement, "a counter")).scalar_one_or_none() or 0
