"""Do the ledgers of a project still say what its documents say? Check by check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.errors import Message
from portal.ledgers import reconciliation
from portal.ledgers.naming import Document, documents_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One disagreement and the document it concerns, named as far as the reader may open it."""

    document: Document
    message: Message


@dataclass(frozen=True, slots=True)
class Checked:
    """A check in words, and what it found; `more` counts what is not listed."""

    title: Any
    meaning: Any
    found: Sequence[Found]
    more: int = 0

    @property
    def agrees(self) -> bool:
        return not self.found


_QUICK: tuple[tuple[Any, Any, reconciliation.Check], ...] = (
    (
        _l("Nothing left its entries behind"),
        _l("What a record posted in a state it has left was taken back."),
        reconciliation.outdated_postings,
    ),
    (
        _l("What ended without effect adds up to nothing"),
        _l("The entries of rejected, withdrawn and void records add up to zero in every ledger."),
        reconciliation.left_over_sums,
    ),
    (
        _l("What was taken back is canceled exactly"),
        _l("Every counter-posting cancels what it takes back, to the cent."),
        reconciliation.unbalanced_reversals,
    ),
    (
        _l("Entries name what their columns mean"),
        _l("Cost codes, contracts, workers and the like are of the right register."),
        reconciliation.wrong_dimensions,
    ),
)


def quick_checks(project_id: str, now: datetime) -> list[Checked]:
    """What the database answers at once, check by check."""
    return [_checked(title, meaning, check, project_id, now) for title, meaning, check in _QUICK]


def rebuilt(project_id: str, now: datetime) -> Checked:
    """Every entry worked out anew from its record by its own rules, and compared."""
    return _checked(
        _l("Entries say what their records say"),
        _l("Every record is read by its own posting rules once more, and compared."),
        reconciliation.differing_documents,
        project_id,
        now,
    )


def _checked(
    title: Any, meaning: Any, check: reconciliation.Check, project_id: str, now: datetime
) -> Checked:
    problems = list(check(now, project_id))
    documents = documents_of({one.record_id for one in problems[:MOST]})
    found = [Found(documents[one.record_id], one.message) for one in problems[:MOST]]
    return Checked(title, meaning, found, max(0, len(problems) - MOST))
