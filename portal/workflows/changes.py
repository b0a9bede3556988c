"""A change of the record while it is being approved, and the restart a protected one leads to."""

from collections.abc import Collection, Iterable

from portal.workflows import events as ev
from portal.workflows import flow
from portal.workflows.blocks.step import Step, step_of
from portal.workflows.commands import AtStep, Change
from portal.workflows.refusals import Refused
from portal.workflows.run import Run
from portal.workflows.state import Epoch


def apply_changes(
    run: Run, epoch: Epoch, command: AtStep, changes: tuple[Change, ...], version: int | None
) -> int | None:
    """Record the change; the number of the epoch in which the editor's decision now counts.

    `None` if it has none: the approval went back to an earlier block, or the editor has no open
    seat in the step's new epoch.
    """
    step = step_of(run, epoch)
    _must_be_editable(step, changes)
    if version is None or version <= run.state.version:
        raise Refused("version_not_new")
    protected = _protected(run, step, changes)
    run.emit(
        ev.Edited,
        step=step.id,
        epoch=epoch.number,
        paths=tuple(change.path for change in changes if not change.computed),
        computed=tuple(change.path for change in changes if change.computed),
        filled=tuple(change.path for change in changes if change.was_empty),
        protected=protected,
        seen_version=command.version,
        version=version,
        comment=command.comment,
    )
    if not protected:
        return epoch.number
    _restart(run, step, protected)
    return _new_place(run, epoch, command.person)


def _must_be_editable(step: Step, changes: tuple[Change, ...]) -> None:
    if not changes:
        raise Refused("nothing_changed")
    for change in changes:
        if not change.computed and not _within(change.path, step.fields.edit):
            raise Refused("field_not_editable", field=change.path, step=step.id)


def _protected(run: Run, step: Step, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The changed paths that void approvals.

    Filling what was empty is none, if no block up to this step has read it.
    """
    read = {
        path
        for block, paths in run.facts.reads.items()
        if block in run.definition and run.definition.order(block) <= run.definition.order(step.id)
        for path in paths
    }
    return tuple(
        change.path
        for change in changes
        if _overlaps(change.path, run.facts.protected)
        and not (change.was_empty and not _overlaps(change.path, read))
    )


def _restart(run: Run, step: Step, paths: tuple[str, ...]) -> None:
    """Back to the restart point; if that is this step or later, this step begins anew."""
    definition = run.definition
    target = definition.restart_from
    if definition.order(target.id) > definition.order(step.id):
        target = step
    cleared = definition.from_here(target.id)
    removed = tuple(
        ev.Signature(seat.person, epoch.step, epoch.number)
        for epoch in run.state.standing_epochs()
        if epoch.step in cleared
        for seat in epoch.seats
        if seat.vote == "approve"
    )
    flow.close_open(run, "restarted")
    unsent = run.by != run.state.requester
    run.emit(
        ev.Restarted, to=target.id, paths=paths, cleared=cleared, removed=removed, unsent=unsent
    )
    flow.enter(run, target)


def _new_place(run: Run, old: Epoch, person: str) -> int | None:
    """The step's new epoch, if the restart led to it and the person sits there."""
    for epoch, seat in run.state.open_seats():
        if epoch.step == old.step and epoch.number > old.number and seat.person == person:
            return epoch.number
    return None


def _within(path: str, allowed: Iterable[str]) -> bool:
    """Whether the path is one of the allowed or lies inside one (`lines` allows `lines[].qty`)."""
    return any(path == one or path.startswith((f"{one}[", f"{one}.")) for one in allowed)


def _overlaps(path: str, paths: Collection[str]) -> bool:
    """Whether one of the paths is the path, lies in it or holds it."""
    return _within(path, paths) or any(_within(one, (path,)) for one in paths)
