"""Voiding: what counted is taken back, with a reason, and stays on record with its signatures.

A record is voided by whom its form names. It is not while others stand on it: live records that
name it, later ones that counted it. What has to go together with it goes in the same act.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.approvals.impact import Move
from portal.approvals.models import Task
from portal.audit import services as audit
from portal.db import db, unscoped
from portal.definitions import catalog
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.errors import N_, ChangedMeanwhile, Conflict, FieldError, Forbidden, Invalid, Message
from portal.notify import services as notify
from portal.records import aliases, counting, freezing, indexing, reasons, transitions
from portal.records import services as records
from portal.records.models import Record, RecordLink, Voiding
from portal.web.viewer import Viewer

LIVE = (transitions.SUBMITTED, transitions.RETURNED, transitions.APPROVED)
MOST_NAMED = 20
WHY = "what stands on a record is in its way, whoever may read it"
MAY_NOT = N_("You may not void this record. Whom its form names for that may.")
NOT_COUNTED = N_("Only what is approved or on file can be voided; this record is not.")
NAMES_IT = N_("%(number)s names this record. Void it first, or let it name another.")
MERGED_INTO = N_("%(number)s was merged into this record. Take that back first.")
COUNTED_IT = N_("%(number)s was filed later and counted this record. Void it first.")
IS_FROZEN = N_("Frozen by %(number)s. It stays until that is void.")
MORE = N_("%(count)s more stand on this record.")
STANDS = N_("This record cannot be voided: others stand on it.")
CHANGED = N_("This record was changed since you opened it. Look at it again, then decide.")

Companions = Callable[[Record], Sequence[Record]]
_companions: list[Companions] = []


def register_companions(source: Companions) -> None:
    """Let a higher room name the records that go void together with one.

    The source raises Invalid, naming the documents, where a record cannot be voided for their sake.
    Called once, from portal.wiring.
    """
    if source not in _companions:
        _companions.append(source)


@dataclass(frozen=True, slots=True)
class Follower:
    """Records that stand on one to be voided and do not keep it: they are worked out anew.

    `of` names them, and raises Invalid where they must stay; `moves` are their figures before and
    after, given the ids that go void; `work_out` makes them so, once those are void.
    """

    of: Callable[[Record], Sequence[Record]]
    moves: Callable[[Record, Collection[str]], Sequence[Move]]
    work_out: Callable[[Record, Viewer, datetime], None]


_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Let a higher room keep what it works out of other records. Called once, from wiring."""
    if follower not in _followers:
        _followers.append(follower)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A record that stands on the one to be voided, and how; without id: how many more do."""

    record_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes void in one act, in order, the record asked for last; and what is in the way.

    `anew` are records worked out anew, each with its figures before and after.
    """

    records: Sequence[Record]
    obstacles: Sequence[Obstacle]
    refusal: Message | None = None
    anew: Sequence[tuple[Record, Sequence[Move]]] = ()

    @property
    def is_free(self) -> bool:
        return not self.obstacles and self.refusal is None


def may_void(viewer: Viewer, record: Record) -> bool:
    """Whether this person may void this record as it stands, if nothing is in the way."""
    if record.state != transitions.APPROVED:
        return False
    form = definitions.form_of(record.release_id, record.form)
    return definitions.may_void(viewer, form, record.project_id)


def plan(*, actor: Viewer, record: Record) -> Plan:
    """What voiding a record means now; writes nothing. Raises Forbidden, Conflict."""
    _demand(actor, record)
    try:
        together = _together(record)
        following = _following(together)
    except Invalid as refused:
        return Plan([record], [], refused.message)
    ids = {one.id for one in together}
    anew = [(one, follower.moves(one, ids)) for follower, one in following]
    return Plan(together, list(_obstacles(together, following)), anew=anew)


def void(
    *, actor: Viewer, record_id: str, seen_revision: int, reason: str, now: datetime
) -> Sequence[Record]:
    """Void a record and what goes with it: states, ledgers, notices; the record asked for last.

    Raises Forbidden; Conflict when it was changed since; Invalid without a reason, or with what
    stands on it: then nothing was changed.
    """
    record = records.locked(record_id)
    _demand(actor, record)
    if record.revision != seen_revision:
        raise ChangedMeanwhile(CHANGED)
    why = reasons.given(reason)
    together = [records.locked(one.id) for one in _together(record)]
    following = [(how, records.locked(one.id)) for how, one in _following(together)]
    counting.hold(frozenset().union(*map(_places, together)))
    counting.clear([one.id for one in together])
    stands = list(_obstacles(together, following))
    if stands:
        raise Invalid(
            STANDS, errors=[FieldError("record", "stands", one.message) for one in stands]
        )
    for one in together:
        _void(one, with_id=None if one is record else record.id, actor=actor, why=why, now=now)
    for follower, one in following:
        follower.work_out(one, actor, now)
    return together


def voiding_of(record: Record) -> Voiding | None:
    """Who voided a record, when and why."""
    if record.state != transitions.VOID:
        return None
    return db.session.scalars(select(Voiding).where(Voiding.record_id == record.id)).first()


def _places(record: Record) -> frozenset[str]:
    """Where a record is counted, or counts: who files there waits for the outcome."""
    form = definitions.form_of(record.release_id, record.form).form
    return counting.places(form.definition, record.data, record) | {record.id}


