"""What changes registers: an entry out of use and back, two merged and parted, two told apart."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import combinations

from sqlalchemy import select

from portal.audit import services as audit
from portal.db import db
from portal.definitions import queries as definitions
from portal.errors import N_, ChangedMeanwhile, Conflict, Forbidden, Invalid, NotFound
from portal.masters import obstacles, queries
from portal.masters.models import ToldApart
from portal.masters.similar import LEAST
from portal.records import counting, reasons, transitions
from portal.records import services as records
from portal.records.models import Record, Retirement
from portal.records.transitions import APPROVED, RETIRED
from portal.web.viewer import Viewer

WHY = "what is out of use is so for everybody"
NOT_THIS = N_("Entries of this register are not taken out of use.")
MAY_NOT = N_("You may not take entries of this register out of use. Whoever may void them may.")
TOO_FEW = N_("Name at least two entries that look alike; nothing was noted.")
NOT_APART = N_("Nobody said that these two entries are different.")
IN_USE = N_("This entry is in use.")
CHANGED = N_("The entry was changed since you opened this page. Look again, then decide.")


def may_keep(actor: Viewer, record: Record) -> bool:
    """Whether this person keeps the register an entry stands in: whoever may void there."""
    form = definitions.form_in(record.form, record.project_id)
    if form is None or not form.form.definition.retires:
        return False
    return definitions.may_void(actor, form, record.project_id)


def retire(
    *, actor: Viewer, record_id: str, seen_revision: int, reason: str, now: datetime
) -> Record:
    """Take an entry out of use: nobody chooses it any more, what named it stays.

    Raises Forbidden; Conflict where it is not in use, or was changed; Invalid without a reason.
    """
    record = _own(actor, record_id)
    against = obstacles.against_leaving(record)
    if against is not None:
        raise Conflict(against)
    _demand_unchanged(record, seen_revision)
    why = reasons.given(reason)
    _leave(record, None, actor=actor, why=why, now=now)
    _note(record, "record.retire", actor, {"reason": why}, now)
    return record


def merge(
    *,
    actor: Viewer,
    record_id: str,
    into_id: str,
    seen_revisions: tuple[int, int],
    reason: str,
    now: datetime,
) -> Record:
    """Merge an entry into another, which stands for it from now on; returns the one that stays.

    `seen_revisions` are those of the two, in this order. Raises as `retire`, and Conflict where one
    of them was merged meanwhile.
    """
    for key in sorted({record_id, into_id}):  # in one order for all: no two wait for each other
        _own(actor, key)
    record, into = records.locked(record_id), records.locked(into_id)
    never = obstacles.against_pairing(record, into)
    if never is not None:
        raise Invalid(never)
    against = obstacles.against_merging(record, into)
    if against is not None:
        raise Conflict(against)
    for one, seen in zip((record, into), seen_revisions, strict=True):
        _demand_unchanged(one, seen)
    why = reasons.given(reason)
    counting.rely_on({into.id})
    _leave(record, into.id, actor=actor, why=why, now=now)
    _note(record, "record.merge", actor, {"reason": why, "into": into.id}, now)
    return into


def take_back(*, actor: Viewer, record_id: str, reason: str, now: datetime) -> Record:
    """An entry into use again; one that was merged stands for itself again.

    What was filed meanwhile under the entry it was merged into stays there.
    """
    record = _own(actor, record_id)
    if record.state != RETIRED:
        raise Conflict(IN_USE)
    why = reasons.given(reason)
    ended = queries.retirement_of(record.id)
    assert ended is not None
    ended.ended_at, ended.ended_by, ended.ended_reason = now, actor.person_id, why
    transitions.set_state(record=record, state=APPROVED, actor=actor, now=now)
    action = "record.unmerge" if ended.into_id else "record.reinstate"
    detail = {"reason": why, **({"into": ended.into_id} if ended.into_id else {})}
    _note(record, action, actor, detail, now)
    db.session.flush()
    return record


def tell_apart(*, actor: Viewer, record_ids: Collection[str], now: datetime) -> None:
    """These entries look alike and are all different: they are suspected no more.

    Raises Invalid for fewer than two, and for entries that could never be one.
    """
    held = [_own(actor, one) for one in sorted(set(record_ids))]
    if len(held) < LEAST:
        raise Invalid(TOO_FEW)
    if len({(one.form, one.project_id) for one in held}) > 1:
        raise Invalid(obstacles.OTHER_PLACE)
    statement = select(ToldApart.first_id, ToldApart.second_id).where(
        ToldApart.first_id.in_(sorted(record_ids))
    )
    known = {(first, second) for first, second in db.session.execute(statement)}
    for first, second in combinations(sorted(set(record_ids)), 2):
        if (first, second) in known:
            continue
        db.session.add(
            ToldApart(first_id=first, second_id=second, actor_id=actor.person_id, at=now)
        )
        detail = {"other": second}
        audit.record(
            actor=actor, action="record.told_apart", object_kind="record", object_id=first,
            detail=detail, now=now,
        )  # fmt: skip
    db.session.flush()


def suspect_again(*, actor: Viewer, record_ids: Collection[str], now: datetime) -> None:
    """Two entries that were told apart are looked at anew. Raises Invalid where they were not."""
    held = [_own(actor, one).id for one in sorted(set(record_ids))]
    said = db.session.get(ToldApart, held) if len(held) == LEAST else None
    if said is None:
        raise Invalid(NOT_APART)
    db.session.delete(said)
    audit.record(
        actor=actor, action="record.suspected", object_kind="record", object_id=said.first_id,
        detail={"other": said.second_id}, now=now,
    )  # fmt: skip
    db.session.flush()


def _own(actor: Viewer, record_id: str) -> Record:
    """An entry, locked, of a register this person keeps. Raises NotFound, Forbidden, Conflict."""
    records.get(record_id)
    record = records.locked(record_id)
    form = definitions.form_in(record.form, record.project_id)
    if form is None:
        raise NotFound()
    if not form.form.definition.retires:
        raise Conflict(NOT_THIS)
    if not may_keep(actor, record):
        raise Forbidden(MAY_NOT)
    return record


def _demand_unchanged(record: Record, seen_revision: int) -> None:
    if record.revision != seen_revision:
        raise ChangedMeanwhile(CHANGED)


def _leave(record: Record, into_id: str | None, *, actor: Viewer, why: str, now: datetime) -> None:
    """Out of use, once nobody is about to choose it."""
    counting.clear([record.id])
    transitions.set_state(record=record, state=RETIRED, actor=actor, now=now)
    db.session.add(
        Retirement(
            record_id=record.id, into_id=into_id, reason=why, actor_id=actor.person_id, at=now
        )
    )
    db.session.flush()


def _note(
    record: Record, action: str, actor: Viewer, detail: Mapping[str, str], now: datetime
) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_kind="record",
        object_id=record.id,
        detail={"number": record.number, "name": record.subject, **detail},
        now=now,
    )
