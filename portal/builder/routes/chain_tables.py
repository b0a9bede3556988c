"""Two tables of a chain: approval by amount, and who may do what with each field."""

import json
from collections.abc import Mapping
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
from portal.builder.design.chain_rights import CELLS, change_rights, read_rights
from portal.builder.routes.chain import AT, back, errors_of, find, keep, show, the_desk, typed
from portal.builder.routes.chain_places import asked_place, carried, new_ids, the_place
from portal.errors import Conflict, Invalid, NotFound
from portal.web.filters import text_in
from portal.web.words import gettext as _

_BLANK = Band()
Rights = Mapping[str, dict[str, str]]


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
    bands = Bands(field, (_BLANK,), _BLANK)
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


@area.page(f"{AT}/rights", access=READERS)
def chain_rights(module: str, file: str) -> BaseResponse:
    """Who may do what with each field: a row per field, a column per step."""
    desk = the_desk(module, file)
    return _show_rights(desk, _stored_rights(desk), _stored_rights(desk))


@area.action(f"{AT}/rights", access=AUTHORS)
def save_chain_rights(module: str, file: str) -> BaseResponse:
    """Write the cells that were changed; 409 where somebody changed the same ones meanwhile."""
    desk = the_desk(module, file)
    now, seen, mine = _stored_rights(desk), _seen_rights(), _typed_rights(desk)
    changed = {
        (step, field): cell
        for step, cells in mine.items()
        for field, cell in cells.items()
        if cell != seen.get(step, {}).get(field, "")
    }
    lost = [
        (step, field)
        for (step, field), cell in changed.items()
        if now.get(step, {}).get(field, "") not in (seen.get(step, {}).get(field, ""), cell)
        or step not in now
    ]
    if lost:
        merged = {step: {**cells, **mine.get(step, {})} for step, cells in now.items()}
        for step, cells in merged.items():
            for field in list(cells):
                if (step, field) not in changed:
                    cells[field] = now[step].get(field, "")
        return _show_rights(desk, merged, now, status=409, lost=lost)
    text = desk.the_chain.text
    for node in desk.the_chain.steps():
        wanted = {field: cell for (key, field), cell in changed.items() if key == node.id}
        text = change_rights(text, node, wanted)
    keep(desk, text)
    return back(desk, _("The rights are saved."))


def _stored_rights(desk: ChainDesk) -> dict[str, dict[str, str]]:
    """The cells of every step that are not plain reading; steps written otherwise are left out."""
    read = {step.id: read_rights(step.raw) for step in desk.the_chain.steps()}
    return {key: cells for key, cells in read.items() if cells is not None}


def _seen_rights() -> Rights:
    try:
        found = json.loads(request.form.get("seen", ""))
    except ValueError as broken:
        raise Conflict(_("Open this page again: it cannot tell what was changed.")) from broken
    steps = found if isinstance(found, dict) else {}
    return {key: cells for key, cells in steps.items() if isinstance(cells, dict)}


def _typed_rights(desk: ChainDesk) -> Rights:
    found: dict[str, dict[str, str]] = {}
    fields = {one.path for one in desk.fields}
    for name, cell in request.form.items():
        _word, _mark, rest = name.partition("cell:")
        step, _colon, field = rest.partition(":")
        if field in fields and (cell in CELLS or cell == _stored_rights_cell(desk, step, field)):
            found.setdefault(step, {})[field] = cell
    return found


def _stored_rights_cell(desk: ChainDesk, step: str, field: str) -> str:
    return _stored_rights(desk).get(step, {}).get(field, "")


def _show_rights(
    desk: ChainDesk, cells: Rights, now: Rights, *, status: int = 200, **more: Any
) -> BaseResponse:
    names = {
        "": _("may read"),
        "edit": _("may change"),
        "edit+require": _("must fill in"),
        "hide": _("hidden"),
    }
    return show(
        "rights", desk, status=status, cells=cells, now=now, names=names,
        seen=json.dumps(now, ensure_ascii=False), **more,
    )  # fmt: skip
