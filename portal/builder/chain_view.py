"""The picture of a chain with its words: what each part says in full, and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.builder.chain_desk import ChainDesk
from portal.builder.design.chain import Node
from portal.builder.design.chain_picture import Card, Picture, Place, Shape, Way, draw
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape with what it says in full, its address (empty: it leads nowhere), and its name.

    `choose` is the address that selects the block; `wrong` says that the check found something.
    """

    shape: Shape
    told: str
    url: str = ""
    anchor: str = ""
    choose: str = ""
    title: str = ""
    is_chosen: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Plus:
    """A place for a new block: where it is, its address, and what the address does."""

    place: Place
    url: str
    told: str


@dataclass(frozen=True, slots=True)
class View:
    """The picture, its parts with words in the order they are read, and the selected block."""

    picture: Picture
    parts: tuple[Drawn | Plus, ...]
    node: Node | None = None
    title: str = ""


def view(desk: ChainDesk, at: str, *, may_write: bool) -> View:
    """The chain as it is drawn, with the block at an address selected."""
    nodes = {node.at: node for node in desk.the_chain.all_nodes()}
    cards = [_card(desk, node) for node in desk.the_chain.nodes]
    picture = draw(cards, _("The requester submits"), _("Approved"))
    parts = [
        _part(desk, nodes, one, at, may_write)
        for one in picture.parts
        if may_write or isinstance(one, Shape)
    ]
    node = nodes.get(at) if may_write else None
    return View(picture, tuple(parts), node, block_title(desk, node) if node else "")


def block_title(desk: ChainDesk, node: Node) -> str:
    """What a block is called where it stands alone: a choice without a title says what it does."""
    if node.kind == "unknown":
        return str(_("Not known here, kept as it is"))
    if node.kind != "choose" or node.title:
        return desk.title(node)
    return str(_("Under a condition") if node.only_when else _("One of these ways"))


def way_told(desk: ChainDesk, condition: str | None) -> str:
    """When a way is taken, as a sentence."""
    if condition is None:
        return str(_("In all other cases"))
    return str(_("If %(condition)s", condition=desk.told(condition)))


def _part(
    desk: ChainDesk, nodes: Mapping[str, Node], part: Shape | Place, at: str, may_write: bool
) -> Drawn | Plus:
    if isinstance(part, Place):
        return _plus(desk, nodes, part)
    if part.kind == "way":
        ways = {way.at: way for node in nodes.values() for way in node.ways}
        condition = ways[part.at].condition
        linked = may_write and condition is not None
        url = _url(desk, "chain_block", at=part.at) if linked else ""
        return Drawn(part, way_told(desk, condition), url)
    if part.kind in ("start", "end"):
        return Drawn(part, part.lines[0])
    return _block(desk, nodes[part.at], part, at, may_write)


def _block(desk: ChainDesk, node: Node, shape: Shape, at: str, may_write: bool) -> Drawn:
    title = block_title(desk, node)
    return Drawn(
        shape,
        str(_(", ")).join([title, *_texts(desk, node)]),
        "" if node.kind == "unknown" else _url(desk, "chain_block", at=node.at),
        node.anchor,
        _url(desk, "chain", at=node.at, _anchor=node.anchor) if may_write else "",
        title,
        node.at == at,
        bool(desk.findings(node)),
    )


def _plus(desk: ChainDesk, nodes: Mapping[str, Node], place: Place) -> Plus:
    how, at = place.where
    node = nodes.get(at)
    name = block_title(desk, node) if node else ""
    told = {
        "behind": _("Add behind “%(title)s”", title=name),
        "before": _("Add before “%(title)s”", title=name),
    }
    url = _url(desk, "new_chain_block", kind="step", **{how: at})
    return Plus(place, url, str(told.get(how) or _("Add here")))


def _url(desk: ChainDesk, page: str, **more: Any) -> str:
    return url_for(f"builder.{page}", module=desk.module, file=desk.name, **more)


def _card(desk: ChainDesk, node: Node) -> Card:
    ways = tuple(
        Way(
            way.at,
            way.list_at,
            way_told(desk, way.condition),
            tuple(_card(desk, one) for one in way.blocks),
        )
        for way in node.ways
    )
    return Card(node.at, node.kind, block_title(desk, node), tuple(_texts(desk, node)), ways)


def _texts(desk: ChainDesk, node: Node) -> list[str]:
    if node.kind not in ("step", "cc"):
        return []
    found = [desk.who(node.raw.get("who")) or str(_("nobody yet"))]
    if node.kind == "step" and node.raw.get("need") is not None:
        found.append(desk.need(node.raw))
    if desk.findings(node):
        found.append(str(_("The check found something here")))
    return found
