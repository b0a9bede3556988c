"""The materials on a site as its receipts, issues and orders tell them, to who may read these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from portal.db import db
from portal.definitions import queries as definitions
from portal.foresight.stock import USUAL_LEAD, Move, Open, Stock, stock_of
from portal.foresight.waits import middle
from portal.ledgers.naming import Named, names_of
from portal.records import aliases
from portal.records.models import Record
from portal.records.transitions import APPROVED, SUBMITTED
from portal.web.viewer import ProjectBrief, Viewer

RECEIPT, ISSUE, ORDER, CLOSING = (
    "goods_receipt",
    "stock_issue",
    "purchase_order",
    "purchase_closing",
)
REQUEST = "purchase_request"
FORMS = (RECEIPT, ISSUE, ORDER, CLOSING, REQUEST)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document behind a movement or an order."""

    id: str
    form: str
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class Material:
    """A material with its stock, its movements the oldest first."""

    named: Named
    stock: Stock
    moves: Sequence[Move]

    @property
    def unit(self) -> str:
        return str(self.named.data.get("unit") or "")

    @property
    def label(self) -> str:
        spec = str(self.named.data.get("spec") or "")
        return f"{self.named.label} {spec}".strip()


@dataclass(frozen=True, slots=True)
class Site:
    """The materials of a project, those to act on first; `lead` as the project's orders had it, in
    days, None where none was delivered yet. `papers` are the documents by id.
    """

    materials: Sequence[Material]
    papers: Mapping[str, Paper]
    lead: int | None


def keeps_stock(project_id: str) -> bool:
    """Whether material is received and issued by documents in this project."""
    return all(definitions.form_in(one, project_id) is not None for one in (RECEIPT, ISSUE))


def may_read_stock(viewer: Viewer, project_id: str) -> bool:
    """Whether a viewer reads all documents stock is made of: parts of them would tell it wrong."""
    if viewer.is_auditor:
        return True
    reach = definitions.read_reach(viewer)
    return all(
        one in reach and (reach[one] is None or project_id in (reach[one] or ())) for one in FORMS
    )


def may_request(viewer: Viewer, project: ProjectBrief) -> bool:
    """Whether a viewer may file the request that comes next."""
    form = definitions.form_in(REQUEST, project.id)
    active = project.status == "active"
    return active and form is not None and definitions.may_file(viewer, form, project.id)


def site_of(project: ProjectBrief, today: date) -> Site:
    """What is on hand of each material that ever came, and how long it lasts."""
    rows = _read(project)
    stays = aliases.merged().stays
    moves: dict[str, list[Move]] = {}
    received: dict[tuple[str, str], Decimal] = {}
    first: dict[str, date] = {}
    for row in rows[RECEIPT]:
        on, order = date.fromisoformat(row.data["received_on"]), str(row.data.get("order") or "")
        first[order] = min(on, first.get(order, on))
        for line in row.data.get("lines") or ():
            qty, material = _qty(line, "this_qty"), str(stays(line.get("material")) or "")
            if qty and material:
                moves.setdefault(material, []).append(Move(on, qty, is_receipt=True, record=row.id))
                key = (order, material)
                received[key] = received.get(key, Decimal(0)) + qty
    for row in rows[ISSUE]:
        sign = -1 if row.data.get("kind") == "return" else 1
        on = date.fromisoformat(row.data["moved_on"])
        for line in row.data.get("lines") or ():
            qty, material = _qty(line, "qty"), str(stays(line.get("material")) or "")
            if qty and material:
                move = Move(on, sign * qty, is_receipt=False, record=row.id)
                moves.setdefault(material, []).append(move)
    lead = _lead(rows[ORDER], first)
    orders, requests = _open(rows, received, stays), _asked(rows, stays)
    named = names_of(set(moves))
    found = [
        Material(named[key], stock_of(own, orders.get(key, ()), today, lead or USUAL_LEAD,
                                   requests.get(key, ())),
                 sorted(own, key=lambda one: (one.on, one.record)))
        for key, own in moves.items()
        if key in named
    ]  # fmt: skip
    papers = {
        row.id: Paper(row.id, row.form, row.number or "", row.subject)
        for every in rows.values()
        for row in every
    }
    return Site(sorted(found, key=_order), papers, lead)


