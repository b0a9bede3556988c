"""Moving through the tree: on to the next block, back to an earlier one, to the end."""

from portal.workflows import events as ev
from portal.workflows.run import Move, Run
from portal.workflows.tree import START, Block


def begin(run: Run) -> None:
    """Enter the first block."""
    if run.definition.blocks:
        enter(run, run.definition.blocks[0])
    else:
        finish(run)


def enter(run: Run, block: Block) -> None:
    """Enter the block and go on until somebody has to act or the end is reached."""
    _go(run, block, run.kinds[block.kind].enter(run, block))


def advance(run: Run, block: Block) -> None:
    """The block has been passed: go on after it."""
    _go(run, block, Move.ON)


def _go(run: Run, block: Block, move: Move | Block) -> None:
    while move is not Move.WAIT:
        if isinstance(move, Block):
            block, move = move, run.kinds[move.kind].enter(run, move)
            continue
        following = run.definition.next_sibling(block.id)
        parent = run.definition.parent(block.id)
        if following is not None:
            move = following
        elif parent is not None:
            block, move = parent, run.kinds[parent.kind].leave(run, parent)
        else:
            finish(run)
            return


def finish(run: Run) -> None:
    """The end of the chain: approved, unless nobody approved anything."""
    if any(
        seat.vote == "approve"
        for epoch in run.state.standing_epochs()
        if epoch.outcome == "approved"
        for seat in epoch.seats
    ):
        end(run, "approved")
        return
    skipped = [skip.step for skip in run.state.skips if skip.why == "empty"]
    if not skipped:
        run.emit(ev.Held, block=_last(run), why="nobody_approved")
        return
    number = run.state.next_epoch
    run.emit(ev.Entered, step=skipped[-1], epoch=number, seats=())
    run.emit(ev.Stalled, step=skipped[-1], epoch=number, why="nobody_approved")


def _last(run: Run) -> str:
    return run.definition.blocks[-1].id if run.definition.blocks else START


def end(run: Run, outcome: str) -> None:
    """Close what is open; nothing acts on the approval afterwards."""
    close_open(run, "cancelled")
    run.emit(ev.Ended, outcome=outcome)


def close_open(run: Run, outcome: str) -> None:
    for epoch in list(run.state.open_epochs()):
        run.emit(ev.Closed, step=epoch.step, epoch=epoch.number, outcome=outcome)


def send_back(run: Run, *, step: str, to: str, why: str, comment: str = "") -> None:
    """Return from the step to an earlier block or to the requester: everything between is void."""
    close_open(run, "returned")
    whole = tuple(block.id for block in run.definition.all_blocks())
    cleared = whole if to == START else run.definition.from_here(to)
    run.emit(ev.Returned, step=step, to=to, why=why, cleared=cleared, comment=comment)
    if to != START:
        enter(run, run.definition.block(to))


def send_back_to_sign(run: Run) -> None:
    """To the requester, whose sending stood for a signature on other values than there are now."""
    send_back_by_rule(run, step=run.state.epochs[-1].step, to=START, why="unsent")


def send_back_by_rule(run: Run, *, step: str, to: str, why: str) -> None:
    """A return a rule asks for; beyond the allowed number it ends as rejected."""
    if run.state.returns >= run.definition.policy.max_returns:
        end(run, "rejected")
    else:
        send_back(run, step=step, to=to, why=why)
