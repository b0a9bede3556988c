"""What the page of one block of a chain holds: its inputs as typed or as written, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from portal import limits
from portal.builder import words
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_form import Choice
from portal.builder.design.chain import Node
from portal.builder.design.chain_edits import condition_around
from portal.builder.design.chain_people import line_from
from portal.builder.design.chain_step import StepValues, read_step, who_lines
from portal.builder.design.conditions import Condition, from_form, parse, to_source
from portal.errors import Invalid
from portal.web.inputs import one_line
from portal.web.words import gettext as _

_LONGEST = limits.EXPRESSION_LENGTH
_MOST_LINES = 30
ONLY = "only"


@dataclass(frozen=True)
class BlockInputs:
    """Everything typed on the page of a step or a copy.

    `condition` is None where it cannot be set here: the block stands in a larger choice.
    """

    step: StepValues
    condition: Condition | None


@dataclass(frozen=True)
class BlockPage:
    """The page of one block. `node` is None for a new one, or for one no longer there.

    `theirs`: (what, how it is now) where somebody else changed the block; `over` allows to save
    all the same. `place` are the hidden inputs that say where a new block goes.
    """

    kind: str
    inputs: BlockInputs
    node: Node | None = None
    part: str = ""
    told: str = ""
    kept: Sequence[str] = ()
    targets: Sequence[Choice] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: Sequence[Choice] | None = None
    over: str = ""
    is_gone: bool = False


def shown_part(desk: ChainDesk, node: Node) -> Node:
    """What the page of a block edits: the block, with the condition around it alone."""
    return condition_around(desk.the_chain, node) or node


def stored_inputs(desk: ChainDesk, node: Node) -> BlockInputs:
    """The inputs of a block as it is written."""
    step = (
        read_step(node.raw)
        if node.kind == "step"
        else StepValues(who=who_lines(node.raw.get("who")))
    )
    holder = condition_around(desk.the_chain, node)
    if holder is not None:
        return BlockInputs(step, parse(holder.ways[0].condition or "", desk.options))
    alone = desk.the_chain.holder(node.path) is None
    return BlockInputs(step, Condition() if alone else None)


def typed_inputs(has_condition: bool = True) -> BlockInputs:
    """The inputs of the request."""
    form: MultiDict[str, str] = request.form
    values = {
        name: _typed(form, name)
        for name in (
            "title_en", "title_zh", "need", "count", "reject", "then", "deadlock", "transfer",
            "meaning_en", "meaning_zh",
        )
    }  # fmt: skip
    step = StepValues(
        **values,
        who=typed_who(form.getlist("who")),
        returns=tuple(dict.fromkeys(form.getlist("returns")[:_MOST_LINES])),
    )
    return BlockInputs(step, from_form(form, ONLY) if has_condition else None)


def typed_who(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of a people rule that name somebody."""
    found = (str(one_line(one))[:200] for one in lines[:_MOST_LINES])
    return tuple(dict.fromkeys(one for one in found if line_from(one)))


def _typed(form: "MultiDict[str, str]", name: str) -> str:
    return str(one_line(form.get(name, "")))[:_LONGEST]


def condition_told(desk: ChainDesk, node: Node | None) -> str:
    """The condition a block is asked under, as a sentence; empty if it is asked always."""
    holder = desk.the_chain.holder(node.path) if node else None
    for way in holder.ways if holder and node else ():
        if node in way.blocks:
            return desk.told(way.condition) if way.condition else str(_("in all other cases"))
    return ""


def block_page(
    desk: ChainDesk, node: Node, inputs: BlockInputs | None = None, **more: Any
) -> BlockPage:
    """The page of a block that is there, with what is written or what was typed."""
    now = stored_inputs(desk, node)
    inputs = inputs or now
    return BlockPage(
        kind=node.kind,
        inputs=inputs,
        node=node,
        part=desk.mark(shown_part(desk, node)),
        told=condition_told(desk, node),
        kept=desk.kept_people(node.raw.get("who")),
        targets=desk.targets(node.path, *_named(now.step), *_named(inputs.step)),
        **more,
    )


def _named(step: StepValues) -> list[str]:
    leads = [one.removeprefix("return:") for one in (step.then, step.deadlock) if "return:" in one]
    return [*step.returns, *leads]


def overtaken(desk: ChainDesk, node: Node, inputs: BlockInputs, part: str) -> BlockPage:
    """The page with what was typed, and beside it what somebody else made of the block."""
    now = stored_inputs(desk, node)
    mine, theirs = _said(desk, inputs, None), _said(desk, now, node)
    differing = [(label, text) for label, text in theirs.items() if text != mine.get(label)]
    page = block_page(desk, node, inputs, theirs=differing)
    return replace(page, part=part, over=page.part)


def _said(desk: ChainDesk, inputs: BlockInputs, node: Node | None) -> dict[str, str]:
    """The inputs of a block in words, by their labels."""
    step = inputs.step
    said = {
        _("Title in English"): step.title_en,
        _("Title in Chinese"): step.title_zh,
        _("Who is asked"): str(_(" or ")).join(desk.line_words(one) for one in step.who),
        _("How many must approve"): words.need(step.count or step.need)
        if step.need in ("any", "all") or step.count
        else step.need,
        _("Rejected when"): reject_words().get(step.reject, step.reject),
        _("A rejection"): step.then,
        _("May be returned to"): str(_(", ")).join(sorted(step.returns)),
        _("Transfer"): transfer_words().get(step.transfer, step.transfer),
        _("Meaning in English"): step.meaning_en,
        _("Meaning in Chinese"): step.meaning_zh,
    }
    if inputs.condition is not None:
        try:
            source = to_source(inputs.condition, desk.options, ONLY)
        except Invalid:
            source = inputs.condition.source
        said[_("Only when")] = desk.told(source) if source else str(_("always"))
    return said


def reject_words() -> dict[str, str]:
    """When a step counts as rejected."""
    return {
        "one": str(_("as soon as one of them rejects")),
        "impossible": str(_("as soon as enough approvals cannot be reached any more")),
        "all": str(_("only when all of them reject")),
    }


def transfer_words() -> dict[str, str]:
    """To whom a step may be transferred."""
    return {
        "": str(_("not allowed")),
        "same_rule": str(_("to somebody who would have been asked as well")),
        "any": str(_("to anybody")),
    }
