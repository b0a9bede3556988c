"""The tables of what is due: ageing, its items, retention, advances, deposits."""

from collections.abc import Sequence
from datetime import date

from portal.funds import columns as known
from portal.funds.ageing import BUCKETS, Aged, aged
from portal.funds.money import NOTHING, Direction
from portal.funds.open_items import OpenItem, Standing
from portal.funds.projection import Expected
from portal.funds.reading import Names
from portal.funds.retention import Advance, Held
from portal.funds.tables import Cell, Head, Table
from portal.funds.words import direction_title
from portal.ledgers.pages import Way
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


class DueTables:
    """The tables of one currency of a project."""

    def __init__(self, project: ProjectBrief, currency: str, today: date, names: Names) -> None:
        self.project = project
        self.currency = currency
        self.today = today
        self.names = names

    def _way(self, column: str, direction: Direction, contract: str | None) -> Way:
        choice = {"ccy": self.currency, "direction": direction, "contract": contract}
        return Way(self.project.code, "funds", column, choice)

    def ageing(self, direction: Direction, found: Standing) -> Table:
        """Who waits for how long. Its total is what the contract ledger says is due."""
        open_items = [one for one in found.open if one.key.direction == direction]
        groups = aged(open_items, self.today)
        rows = [self._aged(direction, one) for one in groups]
        beyond = [one for one in found.beyond if one.direction == direction]
        rows += [
            [
                Cell(_("Paid beyond what is owed"), sub=self.names.label(one.contract)),
                *[Cell(NOTHING)] * len(BUCKETS),
                Cell(-one.amount, self._way("due", direction, one.contract), is_alarming=True),
            ]
            for one in beyond
        ]
        sums = [sum((one.amounts[key] for one in groups), NOTHING) for key, _first in BUCKETS]
        whole = sum(sums, NOTHING) - sum((one.amount for one in beyond), NOTHING)
        total = [Cell(_("Total")), *map(Cell, sums), Cell(whole)]
        heads = [
            Head(_("Party and contract")),
            Head(_("Not yet due"), "money"),
            Head(_("0–30 days"), "money"),
            Head(_("31–60 days"), "money"),
            Head(_("61–90 days"), "money"),
            Head(_("Over 90 days"), "money"),
            Head(_("Total"), "money"),
        ]
        return Table(
            f"ageing_{direction}",
            _("Ageing of what we owe") if direction == "out" else _("Ageing of what is owed to us"),
            self.currency,
            heads,
            rows,
            total if rows else None,
            empty=_("Nothing is open."),
            note=_("Days since the due date; who has waited longest stands first."),
        )

    def _aged(self, direction: Direction, one: Aged) -> list[Cell]:
        party = self.names.label(one.party) or _("No party")
        amounts = [
            Cell(one.amounts[key], is_alarming=key == "over_90" and one.amounts[key] > 0)
            for key, _first in BUCKETS
        ]
        whole = Cell(one.total, self._way("due", direction, one.contract))
        return [Cell(party, sub=self.names.label(one.contract)), *amounts, whole]

    def items(self, direction: Direction, items: Sequence[OpenItem]) -> Table:
        """Every open document, oldest first."""
        mine = [one for one in items if one.key.direction == direction]
        rows = [self._item(one) for one in mine]
        heads = [
            Head(_("Due"), "day"),
            Head(_("Source document")),
            Head(_("Party and contract")),
            Head(_("Net due"), "money"),
            Head(_("Paid") if direction == "out" else _("Received"), "money"),
            Head(_("Open"), "money"),
        ]
        sums = [sum((getattr(o, k) for o in mine), NOTHING) for k in ("owed", "paid", "open")]
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
            Head(_("Due"), "day"),
        ]
        return Table(
            "retention",
            _("Retention"),
            self.currency,
            heads,
            rows,
            empty=_("No retention was held yet."),
        )

    def _held(self, one: Held) -> list[Cell]:
        overdue = one.is_overdue(self.today)
        return [
            Cell(self.names.label(one.contract), sub=self.names.label(one.party)),
            Cell(direction_title(one.direction)),
            Cell(one.held, self._way("retention_held", one.direction, one.contract)),
            Cell(one.released, self._way("retention_released", one.direction, one.contract)),
            Cell(one.outstanding, self._way("retention", one.direction, one.contract)),
            Cell(one.unpaid, is_alarming=overdue),
            Cell(one.due, badge=_("Overdue") if overdue else ""),
        ]

    def advances(self, found: Sequence[Advance]) -> Table:
        """Advances from payment to the last recovery."""
        rows = [
            [
                Cell(self.names.label(one.contract), sub=self.names.label(one.party)),
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
