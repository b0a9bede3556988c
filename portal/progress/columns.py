"""The columns of the progress center. Readings replace each other; shifts and money add up."""

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import Column, Term, total

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
SPENT = total(
    "spent",
    _l("Actual cost (AC)"),
    _l("Actual cost by the data date, excluding tax"),
    ledger="cost_entry",
    bucket=("actual",),
)
EVERY: tuple[Column, ...] = (SHIFT, SPENT)
