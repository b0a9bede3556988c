"""Which records a job takes: those of a form under other releases, by what has become of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import NotFound
from portal.records.models import Record
from portal.records.transitions import APPROVED, DRAFT, RETURNED, SUBMITTED

DRAFTS, ENTRIES, RUNNING, DECIDED = "drafts", "entries", "running", "decided"
CHOICES = (DRAFTS, ENTRIES, RUNNING, DECIDED)
USUAL = (DRAFTS, ENTRIES)
WHY = "authors are told how many records there are, and see none of them"

Group = tuple[str, str]  # a release and a state


@dataclass(frozen=True, slots=True)
class Chosen:
    """The groups of records of each choice, and how many records each group has."""

    counts: Mapping[str, Mapping[Group, int]]

    def total(self, choices: Collection[str]) -> int:
        """How many records these choices take."""
        return sum(sum(self.counts[one].values()) for one in choices)


def chosen(form: str, release_id: str) -> Chosen:
    """The records of a form that are not under this release, by choice."""
    statement = (
        select(Record.release_id, Record.state, func.count())
        .where(Record.form == form, Record.release_id != release_id)
        .group_by(Record.release_id, Record.state)
    )
    counts: dict[str, dict[Group, int]] = {one: {} for one in CHOICES}
    for release, state, count in db.session.execute(unscoped(statement, WHY)):
        choice = choice_of(release, state, form)
        if choice is not None:
            counts[choice][release, state] = count
    return Chosen(counts)


def states_of(choices: Collection[str]) -> list[str]:
    """The states that records of these choices may be in."""
    return sorted({state for one in choices for state in _STATES[one]})


_STATES: Mapping[str, tuple[str, ...]] = {
    DRAFTS: (DRAFT,),
    ENTRIES: (APPROVED,),
    RUNNING: (SUBMITTED, RETURNED),
    DECIDED: (APPROVED,),
}


def choice_of(release: str, state: str, form: str) -> str | None:
    """The choice a record belongs to; None for what no job takes."""
    if state == DRAFT:
        return DRAFTS
    if state in (SUBMITTED, RETURNED):
        return RUNNING
    if state != APPROVED:
        return None  # it ended without effect, and stays as it was
    try:
        has_chain = definitions.form_of(release, form).has_workflow
    except NotFound:
        return None
    return DECIDED if has_chain else ENTRIES
