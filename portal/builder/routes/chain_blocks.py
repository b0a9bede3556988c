"""One block of a chain: a step or a copy with the condition around it, or a way's condition."""

from dataclasses import replace

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_inputs import (
    ONLY,
    BlockInputs,
    BlockPage,
    block_page,
    overtaken,
    shown_part,
    typed_inputs,
)
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Node, path_of
from portal.builder.design.chain_bands import read_bands
from portal.builder.design.chain_people import read_who, write_who
from portal.builder.design.chain_step import (
    StepValues,
    change_step,
    change_who,
    judge_step,
    new_step,
    wrong,
)
from portal.builder.design.conditions import Condition, to_source
from portal.builder.routes.chain import AT, back, errors_of, find, keep, show, the_desk, typed
from portal.builder.routes.chain_places import asked_place, carried, new_ids, the_place
from portal.builder.routes.chain_ways import block_choices, save_way, show_way
from portal.definitions.json_source import Path
from portal.errors import N_, Invalid, NotFound
from portal.forms.texts import Text
from portal.web.answers import see_other
from portal.web.words import gettext as _


@area.page(f"{AT}/<at>", access=READERS)
def chain_block(module: str, file: str, at: str) -> BaseResponse:
    """A step or a copy as inputs; a way of a choice as its condition."""
    desk = the_desk(module, file)
    if path_of(at)[-2:-1] == ("when",):
        return show_way(desk, at)
    node = desk.the_chain.node(at)
    if node.kind == "choose":
        page = "chain_branch" if read_bands(node) is None else "chain_bands"
        return see_other(url_for(f"builder.{page}", module=module, file=file, at=at))
    if node.kind == "unknown":
        raise NotFound
    return _show(desk, block_page(desk, node))


@area.action(f"{AT}/<at>", access=AUTHORS)
def save_chain_block(module: str, file: str, at: str) -> BaseResponse:
    """Save what was typed; 422 with what is wrong, 409 if somebody changed the block meanwhile."""
    desk = the_desk(module, file)
    if path_of(at)[-2:-1] == ("when",):
        return save_way(desk, at)
    node = find(desk, at)
    if node is None or node.kind not in ("step", "cc"):
        return _show_gone(desk)
    inputs = _typed(desk, node)
    if desk.mark(shown_part(desk, node)) not in (typed("part"), typed("over")):
        return _show(desk, overtaken(desk, node, inputs, typed("part")), status=409)
    try:
        text = _changed(desk, node, inputs)
    except Invalid as refusal:
        page = block_page(desk, node, inputs, errors=errors_of(refusal))
        return _show(desk, replace(page, part=typed("part") or page.part), status=422)
    keep(desk, text)
    return back(desk, _("“%(title)s” is saved.", title=_title(inputs, desk, node)), node.anchor)


@area.page(f"{AT}/add/<kind>", access=AUTHORS)
def new_chain_block(module: str, file: str, kind: str) -> BaseResponse:
    """The inputs of a new step or copy, at the end of a list or behind a block."""
    desk = the_desk(module, file)
    where, path = asked_place(desk)
    return _show(desk, _new_page(desk, kind, path, where, BlockInputs(StepValues(), Condition())))


@area.action(f"{AT}/add/<kind>", access=AUTHORS)
def add_chain_block(module: str, file: str, kind: str) -> BaseResponse:
    """Add a step or a copy to the newest chain; 422 with what is wrong."""
    desk = the_desk(module, file)
    where, path = the_place(desk)
    inputs = typed_inputs()
    try:
        text, key = _added(desk, kind, path, inputs)
    except Invalid as refusal:
        page = _new_page(desk, kind, path, where, inputs)
        return _show(desk, replace(page, errors=errors_of(refusal)), status=422)
    keep(desk, text)
    title = Text(inputs.step.title_en, inputs.step.title_zh)
    return back(
        desk,
        _("“%(title)s” is added.", title=title.in_language(desk.language) or key),
        f"block-{key}",
    )


