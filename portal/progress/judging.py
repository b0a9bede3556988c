"""What no form judges by itself: circles of tasks, by their links or by their summaries."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.ledgers.naming import names_of
from portal.progress.tasks import FORM, SUMMARY, WHY, code_key
from portal.records import counting
from portal.records.models import Record, RecordLink
from portal.records.transitions import APPROVED, Transition

CIRCLE = N_("These tasks would wait for each other: %(members)s. Take one link out.")
ABOVE_ITSELF = N_("These tasks would stand below each other: %(members)s. Choose another summary.")
STANDS_ABOVE = N_(
    "Below it stands %(members)s: a task others stand below stays a summary. Move them first."
)
NAMED_MOST = 5
_FIELDS = {
    "predecessors[].task": ("predecessors", CIRCLE),
    "parent_task": ("parent_task", ABOVE_ITSELF),
}


def on_transition(transition: Transition) -> None:
    """A task that closes a circle is not taken, nor one no summary that others stand below.
    Raises Invalid with those others, or the members of the circle in order.
    """
    record = transition.record
    if record.form != FORM or transition.after != APPROVED or record.project_id is None:
        return
    is_named = record.data.get("type") != SUMMARY and _is_named(record.id, "parent_task")
    if record.data.get("predecessors") or record.data.get("parent_task") or is_named:
        hold_plan(record.project_id)  # two could close one together
    if is_named:
        _demand_nothing_below(record)
    for field, (path, text) in _FIELDS.items():
        if not record.data.get(path) or not _is_named(record.id, field):
            continue  # a circle leads out of a task and back to it
        circle = _circle(record.id, _targets(record.project_id, field))
        if circle:
            named = names_of(circle)
            members = " → ".join(named[one].code for one in circle)
            raise Invalid(errors=[FieldError(path, "circle", Message(text, {"members": members}))])


def on_transitions(moved: Sequence[Transition]) -> None:
    """Changes made together: tasks among them were judged as a whole, by whoever files them
    (`filing`), while nobody else could change the plan. What is no task goes one by one.
    """
    for transition in moved:
        if transition.record.form != FORM:
            on_transition(transition)


def hold_plan(project_id: str) -> None:
    """Keep everybody else who may close a circle waiting until this transaction ends."""
    counting.hold(frozenset({f"plan:{project_id}"}))


def _demand_nothing_below(record: Record) -> None:
    named = _targets(str(record.project_id), "parent_task")
    below = names_of([one for one, above in named.items() if record.id in above])
    if below:
        raise stands_above(one.code for one in below.values())


def stands_above(below: Iterable[str]) -> Invalid:
    """A task stays a summary for these codes below it."""
    codes = sorted(below, key=code_key)
    members = ", ".join(codes[:NAMED_MOST]) + (", …" if len(codes) > NAMED_MOST else "")
    text = Message(STANDS_ABOVE, {"members": members})
    return Invalid(errors=[FieldError("type", "stands_above", text)])


def _is_named(record_id: str, field: str) -> bool:
    statement = select(RecordLink.id).where(
        RecordLink.target_id == record_id, RecordLink.form == FORM, RecordLink.field == field
    )
    return db.session.execute(unscoped(statement.limit(1), WHY)).first() is not None


def _targets(project_id: str, field: str) -> Mapping[str, list[str]]:
    """Which tasks each task of a project names in a field."""
    statement = (
        select(RecordLink.record_id, RecordLink.target_id)
        .join(Record, Record.id == RecordLink.record_id)
        .where(
            RecordLink.form == FORM,
            RecordLink.field == field,
            Record.project_id == project_id,
            Record.state == APPROVED,
        )
        .order_by(RecordLink.record_id, RecordLink.target_id)
    )
    found: dict[str, list[str]] = {}
    for one, other in db.session.execute(unscoped(statement, WHY)):
        found.setdefault(one, []).append(other)
    return found


def _circle(start: str, named: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a task back to itself, each before what waits for it; or nothing."""
    came: dict[str, str] = {}
    todo = deque([start])
    while todo:
        here = todo.popleft()
        for there in named.get(here, ()):
            if there == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way if len(way) > 1 else [start, start]
            if there not in came:
                came[there] = here
                todo.append(there)
    return []
