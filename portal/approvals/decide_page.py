"""The page on which the holder of a task decides, also after a decision that could not be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.approvals import chains, impact, queries, steps
from portal.approvals.models import Task
from portal.db import db
from portal.records import services as records
from portal.records import views
from portal.records.models import Record
from portal.records.shown import Part, Shown, ShownFacts, ShownSection, ShownTable
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import Viewer, current_viewer
from portal.web.words import gettext as _

FRAGMENT = "approvals/_not_decided.html"


def elsewhere(found: Task) -> BaseResponse:
    """A task that is over leads on: to what waits for its holder there now, or to the record."""
    again = queries.open_task_of(current_viewer(), found.record_id)
    if again is not None:
        url = url_for("approvals.task", task_id=again.id)
        return see_other(url, _("It waits for you here now."), tone="info")
    return see_other(
        url_for("records.detail", record_id=found.record_id),
        _("This no longer waits for you; here is where it stands."),
        tone="info",
    )


def decide_page(
    found: Task, *, status: int = 200, seen: int | None = None, **extra: Any
) -> Response:
    """Record, chain and decision; `seen` is the version to mark changes from, `extra` what was
    typed and what stands in the way."""
    viewer, now = current_viewer(), clock.now()
    record = records.get(found.record_id)
    approval, happened = queries.approval_of(record), queries.events_of(record)
    former = steps.last_decided_data(record, happened)
    if seen is not None:
        former = steps.data_of_version(record, seen)
    page = views.record_page(record, viewer, former)
    step = steps.step_of(record, found.step)
    moves = impact.moved_by(record, viewer)
    return page_or_fragment(
        "approvals/task.html",
        FRAGMENT if status >= 400 else None,
        status=status,
        task=found,
        page=page,
        record=record,
        step=step,
        step_title=steps.title_of(record.release_id, record.form, found.step, viewer.language),
        chain=chains.shown_chain(record, approval, viewer.language, now, happened, page.access),
        moves=moves,
        moves_now=moves and approval and queries.is_last_approval(record, approval, found, now),
        changed_since=former is not None and seen is None,
        changes=list(changed_values(page.sections)) if seen is not None else [],
        why=chains.why(steps.reasons_of(found), viewer.language),
        targets=steps.return_targets(record, found.step, viewer.language),
        colleagues=steps.transfer_targets(record, found, viewer),
        editable=steps.may_edit_fields(record, found.step),
        **extra,
    )


def shown_beside(found: Task) -> Response:
    """What a task is about, to be read beside the inbox."""
    viewer, now = current_viewer(), clock.now()
    record = records.get(found.record_id)
    approval, happened = queries.approval_of(record), queries.events_of(record)
    moves = impact.moved_by(record, viewer)
    return page_or_fragment(
        "approvals/_preview.html",
        task=found,
        record=record,
        page=views.record_page(record, viewer, steps.last_decided_data(record, happened)),
        step_title=steps.title_of(record.release_id, record.form, found.step, viewer.language),
        moves=moves,
        moves_now=moves and approval and queries.is_last_approval(record, approval, found, now),
    )


def not_enough(task_id: str, problems: Sequence[str], typed: Mapping[str, Any]) -> Response:
    """What was asked for cannot be done: why, beside what was typed."""
    db.session.rollback()  # what the command did before it was refused is not shown
    found = queries.own_task(current_viewer(), task_id)
    if found.state != "open":
        return too_late(task_id, problems[0], seen=None, typed=typed)
    return decide_page(found, status=422, problems=problems, **typed)


def too_late(
    task_id: str, sentence: str, *, seen: int | None, typed: Mapping[str, Any]
) -> Response:
    """Something else happened first: what, what it changed, and what was typed for a second try."""
    db.session.rollback()  # what the command read is no longer so; look again
    viewer = current_viewer()
    found = queries.own_task(viewer, task_id)
    is_open = found.state == "open"
    waiting = found if is_open else queries.open_task_of(viewer, found.record_id)
    if waiting is not None:
        return decide_page(waiting, status=409, seen=seen, not_decided=[sentence], **typed)
    record = records.get(found.record_id)
    return page_or_fragment(
        "approvals/not_decided.html",
        FRAGMENT,
        status=409,
        record=record,
        task=None,
        changes=changes_since(record, viewer, seen),
        not_decided=[sentence],
        **typed,
    )


def changes_since(record: Record, viewer: Viewer, seen: int | None) -> list[dict[str, str]]:
    """What the reader may see of what changed since a version of the record."""
    former = None if seen is None else steps.data_of_version(record, seen)
    if former is None:
        return []
    return list(changed_values(views.record_page(record, viewer, former).sections))


def changed_values(sections: Sequence[ShownSection]) -> Iterator[dict[str, str]]:
    """Label, former and present value of everything the document marks as changed."""
    for section in sections:
        for part in section.parts:
            for label, one in _marked(part):
                yield {"label": label, "before": one.former or "–", "after": one.text or "–"}
            if isinstance(part, ShownTable) and part.removed:
                gone = _("Rows removed: %(count)s", count=part.removed)
                yield {"label": part.label, "before": gone, "after": "–"}


def _marked(part: Part) -> Iterator[tuple[str, Shown]]:
    if isinstance(part, ShownFacts):
        yield from ((one.label, one) for one in part.values if one.former is not None)
    elif isinstance(part, ShownTable):
        for number, row in enumerate(part.rows, 1):
            for cell in row:
                if cell.former is not None:
                    yield f"{part.label} {number} · {cell.label}", cell
