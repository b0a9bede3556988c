"""The portfolio and lists of entries as rows of a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.funds.columns import DUE, PAID
from portal.health.shown import Standing, level_word
from portal.labor.columns import UNSIGNED_AMOUNT, labor_days
from portal.ledgers.queries import Lines
from portal.portfolio.choice import Choice
from portal.portfolio.converted import InOne
from portal.portfolio.queries import Portfolio
from portal.portfolio.told import Told
from portal.reports.workbook import Column, Kind
from portal.web.words import gettext as _


def portfolio_columns(found: Portfolio) -> list[Column]:
    """Titles and kinds of the portfolio's columns."""
    return [
        Column(_("Project"), width=14),
        Column(_("Name"), width=32),
        Column(_("Health"), width=16),
        Column(_("Because of"), width=40),
        Column(_("Currency"), width=10),
        *(Column(str(one.label), "money") for one in found.cost),
        Column(_("%(figure)s (we pay)", figure=PAID.label), "money"),
        Column(_("%(figure)s (we pay)", figure=DUE.label), "money"),
        Column(_("%(figure)s (we receive)", figure=PAID.label), "money"),
        Column(_("%(figure)s (we receive)", figure=DUE.label), "money"),
        Column(str(UNSIGNED_AMOUNT.label), "money"),
        Column(_("Milestones late"), "number"),
        Column(_("Reached late"), "number"),
    ]


def portfolio_rows(
    found: Portfolio, standings: Mapping[str, Standing], together: InOne | None
) -> Iterator[list[Any]]:
    """A row per project and currency, then the totals; `together` tells all of them in one, with
    the rates it goes by.
    """
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
            row.at_risk.value if row.at_risk else None,
            row.milestones.late if row.milestones else None,
            row.milestones.reached_late if row.milestones else None,
        ]
    for total in found.totals:
        yield [
            _("Total"), "", "", "", total.currency,
            *(total.cost[column.key] for column in found.cost),
            total.paying["paid"], total.paying["due"],
            total.receiving["paid"], total.receiving["due"],
            total.at_risk, None, None,
        ]  # fmt: skip
    if together is not None:
        sums = (
            *(together.cost[column.key] for column in found.cost),
            together.paying["paid"], together.paying["due"],
            together.receiving["paid"], together.receiving["due"],
            together.at_risk,
        )  # fmt: skip
        cells = (None if one is None else "–" if one.value is None else one.value for one in sums)
        yield [
            _("All together"), together.sentence, "", "", together.currency, *cells, None, None
        ]  # fmt: skip


def entry_columns(choice: Choice) -> list[Column]:
    """Titles and kinds of a list of entries."""
    in_money = choice.column.unit == "money"
    kind: Kind = "money" if in_money else "number"
    return [
        Column(_("Date"), "date"),
        Column(_("Record"), width=24),
        Column(_("Subject"), width=36),
        Column(_("What"), width=36),
        *([Column(_("Hours"), "number")] if choice.column.unit == "labor_days" else []),
        Column(_("Amount") if in_money else _("Quantity"), kind),
        Column(_("Running total"), kind),
        Column(_("Currency") if in_money else _("Unit"), width=10),
    ]


def entry_rows(choice: Choice, pages: Iterable[Told]) -> Iterator[list[Any]]:
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
