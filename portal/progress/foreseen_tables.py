"""The page of forecasts as tables: for its spreadsheet and its print."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from portal.errors import Message
from portal.printing.tables import Head, Table, rounded
from portal.progress.adjustments import Adjusted
from portal.progress.forecast_rows import Forecast
from portal.progress.foreseen import Foreseen, Misses, unit_words
from portal.progress.hindsight import CutOff
from portal.reports.workbook import Value
from portal.schedule.past_error import PastError
from portal.schedule.undefined import Figure, Undefined
from portal.web.answers import sentence
from portal.web.words import gettext as _


def foreseen_tables(found: Foreseen) -> list[Table]:
    """The tables of the page in its order, then every task behind an error; those without rows are
    left out, but for the first.
    """
    more = [
        _by_cut(found.by_cut),
        _by_lead(found.by_lead),
        _pace(found.cuts),
        _cost(found.cuts),
        _adjusted(found.adjusted),
        _closed(found),
        _tasks(found.cuts),
    ]
    return [_forecasts(found.rows), *(one for one in more if one.rows)]


def _past_heads(unit: str) -> list[Head]:
    return [
        Head(_("Forecasts"), "number", 10),
        Head(_("Mean, %(unit)s", unit=unit) if unit else _("Mean"), "number"),
        Head(_("Mean size"), "number"),
        Head(_("Four of five within"), "number"),
    ]


def _past(past: PastError | Message | None) -> list[Value]:
    if not isinstance(past, PastError):
        return [0, None, None, None]
    return [past.count, rounded(past.mean), rounded(past.size), rounded(past.within)]


def _known(value: Figure | date | None) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _forecasts(rows: Sequence[Forecast]) -> Table:
    units = unit_words()
    heads = [
        Head(_("Forecast"), width=32),
        Head(_("From what"), width=60),
        Head(_("Foreseen"), "date"),
        Head(_("Foreseen cost"), "money"),
        *_past_heads(""),
        Head(_("Off in"), width=12),
        Head(_("Note"), width=30),
    ]
    made: list[list[Value]] = [
        [
            one.label,
            " · ".join(f"{name}: {text}" for name, text in one.inputs),
            one.value if isinstance(one.value, date) else None,
            rounded(_known(one.value), 2),
            *_past(one.past),
            units[one.unit] if isinstance(one.past, PastError) else None,
            _remark(one),
        ]
        for one in rows
    ]
    title = _("What is foreseen, from what, and how far off was it so far?")
    return Table(title, _("Overview of forecasts"), heads, made, _beyond_zero())


def _beyond_zero() -> str:
    return _(
        "Above zero: it came later, or cost more, than was foreseen. Each earlier report is dated "
        "by the tasks, links and readings that were on file when it counted, and by the baseline "
        "of then; nothing that became known later takes part."
    )


def _remark(one: Forecast) -> str | None:
    said = [one.reason] if one.reason else []
    if isinstance(one.past, Message):
        said.append(one.past)
    return " ".join(map(sentence, said)) or None


def _by_cut(rows: Sequence[Misses]) -> Table:
    heads = [Head(_("Foreseen on"), "date"), *_past_heads(_("working days"))]
    made = [[one.cut.on, *_past(one.past)] for one in rows if one.cut]
    title = _("By how many days did tasks miss the finish the plan foresaw?")
    return Table(title, _("Tasks by report"), heads, made)


def _by_lead(rows: Sequence[Misses]) -> Table:
    heads = [Head(_("How far ahead")), *_past_heads(_("working days"))]
    made = [[one.label, *_past(one.past)] for one in rows]
    title = _("Finishes of tasks, by how far ahead they were foreseen")
    return Table(title, _("Tasks by lead"), heads, made)


def _tasks(cuts: Sequence[CutOff]) -> Table:
    heads = [
        Head(_("Foreseen on"), "date"),
        Head(_("Code"), width=12),
        Head(_("Task"), width=40),
        Head(_("Foreseen"), "date"),
        Head(_("Finished on"), "date"),
        Head(_("Off, working days"), "number"),
    ]
    made: list[list[Value]] = [
        [cut.on, one.row.task.code, one.row.task.name, one.foreseen, one.row.ends_on,
         rounded(one.off)]
        for cut in cuts
        for one in cut.tasks
    ]  # fmt: skip
    return Table(_("Which tasks were foreseen, and when did they finish?"), _("Tasks"), heads, made)


def _pace(cuts: Sequence[CutOff]) -> Table:
    heads = [
        Head(_("Foreseen on"), "date"),
        Head(_("SPI(t) of then"), "number", places=3),
        Head(_("Foreseen for"), "date"),
        Head(_("Happened"), "date"),
        Head(_("Off, days"), "number"),
        Head(_("End by the plan"), "date"),
        Head(_("End by earned schedule"), "date"),
    ]

    def rows() -> Iterator[list[Value]]:
        for cut in cuts:
            one = cut.reached
            told: list[Value] = [None] * 4
            if one is not None:
                told = [rounded(one.pace, 3), one.foreseen, one.happened, one.off]
            yield [cut.on, *told, cut.end, cut.pace_end]

    title = _("For when was the work foreseen that is earned by now?")
    return Table(title, _("Earned schedule"), heads, list(rows()))


def _cost(cuts: Sequence[CutOff]) -> Table:
    heads = [
        Head(_("Foreseen on"), "date"),
        Head(_("Earned since"), "money"),
        Head(_("Foreseen by the trend"), "money"),
        Head(_("Spent since"), "money"),
        Head(_("Off by the trend, %"), "number"),
        Head(_("Off as planned, %"), "number"),
    ]

    def rows() -> Iterator[list[Value]]:
        for cut in cuts:
            one = cut.paid
            told: list[Value] = [None] * 5
            if one is not None:
                told = [
                    rounded(one.earned, 2),
                    None if isinstance(one.by_trend, Undefined) else rounded(one.by_trend, 2),
                    one.spent,
                    rounded(one.off_trend),
                    rounded(one.off_plan),
                ]
            yield [cut.on, *told]

    title = _("What was the work since then to cost, and what did it?")
    note = _(
        "By the trend: value earned since ÷ CPI of then. As planned: what it is worth. Cost counts "
        "by its day; what is not entered yet makes the last reports look cheap."
    )
    return Table(title, _("Cost since"), heads, list(rows()), note)


def _adjusted(rows: Sequence[Adjusted]) -> Table:
    heads = [
        Head(_("Cost code"), width=32),
        Head(_("Foreseen on"), "date"),
        Head(_("Foreseen to come"), "money"),
        Head(_("Spent since"), "money"),
        Head(_("By the latest forecast"), "money"),
        Head(_("Off, of what is certain, %"), "number"),
        Head(_("Note"), width=30),
    ]
    made: list[list[Value]] = [
        [one.label, one.on, one.to_come, one.spent, one.by_latest, rounded(one.off), _standing(one)]
        for one in rows
    ]
    title = _("What came of the forecasts of cost codes?")
    note = _(
        "By the latest forecast: what was spent until it, and what it still expects. Certain is "
        "what was spent where the latest one expects nothing more, or where it is beyond what was "
        "foreseen already."
    )
    return Table(title, _("Cost codes"), heads, made, note)


def _standing(one: Adjusted) -> str | None:
    if one.is_private:
        return _("holds pay of workers, which is private")
    return _("still open") if one.happened is None else None


def _closed(found: Foreseen) -> Table:
    heads = [
        Head(_("Project"), width=40),
        Head(_("Promised"), "date"),
        Head(_("Ended"), "date"),
        Head(_("Off, days"), "number"),
        Head(_("Duration of what was planned, %"), "number"),
        Head(_("Cost of the budget, %"), "number"),
    ]
    made: list[list[Value]] = [
        [
            f"{one.project.code} {one.project.name}",
            one.promised,
            one.ended,
            one.days,
            rounded(one.time * 100),
            None if one.cost is None else rounded(one.cost * 100),
        ]
        for one in found.closed
    ]
    return Table(_("How did own closed projects come out?"), _("Closed projects"), heads, made)
