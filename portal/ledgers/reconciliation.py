"""Do the ledgers still say what the documents say? Each check lists what does not agree.

`portal doctor` and `portal ledger verify` run it as the system; healthy books make no line at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, type_coerce
from sqlalchemy.orm import aliased

from portal.db import Decimal4, db, unscoped
from portal.errors import N_, Invalid, Message
from portal.ledgers.catalog import LEDGERS as CATALOG
from portal.ledgers.models import LEDGERS, Posting
from portal.ledgers.planning import facts_of, planned_lines
from portal.ledgers.rulebook import rule_book
from portal.ledgers.services import REVERSAL
from portal.ledgers.standing import is_canceled, stands, undoing
from portal.records.models import Record

ENDED_WITHOUT_EFFECT = ("rejected", "withdrawn", "void", "draft", "returned")
UNPOSTED = N_("%(number)s is %(state)s, but its rule “%(rule)s” has posted nothing.")
OUTDATED = N_("%(number)s is %(state)s, but what it posted as %(posted)s was never taken back.")
LEFT_OVER = N_("%(number)s is %(state)s, yet its entries in %(ledger)s add up to %(sum)s, not 0.")
DIFFERS = N_("%(number)s: rule “%(rule)s” says %(said)s, its entries in %(ledger)s say %(posted)s.")
UNBALANCED = N_("%(number)s: taking back “%(rule)s” in %(ledger)s leaves %(sum)s instead of 0.")
NOT_COMPUTED = N_("%(number)s: its postings can no longer be computed: %(reason)s")
WRONG_KIND = N_("%(number)s: an entry of %(ledger)s names a %(found)s where a %(wanted)s belongs.")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One disagreement, and the record it concerns."""

    record_id: str
    message: Message


Check = Callable[[datetime, str | None], Iterator[Problem]]
WHY = "books are checked whole, whoever reads the verdict"


