"""The last real records through the chains of a draft: which of them would go another way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.approvals import replay
from portal.approvals.replay import Stop
from portal.builder.checks import Judged
from portal.db import db, unscoped
from portal.definitions import catalog
from portal.definitions.moving import moved
from portal.definitions.published import FormInRelease
from portal.errors import PortalError
from portal.expressions import ExpressionError
from portal.forms.compiled import CompiledForm
from portal.records.models import Record
from portal.workflows.tree import WorkflowDefinition

MOST = 300
_WHY = "authors see which records would go elsewhere: numbers and people, nothing that was typed"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A record that would go another way: its number, and both ways. No content."""

    record_id: str
    number: str
    form: str
    before: tuple[Stop, ...]
    after: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many records were tried, which would go elsewhere, and which could not be tried."""

    looked: int
    elsewhere: Sequence[Elsewhere]
    failed: Sequence[str] = ()

    @property
    def groups(self) -> list[list[Elsewhere]]:
        """Those with the same two ways together, the most frequent first."""
        found: dict[Any, list[Elsewhere]] = {}
        for one in self.elsewhere:
            found.setdefault((one.form, _compared(one.before), _compared(one.after)), []).append(
                one
            )
        return sorted(found.values(), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A form with its chain, as it is now and as the draft has it."""

    now: FormInRelease
    form: CompiledForm
    workflow: WorkflowDefinition | None


def replay_draft(judged: Judged, now: datetime, *, most: int = MOST) -> Replayed:
    """The last `most` records that were sent, tried on a draft without errors; nothing is written.

    Both ways are judged as if the record were sent now, so that only the definitions differ.
    """
    pairs = _pairs(judged)
    looked, elsewhere, failed = 0, [], []
    for record in _records(sorted(pairs), most) if pairs else ():
        looked += 1
        number = record.number or record.id
        try:
            before, after = _both_ways(record, pairs[record.form], now)
        except (PortalError, ExpressionError):
            failed.append(number)
            continue
        if _compared(before) != _compared(after):
            elsewhere.append(Elsewhere(record.id, number, record.form, before, after))
    return Replayed(looked, elsewhere, failed)


def _both_ways(
    record: Record, pair: _Pair, now: datetime
) -> tuple[tuple[Stop, ...], tuple[Stop, ...]]:
    version = int(catalog.release(record.release_id).forms[record.form].expanded["version"])
    here = moved(record.data, version, pair.now.form.definition)
    before = replay.way(record, here, pair.now.form, pair.now.workflow, now)
    there = moved(record.data, version, pair.form.definition)
    return before, replay.way(record, there, pair.form, pair.workflow, now)


def _compared(way: tuple[Stop, ...]) -> tuple[Any, ...]:
    return tuple((one.step, one.people, one.held) for one in way)


def _pairs(judged: Judged) -> dict[str, _Pair]:
    """The forms whose records may go elsewhere: they or their chains are not what they were."""
    package = judged.report.package
    if package is None or not judged.report.ok:
        return {}
    found = {}
    for entry in package.entries:
        key, chain = entry["form"], entry.get("workflow")
        now = catalog.current_catalog().forms.get(key)
        if now is None or not (chain or now.has_workflow):
            continue
        raw = package.files[f"{chain}.workflow.json"].raw if chain else None
        if now.expanded != judged.report.expanded[key] or now.chain != raw:
            workflow = package.workflows[chain] if chain else None
            found[key] = _Pair(now, package.compiled[key], workflow)
    return found


def _records(forms: Sequence[str], most: int) -> Sequence[Record]:
    statement = (
        select(Record)
        .where(Record.form.in_(forms), Record.submitted_at.is_not(None))
        .order_by(Record.submitted_at.desc(), Record.id.desc())
        .limit(most)
    )
    return db.session.scalars(unscoped(statement, _WHY)).all()