def _added(desk: ChainDesk, kind: str, path: Path, inputs: BlockInputs) -> tuple[str, str]:
    known, text = new_ids(desk), desk.the_chain.text
    source = _judged(desk, kind, inputs)
    if kind == "step":
        key = edits.id_for(inputs.step, known)
        text = edits.add_block(text, path, new_step(inputs.step, key))
    else:
        key = edits.new_id("inform", known)
        lines = read_lines(inputs.step.who)
        text = edits.add_block(text, path, {"cc": key, "who": write_who(lines)})
    if source:
        text = edits.wrap(text, path, source, edits.new_id(f"{key}_when", {*known, key}))
    return text, key


def _judged(
    desk: ChainDesk, kind: str, inputs: BlockInputs, *, keeps_people: bool = False
) -> str | None:
    """The text of the condition, None where none is asked for here.

    Raises Invalid with everything that is wrong with the inputs.
    """
    errors, source = [], None
    try:
        if kind == "step":
            judge_step(inputs.step, keeps_people=keeps_people)
        elif not inputs.step.who and not keeps_people:
            errors.append(wrong("who", N_("Say who gets a copy.")))
    except Invalid as refusal:
        errors += refusal.errors
    try:
        if inputs.condition is not None:
            source = to_source(inputs.condition, desk.options, ONLY)
    except Invalid as refusal:
        errors += refusal.errors
    if errors:
        raise Invalid(errors=errors)
    return source


def read_lines(who: tuple[str, ...]) -> list[tuple[str, str]]:
    """The lines of a people rule as (rule, value)."""
    parts = (one.partition(":") for one in who)
    return [(rule, value) for rule, _mark, value in parts]


def _changed(desk: ChainDesk, node: Node, inputs: BlockInputs) -> str:
    """The text with a block as typed: the condition around it last, for it moves the block."""
    text, kept = desk.the_chain.text, read_who(node.raw.get("who"))[1]
    source = _judged(desk, node.kind, inputs, keeps_people=bool(kept))
    if node.kind == "step":
        text = change_step(text, node.path, inputs.step)
    else:
        text = change_who(text, node.path, inputs.step.who)
    holder = edits.condition_around(desk.the_chain, node)
    if source is None:
        return text
    if holder is None:
        key = edits.new_id(f"{node.id}_when", new_ids(desk))
        return edits.wrap(text, node.path, source, key) if source else text
    if not source:
        return edits.unwrap(text, holder.path)
    return edits.set_condition(text, holder.ways[0].path, source)


def _typed(desk: ChainDesk, node: Node) -> BlockInputs:
    can_be_set = (
        desk.the_chain.holder(node.path) is None
        or edits.condition_around(desk.the_chain, node) is not None
    )
    return typed_inputs(has_condition=can_be_set)


def _title(inputs: BlockInputs, desk: ChainDesk, node: Node) -> str:
    from_typed = {"en": inputs.step.title_en, "zh": inputs.step.title_zh}
    other = inputs.step.title_en or inputs.step.title_zh
    return from_typed.get(desk.language[:2]) or other or desk.title(node)


def _new_page(
    desk: ChainDesk, kind: str, path: Path, where: dict[str, str], inputs: BlockInputs
) -> BlockPage:
    if kind not in ("step", "cc"):
        raise NotFound
    place = carried(desk, where)
    return BlockPage(kind=kind, inputs=inputs, targets=desk.targets(path), place=place)


def _show_gone(desk: ChainDesk) -> BaseResponse:
    """The block is no longer there: what was typed stays, and can be added anew."""
    kind = "cc" if typed("kind") == "cc" else "step"
    path = edits.place(desk.the_chain, into=("blocks",))
    page = _new_page(desk, kind, path, {"into": "blocks"}, typed_inputs())
    return _show(desk, replace(page, is_gone=True), status=409)


def _show(desk: ChainDesk, page: BlockPage, *, status: int = 200) -> BaseResponse:
    return show(
        "step", desk, status=status, block=page, **block_choices(desk, page.inputs.condition)
    )
