"""Who may do what with each field at each step of a chain, as a grid."""

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.design.chain_rights import CELLS, change_rights, read_rights
from portal.builder.routes.chain import AT, back, keep, show, the_desk
from portal.errors import Conflict
from portal.web.words import gettext as _

Rights = Mapping[str, dict[str, str]]


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
