"""What a record counts stands still while it is judged: whoever counts the same waits.

A roll-up reads other records, so two records judged at the same moment could each miss the other.
They meet at a place: the linked record both name, or the project both are in.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, union_all

from portal.db import db, is_sqlite, read_fixed, unscoped
from portal.forms.fields import FormDefinition
from portal.records import aliases
from portal.records.models import Record

COMPANY = "company"
STANDING = "standing"
OWN_ID = "id"

_wait = unscoped(
    select(func.pg_advisory_xact_lock(bindparam("place"))), "places where records are counted"
)


def places(form: FormDefinition, data: Mapping[str, Any], record: Record) -> frozenset[str]:
    """Where this record counts others; none for a form without roll-ups.

    Entries that were merged are one place.
    """
    found: set[str] = set()
    for one in form.fields.values():
        if one.kind.name != "rollup":
            continue
        same = one.options.get("same")
        if not same:
            found.add(record.project_id or COMPANY)
            continue
        named = {record.id if mine == OWN_ID else data.get(mine) for mine in same}
        found.update(str(aliases.merged().stays(target)) for target in named if target)
    return frozenset(found)


def hold(wanted: frozenset[str]) -> None:
    """Keep everybody else who counts there waiting until this transaction ends.

    PostgreSQL alone needs it, SQLite has one writer. Taken after approval and record, in one order
    for all; not the records' own rows, which other commands lock in an order of theirs.
    """
    if is_sqlite():
        return
    for key in sorted(map(_key, wanted)):
        read_fixed(_wait, {"place": key})


def rely_on(records: Collection[str]) -> None:
    """Keep these records from being voided until this transaction ends; who relies does not wait.

    Taken after `hold`. What is read of them afterwards stands.
    """
    if is_sqlite() or not records:
        return
    keys = sorted(_key(f"{STANDING}:{one}") for one in records)
    taken = union_all(*(select(func.pg_advisory_xact_lock_shared(key)) for key in keys))
    db.session.execute(unscoped(taken, "records that others come to stand on"))


def clear(records: Collection[str]) -> None:
    """Wait for everybody who comes to rely on these records, and keep others from it."""
    if is_sqlite():
        return
    for key in sorted(_key(f"{STANDING}:{one}") for one in records):
        read_fixed(_wait, {"place": key})


def _key(place: str) -> int:
    """A lock's 64-bit name; two places that share one only wait for each other."""
    return int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], signed=True)
