"""The ways of a choice: their conditions, one more, one less, and their order."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import words
from portal.builder.area import AUTHORS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_inputs import ONLY, reject_words, transfer_words
from portal.builder.design import chain_branches as branches
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Node
from portal.builder.design.chain_step import wrong
from portal.builder.design.conditions import (
    MOST_LINES,
    Condition,
    comparison_words,
    from_form,
    parse,
    to_source,
)
from portal.builder.routes.chain import (
    AT,
    back,
    errors_of,
    keep,
    show,
    show_list,
    the_desk,
    the_same,
    typed,
)
from portal.builder.saving import mark_of
from portal.errors import N_, Conflict, Invalid, NotFound
from portal.web.answers import see_other, sentence
from portal.web.words import gettext as _


@area.page(f"{AT}/<at>/ways/add", access=AUTHORS)
def new_chain_way(module: str, file: str, at: str) -> BaseResponse:
    """The condition of one more way."""
    desk = the_desk(module, file)
    node = desk.the_chain.node(at)
    if not node.ways:
        raise NotFound
    return _show_new(desk, node, Condition())


@area.action(f"{AT}/<at>/ways/add", access=AUTHORS)
def add_chain_way(module: str, file: str, at: str) -> BaseResponse:
    """Add a way behind the others; 422 with what is wrong, 409 where the choice is gone."""
    desk = the_desk(module, file)
    node = next((one for one in desk.the_chain.all_nodes() if one.id == typed("id") != ""), None)
    if node is None or not node.ways:
        said = _("This choice is no longer there: somebody took it out.")
        return show_list(desk, status=409, said=said)
    condition = from_form(request.form, ONLY)
    try:
        source = needed_source(desk, condition)
    except Invalid as refusal:
        return _show_new(desk, node, condition, status=422, errors=errors_of(refusal))
    keep(desk, branches.add_way(desk.the_chain.text, node.path, source))
    return back(desk, _("The way is added."), node.anchor)


@area.action(f"{AT}/<at>/ways/<number>/<act>", access=AUTHORS)
def change_chain_way(module: str, file: str, at: str, number: str, act: str) -> BaseResponse:
    """Take a way out or change its place; 409 if the choice was changed meanwhile."""
    desk = the_desk(module, file)
    try:
        node = the_same(desk, at)
        way = branches.the_way(node, number)
        text = desk.the_chain.text
        if act == "remove":
            text = branches.remove_way(text, node, way)
        elif act in ("up", "down"):
            text = branches.move_way(text, way, up=act == "up")
        else:
            raise NotFound
    except Conflict as conflict:
        return show_list(desk, status=409, said=sentence(conflict.message))
    except Invalid as refusal:
        return show_list(desk, status=422, said=sentence(refusal.message))
    keep(desk, text)
    said = _("The way is taken out.") if act == "remove" else _("The way is moved.")
    return see_other(url_for("builder.chain_branch", module=module, file=file, at=node.at), said)


def show_way(
    desk: ChainDesk,
    at: str,
    condition: Condition | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> BaseResponse:
    """The page of a way's condition. Raises NotFound."""
    way = desk.the_chain.way(at)
    holder = desk.the_chain.node(way.path[:-2])
    condition = condition or parse(way.condition or "", desk.options)
    return show(
        "way", desk, status=status, way=way, holder=holder, condition=condition,
        part=mark_of(way.condition or ""), **{**block_choices(desk, condition), **more},
    )  # fmt: skip


def save_way(desk: ChainDesk, at: str) -> BaseResponse:
    """The condition of one way, found again by its choice and by what was shown."""
    holder = next((one for one in desk.the_chain.all_nodes() if one.id == typed("id") != ""), None)
    ways = [way for way in (holder.ways if holder else ()) if way.condition is not None]
    condition = from_form(request.form, ONLY)
    if not ways or holder is None:
        return back(desk, _("This choice is no longer there: somebody took it out."))
    seen = [way for way in ways if mark_of(way.condition or "") in (typed("over"), typed("part"))]
    at_place = [way for way in ways if way.at == at]
    if not seen:
        way = (at_place or ways)[0]
        theirs = desk.told(way.condition or "")
        over = mark_of(way.condition or "")
        return show_way(desk, way.at, condition, status=409, theirs=theirs, over=over)
    way = next((one for one in seen if one.at == at), seen[0])
    try:
        source = needed_source(desk, condition)
    except Invalid as refusal:
        return show_way(desk, way.at, condition, status=422, errors=errors_of(refusal))
    keep(desk, edits.set_condition(desk.the_chain.text, way.path, source))
    return back(desk, _("The condition is saved."), holder.anchor)


def needed_source(desk: ChainDesk, condition: Condition) -> str:
    """The text of a condition that must ask something. Raises Invalid."""
    source = to_source(condition, desk.options, ONLY)
    if not source:
        raise Invalid(errors=[wrong(f"{ONLY}-0-field", N_("Say when this way is taken."))])
    return source


def block_choices(desk: ChainDesk, condition: Condition | None) -> dict[str, Any]:
    """What the inputs of a block offer."""
    told = ""
    if condition is not None and condition.source:
        told = desk.told(condition.source)
    return {
        "rejects": reject_words(),
        "transfers": transfer_words(),
        "needs": {"any": words.need("any"), "all": words.need("all")},
        "ops": comparison_words(),
        "most_lines": MOST_LINES,
        "told": told,
    }


def _show_new(
    desk: ChainDesk, node: Node, condition: Condition, *, status: int = 200, **more: Any
) -> BaseResponse:
    context = {**block_choices(desk, condition), **more}
    return show("way", desk, status=status, way=None, holder=node, condition=condition, **context)
