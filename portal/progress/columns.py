"""The columns of the milestone sheet. Readings replace each other; only shifts add up."""

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import Column, Term

PROGRESS = "progress_entry"

SHIFT = Column(
    "shift",
    _l("Days moved"),
    _l("Calendar days by which approved changes moved the milestone"),
    PROGRESS,
    (Term(1, {"reading": ("shift",)}),),
    measure="days",
    unit="days",
)
EVERY: tuple[Column, ...] = (SHIFT,)
