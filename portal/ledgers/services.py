"""Posting: what a change of a record's state adds to the ledgers, in the same transaction.

Nothing is ever updated or deleted: what a state posted is taken back by exact counter-entries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, insert, select

from portal.db import db, read_fixed, unscoped, write_fixed
from portal.definitions.posting_lines import PostingLine
from portal.errors import N_, Invalid
from portal.forms.outcome import Facts
from portal.ids import new_id
from portal.ledgers import marks
from portal.ledgers.catalog import LEDGERS as CATALOG
from portal.ledgers.models import LEDGERS, Posting
from portal.ledgers.periods import booked_on
from portal.ledgers.planning import (
    WHY,
    attributes_of,
    chosen_project,
    facts_of,
    planned_lines,
)
from portal.ledgers.rated import demand_rates, foresee
from portal.ledgers.rulebook import RuleBook, rule_book
from portal.ledgers.standing import stands, takes_nothing_back, undoing
from portal.projects.models import Project
from portal.records.models import Record, Retirement
from portal.records.surroundings import portions
from portal.records.transitions import DRAFT, Transition

NO_PROJECT = N_("This record posts to the ledgers and therefore needs a project.")
REVERSAL = "reverse:"
POSTING = "posting"
POSTED = "posted"
"""Under which name a change of state is left its new rows, by table."""


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
    mandatory column has no value or a currency has no rate: the change of state is then refused as
    a whole.
    """
    record = transition.record
    book = rule_book(record.release_id, record.form)
    foresee(book, transition)
    rows: Rows = {name: [] for name in _add}
    is_silent = not book.on(transition.after)
    if is_silent and (transition.before == DRAFT or not (book.rules or _standing(record.id))):
        transition.left[POSTED] = rows
        return
    with _as_it_waits(record):
        project, standing = _found(record)
    if any(posting.transition_seq >= transition.seq for posting in standing):
        return  # this change was posted before: a repeated call adds nothing
    transition.left[POSTED] = rows
    if is_silent and not standing:
        return
    if project is None or record.project_id is None:
        raise Invalid(NO_PROJECT)
    is_approved = transition.after == "approved"
    facts = facts_of(record, transition.now, approved=is_approved, project=project)
    leaving = _to_reverse(standing, book, transition.before, transition.after)
    with _as_it_waits(record):
        planned = planned_lines(book, record.data, transition.after, facts)
        if not leaving and not planned:
            return
        demand_rates(book, planned, facts, project.own)
        _reverse(leaving, rows, transition, facts, book)
        _post(planned, rows, transition, facts)
        for name in LEDGERS:
            for entry in rows[name]:
                entry["booked_on"] = booked_on(entry["effective_on"], project.closed_until)
        for name, some in rows.items():
            if some:
                write_fixed(_add[name], some)
    marks.note(record.project_id)


def on_transitions(moved: Sequence[Transition]) -> None:
    """The same for changes made together: one by one only where a rule posts, or anything stands.

    Raises as `on_transition`.
    """
    posted = _posted_of({one.record.id for one in moved if one.before != DRAFT})
    kinds = {(one.record.release_id, one.record.form) for one in moved}
    posting = {kind for kind in kinds if rule_book(*kind).rules}
    for transition in moved:
        record = transition.record
        if record.id in posted or (record.release_id, record.form) in posting:
            on_transition(transition)
        else:
            transition.left[POSTED] = {name: [] for name in _add}


def _posted_of(records: set[str]) -> set[str]:
    """Those of these records that ever posted anything."""
    found: set[str] = set()
    for some in portions(sorted(records)):
        statement = select(Posting.record_id).where(Posting.record_id.in_(some)).distinct()
        found.update(db.session.scalars(unscoped(statement, WHY)))
    return found


def _as_it_waits(record: Record) -> Any:
    """Without writing first what this session changed: the record's new state, tasks and notices
    are nothing that postings stand on. Records that are new, others that changed, and what was
    merged, are.
    """
    session = db.session()
    unwritten = [*session.new, *(one for one in session.dirty if one is not record)]
    is_needed = any(isinstance(one, Record | Retirement) for one in unwritten)
    return nullcontext() if is_needed else session.no_autoflush


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
        for posting, ledger, entry in _counter_entries(leaving, facts.today, book)
    ]
    for line in planned_lines(book, record.data, after, facts):
        attributes = attributes_of(line, facts.today)
        effects.append(Effect(line.ledger, line.rule, line.row, attributes, takes_back=False))
    return effects