def _demand(actor: Viewer, record: Record) -> None:
    if record.state != transitions.APPROVED:
        raise Conflict(NOT_COUNTED)
    form = definitions.form_of(record.release_id, record.form)
    if not definitions.may_void(actor, form, record.project_id):
        raise Forbidden(MAY_NOT)


def _together(record: Record) -> list[Record]:
    """The record and all that goes with it: what was named for the sake of another comes first."""
    found, waiting = [record], [record]
    while waiting:
        of = waiting.pop()
        for source in _companions:
            for one in source(of):
                if one.id not in {known.id for known in found}:
                    found.append(one)
                    waiting.append(one)
    return found[::-1]


Following = Sequence[tuple[Follower, Record]]


def _following(together: Sequence[Record]) -> Following:
    """What is worked out anew without these records, each once."""
    known = {one.id for one in together}
    found: list[tuple[Follower, Record]] = []
    for record in together:
        for follower in _followers:
            for one in follower.of(record):
                if one.id not in known:
                    known.add(one.id)
                    found.append((follower, one))
    return found


def _obstacles(together: Sequence[Record], following: Following) -> Iterator[Obstacle]:
    ids = {one.id for one in together} | {one.id for _, one in following}
    for record in together:
        held = freezing.frozen(record)
        if held is not None:
            yield Obstacle(held.record_id, Message(IS_FROZEN, {"number": held.number}))
        naming = list(_naming(record, ids))
        counted = [one for one in _counting(record, ids) if one.id not in {n.id for n in naming}]
        yield from (_obstacle(one, MERGED_INTO) for one in _merged(record))
        yield from (_obstacle(one, NAMES_IT) for one in naming[:MOST_NAMED])
        yield from (_obstacle(one, COUNTED_IT) for one in counted[:MOST_NAMED])
        more = max(0, len(naming) - MOST_NAMED) + max(0, len(counted) - MOST_NAMED)
        if more:
            yield Obstacle("", Message(MORE, {"count": more}))


def _obstacle(record: Record, text: str) -> Obstacle:
    return Obstacle(record.id, Message(text, {"number": record.number or record.subject}))


def _merged(record: Record) -> Sequence[Record]:
    """Entries that were merged into this one."""
    keys = aliases.merged().behind.get(record.id, ())
    statement = select(Record).where(Record.id.in_(keys)).order_by(Record.subject, Record.id)
    return db.session.scalars(unscoped(statement, WHY)).all() if keys else ()


def _naming(record: Record, together: Collection[str]) -> Sequence[Record]:
    """Live records that name this one in a field."""
    statement = (
        select(Record)
        .where(
            Record.id.in_(select(RecordLink.record_id).where(RecordLink.target_id == record.id)),
            Record.id.not_in(together),
            Record.state.in_(LIVE),
        )
        .order_by(Record.submitted_at, Record.id)
    )
    return db.session.scalars(unscoped(statement, WHY)).all()


def _counting(record: Record, together: Collection[str]) -> Iterator[Record]:
    """Later live records of chains whose roll-ups counted this one: to-date figures built on it."""
    seen = set(together)
    for form in catalog.current_catalog().forms.values():
        for mine, target in _counted_by(form, record):
            statement = (
                select(Record)
                .join(RecordLink, RecordLink.record_id == Record.id)
                .where(
                    RecordLink.form == form.key,
                    RecordLink.field == mine,
                    RecordLink.target_id == target,
                    Record.state.in_(LIVE),
                    Record.submitted_at > record.submitted_at,
                )
                .order_by(Record.submitted_at, Record.id)
            )
            for one in db.session.scalars(unscoped(statement, WHY)):
                if one.id not in seen:
                    seen.add(one.id)
                    yield one


def _counted_by(form: FormInRelease, record: Record) -> Iterator[tuple[str, str]]:
    """(field, the record it names) by which a form's filed roll-ups count this record.

    Roll-ups of a register are read anew and count nothing for good.
    """
    if not form.has_workflow:
        return
    for one in form.form.definition.fields.values():
        if one.kind.name != "rollup" or one.options.get("form") != record.form:
            continue
        if one.options.get("informs"):
            continue
        if transitions.APPROVED not in one.options.get("states", (transitions.APPROVED,)):
            continue
        for mine, theirs in (one.options.get("same") or {}).items():
            target = record.data.get(theirs)
            if mine != counting.OWN_ID and target:
                yield mine, str(target)
                break


def _void(record: Record, *, with_id: str | None, actor: Viewer, why: str, now: datetime) -> None:
    transitions.set_state(record=record, state=transitions.VOID, actor=actor, now=now)
    db.session.add(
        Voiding(record_id=record.id, reason=why, actor_id=actor.person_id, at=now, with_id=with_id)
    )
    indexing.release_unique(record.id)
    audit.record(
        actor=actor,
        action="record.void",
        object_kind="record",
        object_id=record.id,
        detail={
            "number": record.number,
            "revision": record.revision,
            "sha256": record.sha256,
            "reason": why,
            **({"with": with_id} if with_id else {}),
        },
        now=now,
    )
    for person in sorted(_told(record)):
        notify.tell(person, "voided", record=record, actor=actor, now=now)
    db.session.flush()


def _told(record: Record) -> set[str]:
    """Whoever asked for it and whoever decided on it."""
    decided = select(Task.person_id).where(Task.record_id == record.id)
    return {record.requester_id, *db.session.scalars(unscoped(decided, WHY))}
