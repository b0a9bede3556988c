"""Progress that cannot be: of work behind a decision nobody took, and of decision points."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import cell_path
from portal.progress.decisions import are_filed
from portal.progress.plan import Plan, PlanRow, plan_of
from portal.progress.tasks import read_tasks
from portal.progress.waiting import Waiting, undecided, waiting
from portal.projects.queries import project_brief
from portal.records.transitions import APPROVED, SUBMITTED, Transition

UPDATE = "progress_update"
NOT_BEGUN = N_(
    "It cannot have begun: the decision “%(point)s”, which it waits for, is not taken. "
    "File the decision first."
)
NOT_DONE = N_(
    "It cannot be finished: the decision “%(point)s”, which it waits for, is not taken. "
    "File the decision first."
)
BY_DECISION = N_(
    "This decision point is reached by an approved decision that names it, not by progress."
)


def on_transition(transition: Transition) -> None:
    """An update that says such a thing is not taken. Raises Invalid, line by line."""
    record = transition.record
    if record.form != UPDATE or transition.after not in (SUBMITTED, APPROVED):
        return
    project_id = record.project_id
    if project_id is None or not any(
        one.type == "decision" for one in read_tasks(project_id).values()
    ):
        return
    project = project_brief(project_id)
    plan = plan_of(project) if project else None
    errors = list(_errors(plan, record.data.get("lines") or ())) if plan else []
    if errors:
        raise Invalid(errors=errors)


def _errors(plan: Plan, lines: Any) -> Iterator[FieldError]:
    points = {row.task.id: row for row in undecided(plan)}
    held, by_record, rows = waiting(plan, points.values()), are_filed(), plan.by_id
    for line in lines:
        key = str(line.get("task") or "")
        path = cell_path("lines", str(line.get("_id")), "task")
        if key in points and by_record:
            yield FieldError(path, "undecided", Message(BY_DECISION), key)
            continue
        text, kept = _kept_from(line, rows.get(key), held.get(key, Waiting()))
        for point in sorted(kept, key=lambda one: points[one].task.code):
            said = Message(text, {"point": points[point].task.label})
            yield FieldError(path, "undecided", said, point)


def _kept_from(
    line: Mapping[str, Any], row: PlanRow | None, waits: Waiting
) -> tuple[str, Collection[str]]:
    """What the line says that cannot be, and the points that keep its task from it."""
    if row is not None and not row.is_started and _begun(line) and waits.to_begin:
        return NOT_BEGUN, waits.to_begin
    return NOT_DONE, waits.to_end if line.get("finished_on") else ()


def _begun(line: Mapping[str, Any]) -> bool:
    """Whether a line says that its task has begun."""
    amounts = (Decimal(str(line.get(key) or 0)) for key in ("percent", "installed"))
    return bool(line.get("started_on") or line.get("finished_on")) or any(amounts)
