"""Where a new block of a chain goes: as its page was asked for, and found again when it is sent."""

from flask import request

from portal.builder.chain_desk import ChainDesk
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import path_of, taken_ids
from portal.builder.routes.chain import typed
from portal.definitions.json_source import Path
from portal.errors import NotFound

Where = dict[str, str]
_BESIDE = ("behind", "before")


def asked_place(desk: ChainDesk) -> tuple[Where, Path]:
    """Where the address of a page says a new block goes. Raises NotFound."""
    names = ("into", *_BESIDE)
    where = {name: request.args[name] for name in names if request.args.get(name)}
    where = dict(list(where.items())[:1])
    return where, edits.place(desk.the_chain, **{name: path_of(at) for name, at in where.items()})


def the_place(desk: ChainDesk) -> tuple[Where, Path]:
    """Where the page of a new block said it goes, found again in the newest chain.

    A list or block that is no longer there leaves the end of the chain.
    """
    where = {name: typed(name) for name in ("into", *_BESIDE) if typed(name)}
    beside = next((one for one in desk.the_chain.all_nodes() if one.id == typed("id") != ""), None)
    how = next((name for name in _BESIDE if name in where), "")
    if how and beside is not None:
        return {how: beside.at}, edits.place(desk.the_chain, **{how: beside.path})
    try:
        return where, edits.place(
            desk.the_chain, **{name: path_of(at) for name, at in where.items()}
        )
    except NotFound:
        return {"into": "blocks"}, edits.place(desk.the_chain, into=("blocks",))


def carried(desk: ChainDesk, where: Where) -> Where:
    """What a page carries to say where its block goes: the place, and the block beside it."""
    beside = next((where[name] for name in _BESIDE if name in where), "")
    found = next((one for one in desk.the_chain.all_nodes() if one.at == beside), None)
    return {**where, "id": found.id} if found else where


def new_ids(desk: ChainDesk) -> frozenset[str]:
    """Every id that is taken: in this draft, and in what is published."""
    return taken_ids(desk.the_chain.raw, desk.published())
