"""May this record move to the release, and as what: decided for each record, with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.conversions import reasons
from portal.conversions.pairs import Pair
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.errors import Invalid, Message
from portal.forms.evaluation import evaluate
from portal.forms.fieldpaths import declared
from portal.forms.outcome import Facts, Outcome
from portal.ledgers.planning import facts_of, planned_lines
from portal.records import facts, versions
from portal.records.carrying import Carrier
from portal.records.models import Record
from portal.records.transitions import APPROVED, DRAFT, RETURNED

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one record: `data` if it is carried, else `why` not."""

    outcome: str
    why: Message | None = None
    data: Row | None = None


class Judge:
    """Judges the records of one form for one release; keeps what it works out once."""

    def __init__(self, target: FormInRelease, carrier: Carrier, now: datetime) -> None:
        self.target, self.carrier, self.now = target, carrier, now
        self._pairs: dict[str, Pair] = {}
        self._zone = ""

    def pair(self, record: Record) -> Pair:
        """The release the record is under, beside the target."""
        if record.release_id not in self._pairs:
            old = definitions.form_of(record.release_id, record.form)
            self._pairs[record.release_id] = Pair(old, self.target)
        return self._pairs[record.release_id]

    def verdict(self, record: Record) -> Verdict:
        """Whether and as what the record moves; nothing is changed."""
        pair = self.pair(record)
        if record.state != DRAFT:
            if not pair.is_same_chain:
                return _left(reasons.CHAIN, reasons.OTHER_CHAIN)
            if record.state == RETURNED and self._is_being_edited(record):
                return _left(reasons.EDITING, reasons.BEING_EDITED)
        loss = pair.loss(record.data)
        if loss is not None:
            return _left(reasons.LOSES, reasons.WOULD_LOSE, field=loss)
        data = pair.moved(record.data)
        if record.state == DRAFT:
            return Verdict(reasons.CARRIED, data=data)
        return self._filed(record, pair, data)

    def _filed(self, record: Record, pair: Pair, data: Row) -> Verdict:
        """What was filed keeps its rules, its signatures and its entries in the ledgers."""
        if not pair.is_same_form:
            outcome = self._evaluated(record, pair, data)
            refused = self._refused(record, pair, outcome)
            if refused is not None:
                return refused
            data = outcome.data
            if pair.old.has_workflow:
                label = pair.altered(record.data, data)
                if label is not None:
                    return _left(reasons.SIGNED, reasons.PROTECTED, field=label)
                label = pair.otherwise(record.data, data)
                if label is not None:
                    return _left(reasons.SIGNED, reasons.OTHERWISE, field=label)
        frozen = None if pair.is_same_form else pair.frozen(record, data)
        if frozen is not None:
            return Verdict(reasons.FROZEN, frozen)
        if pair.posts(record.state):
            why = self._posted_otherwise(record, pair, data)
            if why is not None:
                return Verdict(reasons.POSTS, why)
        return Verdict(reasons.CARRIED, data=data)

    def _evaluated(self, record: Record, pair: Pair, data: Row) -> Outcome:
        """By the rules of the new form, on the day it was filed; fetched and rolled-up values stay.

        A link that is not looked up keeps what was fetched before; they are looked up only where
        an expression reads through them.
        """
        form, project = pair.new.form, facts.project_facts(record.project_id)
        known = Facts(
            today=self._day(record, project),
            requester=record.requester_id,
            project=project,
            record={
                "id": record.id,
                "number": record.number,
                "state": record.state,
                "requester": record.requester_id,
                "project": record.project_id,
                "submitted_on": None,
                "approved_on": None,
            },
            links=self._linked(pair, data) if pair.fetches else {},
        )
        return evaluate(form, data, known, mode="submit")

    def _linked(self, pair: Pair, data: Row) -> dict[Any, Mapping[str, Any] | None]:
        places = facts.link_places(pair.after, data)
        known = facts.load_links(set(places.values()))
        return {place: known.get(target) for place, target in places.items()}

    def _day(self, record: Record, project: Mapping[str, Any] | None) -> date:
        is_register = record.state == APPROVED and not self.target.has_workflow
        at = record.updated_at if is_register else record.submitted_at or record.updated_at
        if project is None and not self._zone:
            self._zone = facts.company_zone()
        return clock.date_in(str(project["zone"]) if project else self._zone, at)

    def _refused(self, record: Record, pair: Pair, outcome: Outcome) -> Verdict | None:
        """Why the evaluated record cannot be kept, if it cannot."""
        fields = pair.after.fields
        if outcome.cleared:
            path = declared(next(iter(outcome.cleared)))
            return _left(reasons.LOSES, reasons.HIDDEN, field=fields[path].label)
        if outcome.errors:
            first = outcome.errors[0]
            known = fields.get(declared(first.path))
            label = known.label if known else first.path
            return _left(reasons.BREAKS, reasons.WOULD_BREAK, field=label, fault=first.message)
        if not pair.links(pair.after, outcome.data) <= pair.links(pair.before, record.data):
            return _left(reasons.BREAKS, reasons.NEW_LINK)
        if self.carrier.is_taken(record, pair.before, pair.after, outcome.data):
            return _left(reasons.BREAKS, reasons.TAKEN)
        return None

    def _posted_otherwise(self, record: Record, pair: Pair, data: Row) -> Message | None:
        """Whether what it posted, or would post once approved, differs in anything."""
        if record.project_id is None:
            return None
        old, new = pair.books
        is_approved = record.state == APPROVED
        known = facts_of(record, record.updated_at, approved=True)
        for state in {record.state, APPROVED}:
            try:
                before = planned_lines(old, record.data, state, known)
                after = planned_lines(new, data, state, known)
            except Invalid as refused:
                if not is_approved and state == APPROVED:
                    continue  # what is missing yet is asked for when it is decided
                return Message(reasons.NO_POSTINGS, {"fault": refused.message})
            if _lines(before) != _lines(after):
                return Message(reasons.OTHER_POSTINGS)
        return None

    def _is_being_edited(self, record: Record) -> bool:
        signed = versions.last_revision(record.id)
        return signed is None or signed.data != record.data


def _left(outcome: str, text: str, **args: Any) -> Verdict:
    return Verdict(outcome, Message(text, args))


def _lines(lines: Sequence[Any]) -> list[tuple[Any, ...]]:
    found = [(one.ledger, one.rule, one.row, dict(one.values)) for one in lines]
    return sorted(found, key=lambda one: one[:3])
