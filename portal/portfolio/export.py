"""The portfolio and lists of entries as tables: for their spreadsheets and prints."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from portal.funds.columns import DUE, LOOSE, PAID
from portal.health.shown import Standing, level_word
from portal.labor.columns import UNSIGNED_AMOUNT, labor_days
from portal.ledgers.queries import Lines
from portal.portfolio.choice import Choice
from portal.portfolio.converted import InOne
from portal.portfolio.queries import Portfolio
from portal.portfolio.told import Told
from portal.printing.tables import Head, Table
from portal.reports.workbook import Kind
from portal.web.words import gettext as _


def portfolio_table(
    found: Portfolio, standings: Mapping[str, Standing], together: InOne | None
) -> Table:
    """A row per project and currency, then the totals; `together` tells all of them in one."""
    heads = [
        Head(_("Project"), width=14),
        Head(_("Name"), width=32),
        Head(_("Project health"), width=16),
        Head(_("Because of"), width=40),
        Head(_("Currency"), width=10),
        *(Head(str(one.label), "money") for one in found.cost),
        Head(_("%(figure)s (we pay)", figure=PAID.label), "money"),
        Head(_("%(figure)s (we pay)", figure=DUE.label), "money"),
        Head(_("%(figure)s (we receive)", figure=PAID.label), "money"),
        Head(_("%(figure)s (we receive)", figure=DUE.label), "money"),
        Head(str(LOOSE.label), "money"),
        Head(str(UNSIGNED_AMOUNT.label), "money"),
        Head(_("Milestones late"), "number", places=0),
        Head(_("Reached late"), "number", places=0),
    ]
    rows = list(_portfolio_rows(found, standings, together))
    return Table(_("Projects and their figures"), _("Portfolio"), heads, rows)


def on_paper(table: Table, cost: int) -> list[Table]:
    """The portfolio as two tables that can be read on paper: what stands first with so many columns
    of cost, then money, labor and milestones by project and currency.
    """
    named = 5  # project, name, health, because of, currency
    costs = range(named + cost)
    rest = (0, named - 1, *range(named + cost, len(table.heads)))
    return [
        replace(
            table,
            title=title,
            heads=[table.heads[at] for at in chosen],
            rows=[[row[at] for at in chosen] for row in table.rows],
        )
        for title, chosen in ((table.title, costs), (_("Money, labor and milestones"), rest))
    ]


def _portfolio_rows(
    found: Portfolio, standings: Mapping[str, Standing], together: InOne | None
) -> Iterator[list[Any]]:
    for row in found.rows:
        standing = standings.get(row.project.id)
        yield [
            row.project.code,
            row.project.name,
            level_word(standing.level if standing else None),
            standing.reason if standing else "",
            row.currency,
            *(row.cost[column.key].value for column in found.cost),
            row.paying["paid"].value,
            row.paying["due"].value,
            row.receiving["paid"].value,
            row.receiving["due"].value,
            row.receiving["loose"].value,
            row.at_risk.value if row.at_risk else None,
            row.milestones.late if row.milestones else None,
            row.milestones.reached_late if row.milestones else None,
        ]
    for total in found.totals:
        yield [
            _("Total"), "", "", "", total.currency,
            *(total.cost[column.key] for column in found.cost),
            total.paying["paid"], total.paying["due"],
            total.receiving["paid"], total.receiving["due"], total.receiving["loose"],
            total.at_risk, None, None,
        ]  # fmt: skip
    if together is not None:
        sums = (
            *(together.cost[column.key] for column in found.cost),
            together.paying["paid"], together.paying["due"],
            together.receiving["paid"], together.receiving["due"], together.receiving["loose"],
            together.at_risk,
        )  # fmt: skip
        cells = (None if one is None else "–" if one.value is None else one.value for one in sums)
        yield [
            _("All together"), together.sentence, "", "", together.currency, *cells, None, None
        ]  # fmt: skip


def entry_table(choice: Choice, pages: Iterable[Told]) -> Table:
    """The entries a figure is made of, with a running total that ends at the figure."""
    in_money = choice.column.unit == "money"
    kind: Kind = "money" if in_money else "number"
    label = str(choice.column.label)
    heads = [
        Head(_("Date"), "date"),
        Head(_("Record"), width=24),
        Head(_("Subject"), width=36),
        Head(_("What"), width=36),
        *([Head(_("Hours"), "number", places=2)] if choice.column.unit == "labor_days" else []),
        Head(_("Amount") if in_money else _("Quantity"), kind, places=2),
        Head(_("Running total"), kind, places=2),
        Head(_("Currency") if in_money else _("Unit"), width=10),
    ]
    return Table(str(choice.column.meaning), label, heads, list(_entry_rows(choice, pages)))


def _entry_rows(choice: Choice, pages: Iterable[Told]) -> Iterator[list[Any]]:
    """A row per entry; labor counts in labor-days beside its hours, as its page does."""
    in_days = choice.column.unit == "labor_days"
    for shown in pages:
        found = shown.lines
        value, count = found.together
        if count and found.page == 1 and not shown.only_sum:
            told = None if shown.without_pay else value
            yield [None, None, None, together_words(count), told, told, choice.currency]
        for line in found.lines:
            yield [
                line.entry.effective_on,
                line.document.number,
                line.document.subject,
                dimension_words(line.entry, found),
                *([line.value] if in_days else []),
                labor_days(line.value) if in_days else line.value,
                None
                if shown.without_pay
                else labor_days(line.running)
                if in_days
                else line.running,
                _unit(choice, line.entry),
            ]


def _unit(choice: Choice, entry: Any) -> str:
    if choice.column.unit == "money":
        return str(getattr(entry, "ccy", ""))
    return "h" if choice.column.unit == "hours" else str(_("days"))


def together_words(count: int) -> str:
    """What the entries are called that are told as one sum."""
    return str(_("Pay of workers, entries told as one sum: %(count)s", count=count))


def dimension_words(entry: Any, found: Lines) -> str:
    """The dimensions of an entry in words: its cost code, contract, worker, milestone."""
    keys = (
        "cost_code_id", "contract_id", "request_id", "worker_id", "team_id", "milestone_id"
    )  # fmt: skip
    ids = (getattr(entry, key, None) for key in keys)
    return " · ".join(found.names[one].label for one in ids if one and one in found.names)
