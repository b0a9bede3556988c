"""Approval by amount as a table."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_inputs import typed_who
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Node
from portal.builder.design.chain_amounts import shown_amount
from portal.builder.design.chain_bands import (
    MOST_ROWS,
    Band,
    Bands,
    change_bands,
    new_bands,
    read_bands,
)
from portal.builder.routes.chain import AT, back, errors_of, find, keep, show, the_desk, typed
from portal.builder.routes.chain_places import asked_place, carried, new_ids, the_place
from portal.errors import Invalid, NotFound
from portal.web.filters import text_in
from portal.web.words import gettext as _

_BLANK = Band()
_FIRST_ROWS = 3  # of a new table; what stays empty is none


@area.page(f"{AT}/<at>/bands", access=READERS)
def chain_bands(module: str, file: str, at: str) -> BaseResponse:
    """Approval by amount as a table."""
    desk = the_desk(module, file)
    node = desk.the_chain.node(at)
    bands = read_bands(node)
    if bands is None:
        raise NotFound
    return _show_bands(desk, bands, node=node, part=desk.mark(node))


@area.action(f"{AT}/<at>/bands", access=AUTHORS)
def save_chain_bands(module: str, file: str, at: str) -> BaseResponse:
    """Save the table; 422 with what is wrong, 409 if somebody changed it meanwhile."""
    desk, bands = the_desk(module, file), _typed_bands()
    node = find(desk, at)
    stored = read_bands(node) if node else None
    if node is None or stored is None:
        return _show_bands(desk, bands, status=409, is_gone=True, place={"into": "blocks"})
    if desk.mark(node) not in (typed("part"), typed("over")):
        return _show_bands(
            desk, bands, node=node, part=typed("part"), status=409, theirs=_said(desk, stored),
            over=desk.mark(node),
        )  # fmt: skip
    try:
        text = change_bands(desk.the_chain.text, node.path, bands, new_ids(desk))
    except Invalid as refusal:
        return _show_bands(
            desk, bands, node=node, part=desk.mark(node), status=422, errors=errors_of(refusal)
        )
    keep(desk, text)
    return back(desk, _("The table is saved."), node.anchor)


@area.page(f"{AT}/add/bands", access=AUTHORS)
def new_chain_bands(module: str, file: str) -> BaseResponse:
    """A new table of approval by amount, at the end of a list or behind a block."""
    desk = the_desk(module, file)
    where, path = asked_place(desk)
    field = desk.amounts[0][0] if desk.amounts else ""
    bands = Bands(field, (_BLANK,) * _FIRST_ROWS, _BLANK)
    return _show_bands(desk, bands, place=carried(desk, where), at=path)


@area.action(f"{AT}/add/bands", access=AUTHORS)
def add_chain_bands(module: str, file: str) -> BaseResponse:
    """Add a table of approval by amount to the newest chain; 422 with what is wrong."""
    desk, bands = the_desk(module, file), _typed_bands()
    where, path = the_place(desk)
    known = new_ids(desk)
    key = edits.new_id(bands.title_en, known, "authority")
    try:
        block = new_bands(bands, key, known)
    except Invalid as refusal:
        return _show_bands(
            desk, bands, status=422, errors=errors_of(refusal), place=carried(desk, where)
        )
    keep(desk, edits.add_block(desk.the_chain.text, path, block))
    return back(desk, _("The table is added."), f"block-{key}")


def _typed_bands() -> Bands:
    names = [f"row-{n}-" for n in range(MOST_ROWS)]
    rows = [_typed_row(name) for name in names if f"{name}up_to" in request.form]
    signless = typed("signless") == "yes"
    return Bands(
        typed("field"), tuple(rows), _typed_row("above-"), typed("title_en"), typed("title_zh"),
        signless,
    )  # fmt: skip


def _typed_row(prefix: str) -> Band:
    return Band(
        step=typed(f"{prefix}step"),
        up_to=typed(f"{prefix}up_to"),
        title_en=typed(f"{prefix}title_en"),
        title_zh=typed(f"{prefix}title_zh"),
        who=typed_who(request.form.getlist(f"{prefix}who")),
        gone=bool(typed(f"{prefix}gone")),
    )


def _said(desk: ChainDesk, bands: Bands) -> list[tuple[str, str]]:
    """A table in words, row by row."""
    found = []
    for row in (*bands.rows, bands.above):
        amount = _("up to %(amount)s", amount=shown_amount(row.up_to)) if row.up_to else _("above")
        people = str(_(" or ")).join(desk.line_words(one) for one in row.who)
        found.append((amount, f"{text_in({'en': row.title_en, 'zh': row.title_zh})} · {people}"))
    return found


def _show_bands(
    desk: ChainDesk, bands: Bands, *, node: Node | None = None, status: int = 200, **more: Any
) -> BaseResponse:
    rows = list(bands.rows)
    if not rows or not rows[-1].is_blank:
        rows.append(_BLANK)
    return show(
        "bands", desk, status=status, bands=bands, rows=rows, node=node, shown=shown_amount, **more
    )