_undone = undoing()
_posted = (Posting.id, Posting.rule, Posting.state, Posting.transition_seq)
_oldest_first = (Posting.transition_seq, Posting.rule)
_stand = unscoped(
    select(*_posted)
    .outerjoin(_undone, _undone.c.reverses_id == Posting.id)
    .where(Posting.record_id == bindparam("record"), stands(_undone))
    .order_by(*_oldest_first),
    WHY,
)
_found_with = unscoped(
    chosen_project(bindparam("project"))
    .add_columns(*(one.label(f"posting_{one.key}") for one in _posted))
    .outerjoin(
        Posting,
        and_(
            Posting.record_id == bindparam("record"),
            takes_nothing_back(),
            ~exists().where(_undone.c.reverses_id == Posting.id),
        ),
    )
    .order_by(*_oldest_first)
    .with_for_update(read=True, of=Project),
    WHY,
)
_made_by = {
    name: unscoped(
        select(*(getattr(model, one.key) for one in model.__mapper__.column_attrs))
        .where(model.posting_id.in_(bindparam("postings", expanding=True)))
        .order_by(model.id),
        WHY,
    )
    for name, model in LEDGERS.items()
}
_add = {name: unscoped(insert(model), WHY) for name, model in {POSTING: Posting, **LEDGERS}.items()}
_blank = {
    name: {
        column.key: getattr(column.default, "arg", None)
        for column in model.__mapper__.columns
        if not column.primary_key
    }
    for name, model in LEDGERS.items()
}
Rows = dict[str, list[dict[str, Any]]]
"""New rows by table, postings first; all rows of a table name the same columns."""


class Standing(NamedTuple):
    """A posting that is neither reversed nor a reversal."""

    id: str
    rule: str
    state: str
    transition_seq: int


def _found(record: Record) -> tuple[Any, Sequence[Standing]]:
    """The record's project, None without one, and its postings that stand, in one statement.

    Nobody closes the project's months, or opens them again, until this transaction ends.
    """
    if record.project_id is None:
        return None, _standing(record.id)
    rows = read_fixed(_found_with, {"record": record.id, "project": record.project_id})
    return rows[0], [Standing(*row[-4:]) for row in rows if row.posting_id is not None]


def _standing(record_id: str) -> Sequence[Standing]:
    """The record's postings that stand, oldest first."""
    return [Standing(*row) for row in read_fixed(_stand, {"record": record_id})]


def _to_reverse(
    standing: Iterable[Standing], book: RuleBook, before: str, after: str
) -> list[Standing]:
    """Postings of the state that is left, and those whose rule now posts anew."""
    entering = {rule.id for rule in book.on(after)}
    return [one for one in standing if one.state == before or one.rule in entering]


def _reverse(
    postings: Sequence[Standing],
    rows: Rows,
    transition: Transition,
    facts: Facts,
    book: RuleBook,
) -> None:
    """Counter-postings: the same dimensions, every amount negated."""
    made = {
        posting.id: _posting(REVERSAL + posting.rule, transition, facts)
        | {"reverses_id": posting.id, "state": posting.state}
        for posting in postings
    }
    rows[POSTING].extend(made.values())
    for posting, ledger, entry in _counter_entries(postings, facts.today, book):
        rows[ledger].append({**entry, "id": new_id(), "posting_id": made[posting.id]["id"]})


def _counter_entries(
    postings: Sequence[Standing], day: date, book: RuleBook
) -> list[tuple[Standing, str, dict[str, Any]]]:
    """The entries that cancel these postings, as attributes.

    They count from today on, so that a look back at an earlier date shows what stood then. A
    reading of a milestone has no counter-entry: its reversed posting alone makes it void.
    """
    by_id = {posting.id: posting for posting in postings}
    found: list[tuple[Standing, str, dict[str, Any]]] = []
    for name, entry in _entries_of(by_id, book):
        if name == "progress_entry" and entry.reading != "shift":
            continue
        attributes = dict(entry._mapping)
        del attributes["id"], attributes["posting_id"]
        for measure in CATALOG[name].measures:
            if attributes[measure] is not None:
                attributes[measure] = -attributes[measure]
        attributes["effective_on"] = max(entry.effective_on, day)
        found.append((by_id[entry.posting_id], name, attributes))
    return found


def _entries_of(postings: Mapping[str, Standing], book: RuleBook) -> Iterator[tuple[str, Any]]:
    """(ledger, entry) of postings; every one of them has entries, all in one ledger.

    That of its rule is asked first. A record that moved to another release may have been posted
    by a rule that wrote elsewhere then: what is not found is looked for in the others.
    """
    likely = {rule.id: rule.ledger for rule in book.rules}
    first = {likely.get(one.rule, "") for one in postings.values()}
    left = set(postings)
    for name in sorted(LEDGERS, key=lambda name: name not in first):
        if not left:
            return
        for entry in read_fixed(_made_by[name], {"postings": sorted(left)}):
            yield name, entry
            left.discard(entry.posting_id)


def _post(planned: Sequence[PostingLine], rows: Rows, transition: Transition, facts: Facts) -> None:
    """One posting per rule that makes lines, and its entries."""
    made = {line.rule: _posting(line.rule, transition, facts) for line in planned}
    rows[POSTING].extend(made.values())
    for line in planned:
        rows[line.ledger].append(
            {
                **_blank[line.ledger],
                **attributes_of(line, facts.today),
                "id": new_id(),
                "posting_id": made[line.rule]["id"],
                "record_id": transition.record.id,
                "project_id": transition.record.project_id,
            }
        )


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
