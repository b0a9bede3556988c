"""Posting: what a change of a record's state adds to the ledgers, in the same transaction.

Nothing is ever updated or deleted: what a state posted is taken back by exact counter-entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from portal.db import db, unscoped
from portal.definitions.posting_lines import PostingLine
from portal.errors import N_, Invalid
from portal.forms.outcome import Facts
from portal.ids import new_id
from portal.ledgers.catalog import LEDGERS as CATALOG
from portal.ledgers.models import LEDGERS, Posting
from portal.ledgers.periods import booked_on, closed_until
from portal.ledgers.planning import WHY, attributes_of, facts_of, planned_lines
from portal.ledgers.rulebook import RuleBook, rule_book
from portal.ledgers.standing import undoing
from portal.records.models import Record
from portal.records.transitions import DRAFT, Transition

NO_PROJECT = N_("This record posts to the ledgers and therefore needs a project.")
REVERSAL = "reverse:"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of state does to one entry's worth of a ledger: a new line, or one taken back.

    `attributes` are those of the ledger's table, amounts already signed.
    """

    ledger: str
    rule: str
    row: str
    attributes: Mapping[str, Any]
    takes_back: bool


def on_transition(transition: Transition) -> None:
    """Reverse what the state left behind, post what the new state asks for.

    Registered with the records' transitions. Raises Invalid, with rule and field named, when a
    mandatory column has no value: the change of state is then refused as a whole.
    """
    record = transition.record
    book = rule_book(record.release_id, record.form)
    if transition.before == DRAFT and not book.on(transition.after):
        return
    standing = _standing(record.id)
    if any(posting.transition_seq >= transition.seq for posting in standing):
        return  # this change was posted before: a repeated call adds nothing
    if not standing and not book.on(transition.after):
        return
    if record.project_id is None:
        raise Invalid(NO_PROJECT)
    facts = facts_of(record, transition.now, approved=transition.after == "approved")
    _reverse(_to_reverse(standing, book, transition.before, transition.after), transition, facts)
    _post(planned_lines(book, record.data, transition.after, facts), transition, facts)


def preview(record: Record, after: str, now: datetime) -> list[Effect]:
    """What moving this record to a state would add to the ledgers; writes nothing."""
    book = rule_book(record.release_id, record.form)
    standing = _standing(record.id)
    if record.project_id is None or not (standing or book.on(after)):
        return []
    facts = facts_of(record, now, approved=after == "approved")
    leaving = _to_reverse(standing, book, record.state, after)
    effects = [
        Effect(ledger, posting.rule, entry["row"], entry, takes_back=True)
        for posting, ledger, entry in _counter_entries(leaving, facts.today)
    ]
    for line in planned_lines(book, record.data, after, facts):
        attributes = attributes_of(line, facts.today)
        effects.append(Effect(line.ledger, line.rule, line.row, attributes, takes_back=False))
    return effects


def _standing(record_id: str) -> list[Posting]:
    """The record's postings that are neither reversed nor reversals, oldest first."""
    undone = undoing()
    statement = (
        select(Posting)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(Posting.record_id == record_id, Posting.reverses_id.is_(None), undone.c.id.is_(None))
        .order_by(Posting.transition_seq, Posting.rule)
    )
    return list(db.session.scalars(unscoped(statement, WHY)))


def _to_reverse(
    standing: Iterable[Posting], book: RuleBook, before: str, after: str
) -> list[Posting]:
    """Postings of the state that is left, and those whose rule now posts anew."""
    entering = {rule.id for rule in book.on(after)}
    return [one for one in standing if one.state == before or one.rule in entering]


def _reverse(postings: Sequence[Posting], transition: Transition, facts: Facts) -> None:
    """Counter-postings: the same dimensions, every amount negated."""
    if not postings:
        return
    made = {
        posting.id: _posting(REVERSAL + posting.rule, transition, facts) for posting in postings
    }
    for posting in postings:
        made[posting.id] |= {"reverses_id": posting.id, "state": posting.state}
    db.session.execute(insert(Posting), list(made.values()))
    rows: dict[str, list[dict[str, Any]]] = {}
    for posting, ledger, entry in _counter_entries(postings, facts.today):
        rows.setdefault(ledger, []).append(
            {**entry, "id": new_id(), "posting_id": made[posting.id]["id"]}
        )
    _insert(rows, transition)


def _counter_entries(
    postings: Sequence[Posting], day: date
) -> list[tuple[Posting, str, dict[str, Any]]]:
    """The entries that cancel these postings, as attributes.

    They count from today on, so that a look back at an earlier date shows what stood then. A
    reading of a milestone has no counter-entry: its reversed posting alone makes it void.
    """
    by_id = {posting.id: posting for posting in postings}
    found: list[tuple[Posting, str, dict[str, Any]]] = []
    for name in LEDGERS if by_id else ():
        model: Any = LEDGERS[name]
        statement = select(model).where(model.posting_id.in_(sorted(by_id))).order_by(model.id)
        for entry in db.session.scalars(unscoped(statement, WHY)):
            if name == "progress_entry" and entry.reading != "shift":
                continue
            attributes = {
                column.key: getattr(entry, column.key)
                for column in model.__mapper__.column_attrs
                if column.key not in ("id", "posting_id")
            }
            for measure in CATALOG[name].measures:
                if attributes[measure] is not None:
                    attributes[measure] = -attributes[measure]
            attributes["effective_on"] = max(entry.effective_on, day)
            found.append((by_id[entry.posting_id], name, attributes))
    return found


def _post(planned: Sequence[PostingLine], transition: Transition, facts: Facts) -> None:
    """One posting per rule that makes lines, and its entries."""
    if not planned:
        return
    made = {line.rule: _posting(line.rule, transition, facts) for line in planned}
    db.session.execute(insert(Posting), list(made.values()))
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in planned:
        rows.setdefault(line.ledger, []).append(
            {
                **attributes_of(line, facts.today),
                "id": new_id(),
                "posting_id": made[line.rule]["id"],
                "record_id": transition.record.id,
                "project_id": transition.record.project_id,
            }
        )
    _insert(rows, transition)


def _posting(rule: str, transition: Transition, facts: Facts) -> dict[str, Any]:
    return {
        "id": new_id(),
        "project_id": transition.record.project_id,
        "record_id": transition.record.id,
        "transition_seq": transition.seq,
        "rule": rule,
        "state": transition.after,
        "effective_on": facts.today,
        "posted_at": transition.now,
        "reverses_id": None,
    }


def _insert(rows: Mapping[str, list[dict[str, Any]]], transition: Transition) -> None:
    """Add entries; what belongs to a closed month is booked in the first open one."""
    closed = closed_until(str(transition.record.project_id), wait=True)
    for ledger, entries in rows.items():
        for entry in entries:
            entry["booked_on"] = booked_on(entry["effective_on"], closed)
        db.session.execute(insert(LEDGERS[ledger]), entries)
