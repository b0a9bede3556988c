"""The tables of what is due: ageing, its items, retention, advances, deposits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from portal.funds import columns as known
from portal.funds.ageing import BUCKETS, Aged, aged, bucket
from portal.funds.money import NOTHING, Direction
from portal.funds.open_items import OpenItem, Standing
from portal.funds.outlook import PARTS
from portal.funds.projection import Expected
from portal.funds.reading import PAY, Names
from portal.funds.retention import Advance, Held
from portal.funds.tables import Cell, Head, Table
from portal.funds.words import direction_title
from portal.ledgers.pages import Way
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

OPEN, OVERDUE, TOTAL = "open", "overdue", "total"
AMOUNTS = (*(key for key, _first in BUCKETS), TOTAL, OVERDUE)


def ageing_title(direction: Direction) -> str:
    """What a table of ageing is called."""
    return _("Ageing of what we owe") if direction == "out" else _("Ageing of what is owed to us")


def ageing_heads(whose: str) -> list[Head]:
    """Whose it is, how long it is due, the whole, and what of it is past its day."""
    spans = (
        *(_("Not yet due"), _("0–30 days"), _("31–60 days"), _("61–90 days")),
        *(_("Over 90 days"), _("Total"), _("Of this overdue")),
    )
    return [Head(whose), *(Head(one, "money") for one in spans)]


def ageing_cells(
    amounts: Mapping[str, Decimal],
    overdue: Decimal,
    leads: Mapping[str, Mapping[str, Any]],
) -> list[Cell]:
    """What is open, by how long it is due, all of it, and what is past its day.

    `leads`: by AMOUNTS where each leads, as of a Cell.
    """

    def cell(key: str, amount: Decimal, *, alarming: bool = False) -> Cell:
        return Cell(amount, is_alarming=alarming, **leads[key]) if amount else Cell(amount)

    return [
        *(
            cell(key, amounts[key], alarming=key == "over_90" and amounts[key] > 0)
            for key, _first in BUCKETS
        ),
        cell(TOTAL, sum(amounts.values(), NOTHING)),
        cell(OVERDUE, overdue),
    ]


class DueTables:
    """The tables of one currency of a project."""

    def __init__(self, project: ProjectBrief, currency: str, today: date, names: Names) -> None:
        self.project = project
        self.currency = currency
        self.today = today
        self.names = names

    def _page(self, contract: str | None) -> str:
        """The page of a contract's money."""
        if contract is None:
            return ""
        return url_for("funds.contract", code=self.project.code, contract_id=contract)

    def _contract(self, contract: str, party: str | None) -> Cell:
        named, other = self.names.label(contract), self.names.label(party)
        return Cell(named, sub=other, address=self._page(contract))

    def _way(self, column: str, direction: Direction, contract: str | None) -> Way:
        choice = {"ccy": self.currency, "direction": direction, "contract": contract}
        return Way(self.project.code, "funds", column, choice)

    def ageing(self, direction: Direction, found: Standing) -> Table:
        """Who waits for how long. Its total is what the contract ledger says is due."""
        open_items = [one for one in found.open if one.key.direction == direction]
        groups = aged(map(self._told, open_items), self.today)
        rows = [self._aged(direction, one) for one in groups]
        beyond = [one for one in found.beyond if one.direction == direction]
        rows += [
            [
                Cell(_("Paid beyond what is owed"), sub=self.names.label(one.contract)),
                *[Cell(NOTHING)] * len(BUCKETS),
                Cell(-one.amount, self._way("due", direction, one.contract), is_alarming=True),
                Cell(NOTHING),
            ]
            for one in beyond
        ]
        sums = [sum((one.amounts[key] for one in groups), NOTHING) for key, _first in BUCKETS]
        whole = sum(sums, NOTHING) - sum((one.amount for one in beyond), NOTHING)
        overdue = sum((one.overdue(self.today) for one in groups), NOTHING)
        total = [Cell(_("Total")), *map(Cell, sums), Cell(whole), Cell(overdue)]
        heads = ageing_heads(_("Party and contract"))
        return Table(
            f"ageing_{direction}",
            ageing_title(direction),
            self.currency,
            heads,
            rows,
            total if rows else None,
            empty=_("Nothing is open."),
            note=_("Days since the due date; who has waited longest stands first."),
        )

    def _told(self, one: OpenItem) -> OpenItem:
        """An item as the viewer is told of it: pay of workers has no document and no party."""
        hidden = one.document in self.names.pay
        return replace(one, document=PAY, party=PAY) if hidden else one

    def _aged(self, direction: Direction, one: Aged) -> list[Cell]:
        party = self.names.label(one.party) or _("No party")
        choice = {
            "ccy": self.currency, "direction": direction,
            "contract": one.contract, "party": one.party,
        }  # fmt: skip

        def way(key: str) -> Way:
            if key == TOTAL and one.contract is not None:
                return self._way("due", direction, one.contract)
            # entries do not tell whose payments are for what: documents do
            by_age = {} if key == TOTAL else {"age": key}
            return Way(self.project.code, "funds", OPEN, {**choice, **by_age}, PARTS)

        name = Cell(party, sub=self.names.label(one.contract), address=self._page(one.contract))
        leads = {key: {"way": way(key)} for key in AMOUNTS}
        return [name, *ageing_cells(one.amounts, one.overdue(self.today), leads)]

    def chosen(
        self, direction: Direction, asked: Mapping[str, str], items: Sequence[OpenItem]
    ) -> list[OpenItem]:
        """What is open with a party on a contract ("none": none), of an age if one is asked for.

        By the parties the viewer is told: pay of workers is one row, and asked for by none of them.
        """
        age = asked.get("age", "")
        return [
            one
            for one in items
            if one.key.direction == direction
            and (one.key.contract or "none") == asked.get("contract", "none")
            and (self._told(one).party or "none") == asked.get("party", "none")
            and (
                not age
                or age == bucket(one.due, self.today)
                or (age == OVERDUE and one.overdue(self.today) > 0)
            )
        ]

    def items(self, direction: Direction, items: Sequence[OpenItem]) -> Table:
        """Every open document, oldest first."""
        mine = [one for one in items if one.key.direction == direction]
        pay = [one for one in mine if one.document in self.names.pay]
        rows = [self._item(one) for one in mine if one.document not in self.names.pay]
        if pay:
            sums = [sum((getattr(o, k) for o in pay), NOTHING) for k in ("owed", "paid", "open")]
            sums.append(sum((one.overdue(self.today) for one in pay), NOTHING))
            rows.append([Cell(""), Cell(self.names.label(PAY)), Cell(""), *map(Cell, sums)])
        heads = [
            Head(_("Due"), "day"),
            Head(_("Source document")),
            Head(_("Party and contract")),
            Head(_("Net due"), "money"),
            Head(_("Paid") if direction == "out" else _("Received"), "money"),
            Head(_("Open"), "money"),
            Head(_("Of this overdue"), "money"),
        ]
        sums = [sum((getattr(o, k) for o in mine), NOTHING) for k in ("owed", "paid", "open")]
        sums.append(sum((one.overdue(self.today) for one in mine), NOTHING))
        total = [Cell(_("Total")), Cell(""), Cell(""), *map(Cell, sums)]
        title = _("Open payables") if direction == "out" else _("Open receivables")
        return Table(
            f"items_{direction}", title, self.currency, heads, rows, total if rows else None
        )

    def _item(self, one: OpenItem) -> list[Cell]:
        late = (self.today - one.due).days
        by_document = Way(
            self.project.code,
            "funds",
            "net_due",
            {"ccy": self.currency, "direction": one.key.direction, "record": one.document},
        )
        return [
            Cell(one.due, badge=_("%(days)s days late", days=late) if late > 0 else ""),
            Cell(
                self.names.document(one.document),
                record=self.names.open_to_viewer(one.document),
                sub=self.names.subject(one.document),
            ),
            Cell(self.names.label(one.party), sub=self.names.label(one.key.contract)),
            Cell(one.owed, by_document),
            Cell(one.paid),
            Cell(one.open),
            Cell(one.overdue(self.today)),
        ]

    def retention(self, found: Sequence[Held]) -> Table:
        """What is held on each contract, released, and not returned though it is due."""
        rows = [self._held(one) for one in found]
        heads = [
            Head(_("Contract and party")),
            Head(_("In or out")),
            Head(str(known.RETENTION_HELD.label), "money"),
            Head(str(known.RETENTION_RELEASED.label), "money"),
            Head(str(known.RETENTION.label), "money"),
            Head(_("Released, not returned"), "money"),
            Head(_("Due by contract, not released"), "money"),
            Head(_("Due and not returned"), "money"),
            Head(_("Due"), "day"),
        ]
        overdue = sum((one.overdue(self.today) for one in found), NOTHING)
        total = [
            Cell(_("Total")),
            *[Cell("")] * 6,
            Cell(overdue, is_alarming=overdue > 0),
            Cell(""),
        ]
        return Table(
            "retention",
            _("Retention"),
            self.currency,
            heads,
            rows,
            total if rows else None,
            empty=_("No retention was held yet."),
        )

    def _held(self, one: Held) -> list[Cell]:
        overdue, lapsed = one.is_overdue(self.today), one.unreleased(self.today)
        return [
            self._contract(one.contract, one.party),
            Cell(direction_title(one.direction)),
            Cell(one.held, self._way("retention_held", one.direction, one.contract)),
            Cell(one.released, self._way("retention_released", one.direction, one.contract)),
            Cell(one.outstanding, self._way("retention", one.direction, one.contract)),
            Cell(one.unpaid, is_alarming=overdue),
            Cell(lapsed, is_alarming=lapsed > 0),
            Cell(one.overdue(self.today)),
            Cell(
                one.overdue_since(self.today) or one.due,
                badge=_("Overdue") if overdue or lapsed else "",
            ),
        ]

    def advances(self, found: Sequence[Advance]) -> Table:
        """Advances from payment to the last recovery."""
        rows = [
            [
                self._contract(one.contract, one.party),
                Cell(direction_title(one.direction)),
                Cell(one.paid, self._way("advance_paid", one.direction, one.contract)),
                Cell(one.recovered, self._way("advance_recovered", one.direction, one.contract)),
                Cell(
                    one.open,
                    self._way("advance_open", one.direction, one.contract),
                    is_alarming=one.open < 0,
                ),
                Cell(one.certified, self._way("certified", one.direction, one.contract)),
            ]
            for one in found
        ]
        heads = [
            Head(_("Contract and party")),
            Head(_("In or out")),
            Head(str(known.ADVANCE_PAID.label), "money"),
            Head(str(known.ADVANCE_RECOVERED.label), "money"),
            Head(str(known.ADVANCE_OPEN.label), "money"),
            Head(str(known.CERTIFIED.label), "money"),
        ]
        empty = _("No advance was paid or received.")
        return Table("advances", _("Advances"), self.currency, heads, rows, None, empty)

    def deposits(self, found: Sequence[Expected]) -> Table:
        """Deposits that are held by others."""
        rows = [
            [
                Cell(one.due, badge=_("Overdue") if one.due < self.today else ""),
                Cell(
                    self.names.document(one.document),
                    record=self.names.open_to_viewer(one.document),
                    sub=self.names.subject(one.document),
                ),
                Cell(self.names.label(one.party), sub=self.names.label(one.key.contract)),
                Cell(one.amount),
            ]
            for one in found
        ]
        heads = [
            Head(_("To be returned"), "day"),
            Head(_("Deposit")),
            Head(_("Held by")),
            Head(_("Still held"), "money"),
        ]
        empty = _("No deposit is out.")
        return Table("deposits", _("Deposits"), self.currency, heads, rows, None, empty)
