"""A branch of a chain: a choice with its title and ways; a new one, empty or around a block."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_inputs import ONLY
from portal.builder.chain_view import block_title, way_told
from portal.builder.design import chain_branches as branches
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Node
from portal.builder.design.chain_step import judge_title, set_words, words_of
from portal.builder.design.conditions import Condition, from_form
from portal.builder.routes.chain import AT, back, errors_of, find, keep, show, the_desk, typed
from portal.builder.routes.chain_places import asked_place, carried, new_ids, the_place
from portal.builder.routes.chain_ways import block_choices, needed_source
from portal.errors import FieldError, Invalid, NotFound
from portal.web.answers import see_other
from portal.web.words import gettext as _


@area.page(f"{AT}/<at>/branch", access=READERS)
def chain_branch(module: str, file: str, at: str) -> BaseResponse:
    """The ways of a choice in the order in which they are asked."""
    desk = the_desk(module, file)
    return _show(desk, _choice(desk.the_chain.node(at)))


@area.action(f"{AT}/<at>/branch", access=AUTHORS)
def save_chain_branch(module: str, file: str, at: str) -> BaseResponse:
    """Save the title; 422 with what is wrong, 409 if the choice was changed meanwhile."""
    desk = the_desk(module, file)
    node = find(desk, at)
    if node is None or not node.ways:
        return back(desk, _("This choice is no longer there: somebody took it out."))
    title = typed("title_en"), typed("title_zh")
    if typed("title") not in ("|".join(words_of(node.raw.get("title"))), "over"):
        return _show(desk, node, status=409, title=title, is_overtaken=True)
    errors = _title_errors(title)
    if errors:
        told = errors_of(Invalid(errors=errors))
        return _show(desk, node, status=422, title=title, errors=told)
    keep(desk, set_words(desk.the_chain.text, node.path, "title", title))
    said = _("The title is saved.")
    return see_other(url_for("builder.chain_branch", module=module, file=file, at=node.at), said)


@area.page(f"{AT}/add/branch", access=AUTHORS)
def new_chain_branch(module: str, file: str) -> BaseResponse:
    """The title and the first condition of a new branch, or of one around a block."""
    desk = the_desk(module, file)
    around = request.args.get("around", "")
    if around:
        node = desk.the_chain.node(around)
        return _show_new(desk, {"around": node.at, "id": node.id}, Condition())
    where, _path = asked_place(desk)
    return _show_new(desk, carried(desk, where), Condition())


@area.action(f"{AT}/add/branch", access=AUTHORS)
def add_chain_branch(module: str, file: str) -> BaseResponse:
    """Add a choice of two ways to the newest chain; 422 with what is wrong."""
    desk = the_desk(module, file)
    around = find(desk, typed("around")) if typed("around") else None
    where, path = the_place(desk) if around is None else ({}, around.path)
    place = {"around": around.at, "id": around.id} if around else carried(desk, where)
    title, condition = (typed("title_en"), typed("title_zh")), from_form(request.form, ONLY)
    errors, source = _title_errors(title), ""
    try:
        source = needed_source(desk, condition)
    except Invalid as refusal:
        errors += refusal.errors
    if errors:
        told = errors_of(Invalid(errors=errors))
        return _show_new(desk, place, condition, status=422, title=title, errors=told)
    key = edits.new_id(title[0], new_ids(desk), "branch")
    change = branches.put_into_branch if around else branches.add_branch
    keep(desk, change(desk.the_chain.text, path, source, key, title))
    return back(desk, _("The branch is added. Now add steps to its ways."), f"block-{key}")


def _title_errors(title: tuple[str, str]) -> list[FieldError]:
    """A branch may go without a title; one in a single language is incomplete."""
    return judge_title(*title) if any(title) else []


def _choice(node: Node) -> Node:
    if not node.ways:
        raise NotFound
    return node


def _show(
    desk: ChainDesk,
    node: Node,
    *,
    status: int = 200,
    title: tuple[str, str] | None = None,
    **more: Any,
) -> BaseResponse:
    now = words_of(node.raw.get("title"))
    return show(
        "branch", desk, status=status, node=node, heading=block_title(desk, node), now=now,
        title=title or now, way_told=way_told, block_title=block_title,
        **{"errors": {}, "is_overtaken": False, **more},
    )  # fmt: skip


def _show_new(
    desk: ChainDesk,
    place: dict[str, str],
    condition: Condition,
    *,
    status: int = 200,
    title: tuple[str, str] = ("", ""),
    **more: Any,
) -> BaseResponse:
    around = next(
        (one for one in desk.the_chain.all_nodes() if one.at == place.get("around")), None
    )
    context = {"errors": {}, **block_choices(desk, condition), **more}
    return show(
        "new_branch", desk, status=status, place=place, condition=condition, title=title,
        around=block_title(desk, around) if around else "", **context,
    )  # fmt: skip
