"""Counted tries per account and address, in the database so that all workers share them.

The count rises before the work it guards, in a transaction of its own, so parallel guesses count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.accounts.models import Throttle
from portal.db import apart, is_sqlite, unscoped
from portal.errors import N_, Throttled

_FORGET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bound:
    """How many tries are free; after that each doubles the wait, up to `longest` seconds."""

    free: int
    longest: int


ACCOUNT = Bound(free=5, longest=60)  # low: a stranger must not be able to lock the director out
ADDRESS = Bound(free=50, longest=900)  # many people may share an office's address
RESET_ACCOUNT = Bound(free=3, longest=3_600)
RESET_ADDRESS = Bound(free=20, longest=3_600)


def count(bounds: dict[str, Bound], *, now: datetime) -> None:
    """Count one try under each key. Raises Throttled while a wait has not passed."""
    with apart() as session:
        rows = {key: _row(session, key[:120], now) for key in sorted(bounds)}
        wait = max((_wait(row, now) for row in rows.values()), default=0)
        if wait:
            raise Throttled(N_("Too many tries. Wait a little, then try again."), retry_after=wait)
        for key, row in rows.items():
            row.tries += 1
            over = row.tries - bounds[key].free
            if over >= 0:
                row.until = now + timedelta(seconds=min(2 ** min(over, 20), bounds[key].longest))


def _row(session: Session, key: str, now: datetime) -> Throttle:
    """The locked row of a key, made if missing, forgotten after a day."""
    flavor = sqlite if is_sqlite() else postgresql
    new = flavor.insert(Throttle).values(key=key, tries=0, first_at=now)
    session.execute(new.on_conflict_do_nothing())
    row = session.scalars(
        unscoped(
            select(Throttle).where(Throttle.key == key).with_for_update(),
            "tries are counted before anybody is known",
        )
    ).one()
    if row.first_at < now - _FORGET:
        row.tries, row.first_at, row.until = 0, now, None
    return row


def _wait(row: Throttle, now: datetime) -> int:
    if row.until is None or row.until <= now:
        return 0
    return int((row.until - now).total_seconds()) + 1


def forgive(*keys: str, shared: tuple[str, ...] = ()) -> None:
    """After a success: forget the account's tries, and take back the one counted for `shared`."""
    with apart() as session:
        for key in (*keys, *shared):
            row = session.get(
                Throttle, key[:120], execution_options={"unscoped": "tries of a known person"}
            )
            if row is None:
                continue
            row.tries = 0 if key in keys else max(0, row.tries - 1)
            row.until = None if key in keys else row.until