def all_problems(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Everything that does not agree, check by check; of one project where that is asked."""
    for check in (outdated_postings, left_over_sums, unbalanced_reversals, wrong_dimensions):
        yield from check(now, project_id)
    yield from differing_documents(now, project_id)


def entry_count() -> int:
    """How many entries all ledgers hold."""
    counts = (select(func.count()).select_from(model) for model in LEDGERS.values())
    return sum(db.session.scalar(count) or 0 for count in counts)


def outdated_postings(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Standing postings whose record has left the state they belong to."""
    undone = undoing()
    statement = (
        select(Record, Posting)
        .join(Posting, Posting.record_id == Record.id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(stands(undone), Posting.state != Record.state)
        .where(_of(Posting, project_id))
        .order_by(Posting.id)
    )
    for record, posting in db.session.execute(unscoped(statement, WHY)):
        yield _problem(record, OUTDATED, posted=posting.state)


def left_over_sums(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Records that ended without effect, or went back, and still move a figure."""
    for name, model in LEDGERS.items():
        for measure in CATALOG[name].measures:
            total = func.sum(getattr(model, measure))
            statement = (
                select(Record.id, total)
                .join(model, model.record_id == Record.id)
                .where(Record.state.in_(ENDED_WITHOUT_EFFECT), _of(model, project_id))
                .group_by(Record.id)
                .having(total != 0)
                .order_by(Record.id)
            )
            for record_id, left in db.session.execute(unscoped(statement, WHY)):
                yield _problem(_record(record_id), LEFT_OVER, ledger=name, sum=left)


def unbalanced_reversals(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Counter-postings that do not cancel exactly what they take back."""
    for name, model in LEDGERS.items():
        if name == "progress_entry":
            continue
        for measure in CATALOG[name].measures:
            pair = func.coalesce(Posting.reverses_id, Posting.id)
            undone = undoing()
            total = func.sum(getattr(model, measure))
            statement = (
                select(Posting.record_id, func.max(Posting.rule), total)
                .join(model, model.posting_id == Posting.id)
                .outerjoin(undone, undone.c.reverses_id == Posting.id)
                .where(is_canceled(undone))
                .where(_of(model, project_id))
                .group_by(Posting.record_id, pair)
                .having(total != 0)
                .order_by(Posting.record_id)
            )
            for record_id, rule, left in db.session.execute(unscoped(statement, WHY)):
                named = str(rule).removeprefix(REVERSAL)
                yield _problem(_record(record_id), UNBALANCED, rule=named, ledger=name, sum=left)


def wrong_dimensions(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Entries that refer to a record of another register than their column means."""
    for name, model in LEDGERS.items():
        for column in CATALOG[name].columns.values():
            if not column.declared.targets:
                continue
            target = aliased(Record)
            statement = (
                select(model.record_id, target.form)
                .join(target, target.id == getattr(model, column.attribute))
                .where(target.form.not_in(column.declared.targets), _of(model, project_id))
                .distinct()
                .order_by(model.record_id, target.form)
            )
            for record_id, found in db.session.execute(unscoped(statement, WHY)):
                wanted = " / ".join(column.declared.targets)
                yield _problem(
                    _record(record_id), WRONG_KIND, ledger=name, found=found, wanted=wanted
                )


def differing_documents(now: datetime, project_id: str | None = None) -> Iterator[Problem]:
    """Records whose content, read by their own rules, says something else than their entries."""
    after = ""
    while True:
        statement = (
            select(Record)
            .where(Record.id > after, _of(Record, project_id))
            .order_by(Record.id)
            .limit(BATCH)
        )
        records = list(db.session.scalars(unscoped(statement, WHY)))
        if not records:
            return
        posted = _posted([record.id for record in records])
        for record in records:
            yield from _differences(record, posted.get(record.id, {}), now)
        after = records[-1].id


Posted = dict[tuple[str, str], Decimal]


def _posted(record_ids: list[str]) -> dict[str, Posted]:
    """What stands of each record: the sum per rule and ledger."""
    undone = undoing()
    found: dict[str, Posted] = {}
    for name, model in LEDGERS.items():
        statement = (
            select(
                Posting.record_id,
                Posting.rule,
                func.sum(_measure(name, model)),
                func.count(),
            )
            .join(model, model.posting_id == Posting.id)
            .outerjoin(undone, undone.c.reverses_id == Posting.id)
            .where(
                Posting.record_id.in_(record_ids),
                stands(undone),
            )
            .group_by(Posting.record_id, Posting.rule)
        )
        for record_id, rule, total, count in db.session.execute(unscoped(statement, WHY)):
            value = Decimal(count) if name == "progress_entry" else total
            found.setdefault(record_id, {})[(rule, name)] = value
    return found


def _measure(name: str, model: Any) -> Any:
    """What is compared: quantities and amount of labor, days of progress, else amounts."""
    if name == "labor_entry":
        return type_coerce(model.hours + model.days + model.qty + model.amount, Decimal4())
    return model.days if name == "progress_entry" else model.amount


def _differences(record: Record, posted: Posted, now: datetime) -> Iterator[Problem]:
    book = rule_book(record.release_id, record.form)
    said: Posted = {}
    if book.on(record.state) and record.project_id:
        facts = facts_of(record, record.updated_at, approved=record.state == "approved")
        try:
            planned = planned_lines(book, record.data, record.state, facts)
        except Invalid as refused:
            yield _problem(record, NOT_COMPUTED, reason=refused.message)
            return
        for line in planned:
            key = (line.rule, line.ledger)
            is_count = line.ledger == "progress_entry"
            moved = Decimal(1) if is_count else line.values["amount"]
            if line.ledger == "labor_entry":
                moved += sum((line.values[one] for one in ("hours", "days", "qty")), Decimal(0))
            said[key] = said.get(key, Decimal(0)) + moved
    for key in sorted({*said, *posted}):
        rule, ledger = key
        if book.state_of(rule) not in (None, record.state):
            continue
        if key not in posted:
            yield _problem(record, UNPOSTED, rule=rule)
        elif said.get(key) != posted[key]:
            yield _problem(
                record, DIFFERS, rule=rule, ledger=ledger, said=said.get(key, 0), posted=posted[key]
            )


def _of(table: Any, project_id: str | None) -> ColumnElement[bool]:
    return true() if project_id is None else table.project_id == project_id


def _record(record_id: str) -> Record:
    return db.session.execute(
        unscoped(select(Record).where(Record.id == record_id), WHY)
    ).scalar_one()


def _problem(record: Record, text: str, **args: Any) -> Problem:
    named = {"number": record.number or record.id, "state": record.state, **args}
    return Problem(record.id, Message(text, named))
