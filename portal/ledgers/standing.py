"""Whether a posting still stands: a second look at the same table, for the one that undid it."""

from typing import Any

from portal.ledgers.models import Posting


def undoing() -> Any:
    """The postings once more, to join on `reverses_id`; its `c` are the columns.

    It needs no scope of its own: a reversal belongs to the project of what it takes back.
    """
    return Posting.__table__.alias("undone")
