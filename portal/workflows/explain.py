"""A definition in plain language, in English or Chinese, with every default visible."""

from collections.abc import Iterable, Iterator

from portal.workflows.blocks import KINDS
from portal.workflows.tree import Block, WorkflowDefinition
from portal.workflows.words import Words


def explain(definition: WorkflowDefinition, language: str) -> list[str]:
    """Lines for people; what is inside a block is indented by four spaces."""
    words = Words(language)

    def blocks(inside: Iterable[Block], depth: int) -> Iterator[str]:
        empty = True
        for block in inside:
            empty = False
            yield from KINDS[block.kind].explain(block, words, depth, blocks)
        if empty:
            yield words.line("nothing", depth)

    title = words.text(definition.title)
    return [
        words.say("workflow", title=title, form=definition.form),
        *blocks(definition.blocks, 0),
        *_rules(definition, words),
    ]


def _rules(definition: WorkflowDefinition, words: Words) -> Iterator[str]:
    policy = definition.policy
    if definition.withdraw.startswith("until:"):
        yield words.say("withdraw_until", block=definition.withdraw.removeprefix("until:"))
    else:
        yield words.say(f"withdraw_{definition.withdraw}")
    yield words.say("self_approval")
    for group in policy.distinct:
        yield words.say("distinct", steps=words.names(sorted(group, key=definition.order)))
    if not policy.distinct:
        yield words.say("no_distinct")
    if policy.empty_go is not None:
        yield words.say("empty_go", who=words.people(policy.empty_go))
    else:
        yield words.say(f"empty_{policy.empty}")
    for key in ("disabled", "again", "auto"):
        yield words.say(key)
    more = words.say("protected_more", fields=words.names(policy.protected))
    yield words.say("protected", more=more if policy.protected else "")
    if definition.blocks:
        yield words.say("restart", block=definition.restart_from.id)
    yield words.say("max_returns", count=policy.max_returns)
