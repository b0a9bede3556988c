"""Ratios of the funds center, with the two figures each is made of."""

from dataclasses import dataclass
from decimal import Decimal

from portal.funds import columns as known
from portal.funds.tables import Cell, Head, Table, of_figure
from portal.ledgers.columns import Column
from portal.ledgers.pages import Center, Figure, Way
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

PARTS = "funds.parts"


@dataclass(frozen=True, slots=True)
class Ratio:
    """`part` ÷ `whole`; not defined where the whole is nothing."""

    key: str
    label: str
    meaning: str
    part: Figure
    whole: Figure
    way: Way

    @property
    def share(self) -> Decimal | None:
        return self.part.value / self.whole.value if self.whole.value > 0 else None

    def table(self) -> Table:
        """Its two figures, each leading to its entries."""
        rows = [[Cell(str(one.label)), of_figure(one)] for one in (self.part, self.whole)]
        heads = [Head(_("Figure")), Head(_("Amount"), "money")]
        return Table(self.key, self.label, self.part.currency, heads, rows)


def ratios(project: ProjectBrief, currency: str) -> tuple[Ratio, Ratio]:
    """(collection rate, payment ratio) of the contracts of a project in one currency."""
    center = Center("funds", project)

    def figure(column: Column, direction: str) -> Figure:
        where = {"ccy": (currency,), "direction": (direction,)}
        found = sums((column,), ("ccy",), [project.id], where)
        values = found[0].values if found else {}
        titled = known.titled(column, direction)
        return center.figure(titled, values, ccy=currency, direction=direction)

    def way(key: str) -> Way:
        return Way(project.code, "funds", key, {"ccy": currency}, PARTS)

    return (
        Ratio(
            "collection",
            _("Collection rate"),
            _("Received ÷ receivable to date"),
            figure(known.COLLECTED, "in"),
            figure(known.NET_DUE, "in"),
            way("collection"),
        ),
        Ratio(
            "payment",
            _("Payment ratio"),
            _("Paid ÷ certified"),
            figure(known.PAID_ON, "out"),
            figure(known.CERTIFIED_ON, "out"),
            way("payment"),
        ),
    )
