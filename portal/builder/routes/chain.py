"""The plain builder of an approval chain: its blocks in order, moved and removed."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.chain_desk import ChainDesk, lay_out_chain
from portal.builder.chain_view import block_title, view
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Node, address
from portal.builder.design.chain_bands import read_bands
from portal.definitions import services
from portal.errors import N_, ChangedMeanwhile, Conflict, Invalid, NotFound
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

AT = "/modules/<module>/draft/<file>/chain"
_LONGEST = 400
_CHANGED = N_("Somebody changed this part of the chain meanwhile. Look at it, then do it again.")
_GONE = N_("This part of the chain is no longer there: somebody took it out.")


@area.page(AT, access=READERS)
def chain(module: str, file: str) -> BaseResponse:
    """The blocks of a chain in order, in words."""
    return show_list(the_desk(module, file))


@area.action(f"{AT}/<at>/move/<way>", access=AUTHORS)
def move_block(module: str, file: str, at: str, way: str) -> BaseResponse:
    """Put a block one place up or down within its list; 409 if it was changed meanwhile."""
    desk = the_desk(module, file)
    if way not in ("up", "down"):
        raise NotFound
    try:
        node = the_same(desk, at)
    except Conflict as conflict:
        return show_list(desk, status=409, said=sentence(conflict.message))
    keep(desk, edits.move_block(desk.the_chain.text, node.path, up=way == "up"))
    now = (*node.path[:-1], int(node.path[-1]) + (-1 if way == "up" else 1))
    said = _("“%(title)s” is moved.", title=block_title(desk, node))
    return back(desk, said, node.anchor, at=address(now) if typed("stay") else None)


@area.action(f"{AT}/<at>/remove", access=AUTHORS)
def remove_block(module: str, file: str, at: str) -> BaseResponse:
    """Take a block out with all within it, and the condition around it alone; 409 if changed."""
    desk = the_desk(module, file)
    try:
        node = the_same(desk, at)
    except Conflict as conflict:
        return show_list(desk, status=409, said=sentence(conflict.message))
    whole = edits.condition_around(desk.the_chain, node) or node
    keep(desk, edits.remove_block(desk.the_chain.text, whole.path))
    return back(desk, _("“%(title)s” is taken out.", title=block_title(desk, node)))


@area.action(f"{AT}/<at>/always", access=AUTHORS)
def unwrap_block(module: str, file: str, at: str) -> BaseResponse:
    """Take a condition away: its blocks are asked always; 409 if it was changed meanwhile."""
    desk = the_desk(module, file)
    try:
        node = the_same(desk, at)
        text = edits.unwrap(desk.the_chain.text, node.path)
    except Conflict as conflict:
        return show_list(desk, status=409, said=sentence(conflict.message))
    except Invalid as refusal:
        return show_list(desk, status=422, said=sentence(refusal.message))
    keep(desk, text)
    return back(desk, _("The condition is taken away."), node.ways[0].blocks[0].anchor)


def the_desk(module: str, file: str) -> ChainDesk:
    """The workflow file of the newest draft; raises NotFound."""
    return lay_out_chain(queries.the_draft(module), file, current_viewer().language)


def find(desk: ChainDesk, at: str) -> Node | None:
    """The block a page was about, wherever it stands now: by its id, else by its text."""
    key, part = typed("id"), typed("part")
    nodes = list(desk.the_chain.all_nodes())
    if key:
        found = [node for node in nodes if node.id == key]
    else:
        found = [node for node in nodes if not node.id and desk.mark(node) == part]
    return next((node for node in found if node.at == at), found[0] if found else None)


def the_same(desk: ChainDesk, at: str) -> Node:
    """The block a page was about, as it was shown there; raises Conflict, NotFound."""
    node = find(desk, at)
    if node is None:
        raise ChangedMeanwhile(_GONE)
    if desk.mark(node) != typed("part"):
        raise ChangedMeanwhile(_CHANGED)
    return node


def keep(desk: ChainDesk, text: str) -> None:
    """Store another text of the chain. The transaction already holds the write lock."""
    if text == desk.draft.files[desk.name]:
        return
    services.save_draft_file(
        release_id=desk.draft.id,
        name=desk.name,
        text=text,
        seen_revision=desk.draft.revision,
        actor=current_viewer(),
        now=clock.now(),
    )


def back(
    desk: ChainDesk, said: str, anchor: str | None = None, *, at: str | None = None
) -> BaseResponse:
    """To the chain, at a block; `at` is the address of the one that stays selected."""
    url = url_for("builder.chain", module=desk.module, file=desk.name, at=at, _anchor=anchor)
    return see_other(url, said)


def typed(name: str) -> str:
    """One input of the request, on one line."""
    return str(one_line(request.form.get(name, "")))[:_LONGEST]


def errors_of(refusal: Invalid) -> dict[str, str]:
    """What is wrong, by input; under "" what is wrong with none of them."""
    if refusal.errors:
        return {one.path: sentence(one.message) for one in refusal.errors}
    return {"": sentence(refusal.message)}


def show_list(desk: ChainDesk, *, status: int = 200, said: str = "") -> BaseResponse:
    """The chain drawn and listed, with a sentence above it where something was not done."""
    has_blocks = desk.chain is not None and desk.chain.has_blocks
    may = may_write(current_viewer())
    drawn = view(desk, request.args.get("at", ""), may_write=may) if has_blocks else None
    return show("chain", desk, status=status, said=said, is_bands=_is_bands, view=drawn)


def show(page: str, desk: ChainDesk, *, status: int = 200, **more: Any) -> BaseResponse:
    """One of the chain's pages."""
    context: Mapping[str, Any] = {
        "desk": desk,
        "module": queries.the_module(desk.module),
        "may_write": may_write(current_viewer()),
        **more,
    }
    return page_or_fragment(f"builder/design/{page}.html", status=status, **context)


def _is_bands(node: Node) -> bool:
    return read_bands(node) is not None
