"""A step in plain language, every default written out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portal.workflows.words import Words

if TYPE_CHECKING:
    from portal.workflows.blocks.step import Step

RETURN = "return:"


def explain_step(step: "Step", words: Words, depth: int) -> Iterator[str]:
    """The step's line, then what its people may do, indented below it."""
    title, who = words.text(step.title), words.people(step.who)
    yield words.line("step", depth, title=title, id=step.id, who=who)
    inner = depth + 1
    if isinstance(step.need, int):
        yield words.line("need_count", inner, count=step.need)
    else:
        yield words.line(f"need_{step.need}", inner)
    yield _reject(step, words, inner)
    yield _deadlock(step, words, inner)
    if step.returns:
        targets = words.names([words.target(t) for t in step.returns])
        yield words.line("may_return", inner, targets=targets)
    else:
        yield words.line("may_not_return", inner)
    yield words.line(f"transfer_{step.transfer}" if step.transfer else "may_not_transfer", inner)
    yield from _fields(step, words, inner)
    if step.meaning is not None:
        yield words.line("meaning", inner, meaning=words.text(step.meaning))


def _reject(step: "Step", words: Words, depth: int) -> str:
    rule = words.say(f"reject_{step.reject}")
    if step.reject_then.startswith(RETURN):
        block = words.target(step.reject_then.removeprefix(RETURN))
        return words.line("then_return", depth, rule=rule, block=block)
    return words.line("then_end", depth, rule=rule)


def _deadlock(step: "Step", words: Words, depth: int) -> str:
    action = step.on_deadlock
    if action is None:
        return words.line("deadlock_none", depth)
    if action.startswith(RETURN):
        block = words.target(action.removeprefix(RETURN))
        return words.line("deadlock_return", depth, block=block)
    return words.line(f"deadlock_{action}", depth)


def _fields(step: "Step", words: Words, depth: int) -> Iterator[str]:
    if step.fields.edit:
        yield words.line("edit", depth, fields=words.names(step.fields.edit))
    else:
        yield words.line("no_edit", depth)
    if step.fields.hide:
        yield words.line("hide", depth, fields=words.names(step.fields.hide))
    if step.fields.require:
        yield words.line("require", depth, fields=words.names(step.fields.require))
