"""A dry run: what a job would do with the records there are, without doing any of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.conversions import choosing
from portal.conversions.judging import Judge
from portal.conversions.reasons import CARRIED
from portal.conversions.samples import Sample, sample
from portal.db import db, unscoped
from portal.definitions.queries import FormInRelease
from portal.errors import N_, Message
from portal.records.carrying import Carrier
from portal.records.models import Record
from portal.web.viewer import Viewer

MOST = 1_000
SAMPLES = 3
WITHOUT_FAULT = N_("“%(field)s” would not pass the rules of the form.")
WHY = "authors are told how many records a move would carry; they see those they may read"


@dataclass
class Trial:
    """What would become of the records looked at: how many by outcome, and why they stay.

    `samples` are records the reader may see, before and after; `whys` counts reasons by sentence.
    """

    total: int
    looked: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    whys: dict[str, list[tuple[Message, int]]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)


def try_out(
    *,
    form: str,
    target: FormInRelease,
    choices: Collection[str],
    viewer: Viewer,
    now: datetime,
) -> Trial:
    """Judge the newest records as a job would; nothing is locked and nothing written."""
    judge = Judge(target, Carrier(viewer, now), now)
    trial = Trial(choosing.chosen(form, target.release_id).total(choices))
    reasons: dict[str, Counter[str]] = {}
    messages: dict[str, Message] = {}
    carried: list[Record] = []
    with db.session.no_autoflush:
        for record in _records(form, target.release_id, choices):
            verdict = judge.verdict(record)
            trial.looked += 1
            trial.outcomes[verdict.outcome] += 1
            if verdict.outcome == CARRIED:
                carried.append(record)
            elif verdict.why is not None:
                said = _said(verdict.why)
                messages.setdefault(str(said), said)
                reasons.setdefault(verdict.outcome, Counter())[str(said)] += 1
        for record in _seen(carried)[:SAMPLES]:
            data = judge.verdict(record).data or {}
            trial.samples.append(sample(record, judge.pair(record), data, viewer))
    for outcome, counts in reasons.items():
        trial.whys[outcome] = [(messages[text], count) for text, count in counts.most_common(5)]
    return trial


def _said(why: Message) -> Message:
    """The reason without what is in the record: it is told of records the reader may not see."""
    fault = why.args.get("fault")
    if fault is None or not fault.args:
        return why
    return Message(WITHOUT_FAULT, {"field": why.args.get("field", "")})


def _records(form: str, release_id: str, choices: Collection[str]) -> Sequence[Record]:
    statement = (
        select(Record)
        .where(
            Record.form == form,
            Record.release_id != release_id,
            Record.state.in_(choosing.states_of(choices)),
        )
        .order_by(Record.id.desc())
        .limit(MOST)
    )
    found = db.session.scalars(unscoped(statement, WHY))
    return [one for one in found if choosing.choice_of(one.release_id, one.state, form) in choices]


def _seen(records: Sequence[Record]) -> list[Record]:
    ids = [one.id for one in records[:200]]
    visible = set(db.session.scalars(select(Record.id).where(Record.id.in_(ids))))
    return [one for one in records if one.id in visible]