def _order(one: Material) -> tuple[bool, date, str, str]:
    runs_out = one.stock.runs_out or date.max
    return not one.stock.needs_acting, runs_out, one.named.code, one.named.id


def _read(project: ProjectBrief) -> dict[str, list[Any]]:
    statement = (
        select(Record.id, Record.form, Record.number, Record.subject, Record.data)
        .where(
            Record.project_id == project.id,
            Record.form.in_(FORMS),
            or_(Record.state == APPROVED, (Record.form == REQUEST) & (Record.state == SUBMITTED)),
        )
        .order_by(Record.submitted_at, Record.id)
    )  # fmt: skip
    found: dict[str, list[Any]] = {one: [] for one in FORMS}
    for row in db.session.execute(statement):
        found[row.form].append(row)
    return found


def _qty(line: Mapping[str, Any], field: str) -> Decimal:
    return Decimal(str(line.get(field) or 0))


def _lead(orders: Sequence[Any], first: Mapping[str, date]) -> int | None:
    """The median of the days from an order to what first came of it."""
    days = [
        Decimal((first[row.id] - date.fromisoformat(row.data["ordered_on"])).days)
        for row in orders
        if row.id in first
    ]
    found = middle(days)
    return None if found is None else max(int(found), 1)


def _open(
    rows: Mapping[str, Sequence[Any]], received: Mapping[tuple[str, str], Decimal], stays: Any
) -> dict[str, list[Open]]:
    """What of orders that were not closed is still to come, by material."""
    closed = {str(row.data.get("order") or "") for row in rows[CLOSING]}
    found: dict[str, list[Open]] = {}
    for row in rows[ORDER]:
        if row.id in closed:
            continue
        wanted: dict[str, Decimal] = {}
        for line in row.data.get("lines") or ():
            material = str(stays(line.get("material")) or "")
            wanted[material] = wanted.get(material, Decimal(0)) + _qty(line, "qty")
        on = date.fromisoformat(row.data["deliver_by"])
        for material, qty in wanted.items():
            left = qty - received.get((row.id, material), Decimal(0))
            if material and left > 0:
                found.setdefault(material, []).append(Open(row.id, left, on))
    return found


def _asked(rows: Mapping[str, Sequence[Any]], stays: Any) -> dict[str, list[Open]]:
    """What of requests, in approval or approved, is not ordered yet and not given up, by material.

    A line is ordered by its material and cost code, as the order fetches it; more of one makes
    up for no other.
    """

    def lines(row: Any) -> dict[tuple[str, str], Decimal]:
        found: dict[tuple[str, str], Decimal] = {}
        for line in row.data.get("lines") or ():
            key = (str(stays(line.get("material")) or ""), str(stays(line.get("cost_code")) or ""))
            found[key] = found.get(key, Decimal(0)) + _qty(line, "qty")
        return found

    ordered: dict[tuple[str, str, str], Decimal] = {}
    for row in rows[ORDER]:
        request = str(row.data.get("request") or "")
        for key, qty in lines(row).items():
            ordered[request, *key] = ordered.get((request, *key), Decimal(0)) + qty
    closed = {str(row.data.get("request") or "") for row in rows[CLOSING]}
    found: dict[str, list[Open]] = {}
    for row in rows[REQUEST]:
        if row.id in closed:
            continue
        left: dict[str, Decimal] = {}
        for (material, code), qty in lines(row).items():
            rest = max(qty - ordered.get((row.id, material, code), Decimal(0)), Decimal(0))
            left[material] = left.get(material, Decimal(0)) + rest
        on = date.fromisoformat(row.data["needed_on"])
        for material, qty in left.items():
            if material and qty > 0:
                found.setdefault(material, []).append(Open(row.id, qty, on))
    return found
