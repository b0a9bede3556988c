"""Pages of the progress center as tables: for their spreadsheets and prints."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from portal.printing.tables import Head, Table, rounded
from portal.progress.ahead import Next
from portal.progress.compared import Compared
from portal.progress.loads import Load
from portal.progress.moved import Difference
from portal.progress.plan import Plan
from portal.progress.quality import checks_of, float_bands, other_floats, question_of, tight_rows
from portal.progress.queries import MilestoneSheet
from portal.progress.risk import PERCENTS, CriticalPathEstimate, Kept
from portal.progress.trend import Trends
from portal.reports.workbook import Value
from portal.web.answers import sentence
from portal.web.filters import day
from portal.web.words import gettext as _

Day = tuple[date, date] | None


def _task_heads() -> list[Head]:
    return [Head(_("Code"), width=12), Head(_("Task"), width=40)]


def _span_heads() -> list[Head]:
    return [Head(_("Starts"), "date"), Head(_("Finish"), "date")]


def _moved_heads() -> list[Head]:
    return [
        Head(_("Start before"), "date"),
        Head(_("Finish before"), "date"),
        Head(_("Start now"), "date"),
        Head(_("Finish now"), "date"),
    ]


def _days(span: Day) -> tuple[date | None, date | None]:
    return span or (None, None)


def milestone_table(found: MilestoneSheet) -> Table:
    """Milestones planned, moved, forecast and reached."""
    heads = [
        Head(_("Milestone"), width=36),
        Head(_("Planned"), "date"),
        Head(_("Days moved"), "number", places=0),
        Head(_("Plan as moved"), "date"),
        Head(_("Forecast"), "date"),
        Head(_("By the plan"), "date"),
        Head(_("Reached"), "date"),
        Head(_("Days late (below zero: early)"), "number", places=0),
    ]
    rows: list[Sequence[Value]] = [
        [
            row.milestone.label, row.planned.on, row.shift.value, row.due, row.forecast.on,
            row.by_plan.on if row.by_plan and not row.is_reached else None,
            row.actual.on, row.late,
        ]
        for row in found.rows
    ]  # fmt: skip
    return Table(_("Milestones by planned date"), _("Milestones"), heads, rows)


def ahead_table(found: Iterable[Next], first: date, last: date) -> Table:
    """What is to be done in the next weeks, for the site meeting."""
    marks = {"due": _("decision due"), "blocked": _("blocked")}
    heads = [
        *_task_heads(),
        Head(_("In these weeks"), width=18),
        Head(_("Responsible"), width=20),
        *_span_heads(),
        Head(_("Float"), "number"),
        Head(_("Waits for"), width=40),
        Head(_("Decision"), width=14),
    ]
    rows: list[Sequence[Value]] = [
        [
            one.row.task.code, one.row.task.name, one.what, one.responsible, one.row.starts_on,
            one.row.ends_on, rounded(one.row.total_float), ", ".join(one.waits_for),
            marks.get(one.mark, ""),
        ]
        for one in found
    ]  # fmt: skip
    return Table(f"{day(first)} – {day(last)}", _("Look-ahead"), heads, rows)


def quality_tables(plan: Plan, today: date) -> list[Table]:
    """The checks of a plan with the tasks they name, and where float is short."""
    checks = checks_of(plan, today)
    judged: list[Sequence[Value]] = [
        [
            sentence(question_of(one)), len(one.rows), rounded(one.share), one.limit,
            _("sound") if one.passes else _("look at it"),
        ]
        for one in checks
    ]  # fmt: skip
    named: list[Sequence[Value]] = [
        [sentence(question_of(one)), row.task.code, row.task.name, row.starts_on, row.ends_on]
        for one in checks
        for row in one.rows
    ]
    tight: list[Sequence[Value]] = [
        [
            row.task.code, row.task.name, row.starts_on, row.ends_on, rounded(row.total_float),
            rounded(row.free_float), _("critical") if row.is_critical else "",
        ]
        for row in tight_rows(plan)
    ]  # fmt: skip
    task, span = _task_heads(), _span_heads()
    found = [
        Table(
            _("Is the logic of the plan sound?"),
            _("Checks"),
            [
                Head(_("Check"), width=60),
                Head(_("Tasks"), "number", places=0),
                Head(_("Share, %"), "number"),
                Head(_("Allowed, %"), "number", places=0),
                Head(_("Result")),
            ],
            judged,
        ),
        Table(
            _("Which tasks"), _("Which tasks"), [Head(_("Check"), width=60), *task, *span], named
        ),
        Table(
            _("How much float do open tasks have?"),
            _("Float of open tasks"),
            [Head(_("Float in working days")), Head(_("Tasks"), "number", places=0)],
            [list(one) for one in float_bands(plan)],
        ),
        Table(
            _("Where does the float of the other program differ?"),
            _("Other float"),
            [
                *task,
                Head(_("Total float"), "number"),
                Head(_("Float of the other program"), "number"),
            ],
            [
                [row.task.code, row.task.name, rounded(row.total_float), rounded(other)]
                for row, other in other_floats(plan)
            ],
        ),
        Table(
            _("Which tasks have little float?"),
            _("Little float"),
            [
                *task,
                *span,
                Head(_("Total float"), "number"),
                Head(_("Free float"), "number"),
                Head(""),
            ],
            tight,
        ),
    ]
    return [found[0], *(one for one in found[1:] if one.rows)]


def trend_table(found: Trends) -> Table:
    """The date of each milestone at each report."""
    heads = [
        Head(_("Milestone"), width=36),
        *(Head(day(on), "date") for on in found.reports),
        Head(_("Moved, calendar days"), "number", places=0),
        Head(_("Reached"), "date"),
    ]
    rows: list[Sequence[Value]] = [
        [row.task.label, *row.dates, row.days, row.reached] for row in found.rows
    ]
    title = _("Which date did each milestone have at each report?")
    note = _("Each column dates the plan as it is now by the progress known at that day.")
    return Table(title, _("Milestone trend"), heads, rows, note)


def load_tables(loads: Sequence[Load]) -> list[Table]:
    """Where more is asked for than there is, and the most asked for by week."""
    resource = Head(_("Resource"), width=32)
    amounts = [Head(_("Asked for"), "number", places=2), Head(_("Available"), "number", places=2)]
    over: list[Sequence[Value]] = [
        [
            load.resource.label, span.first, span.last, span.most, load.capacity,
            ", ".join(row.task.label for row in span.rows),
        ]
        for load in loads
        for span in load.over
    ]  # fmt: skip
    weeks: list[Sequence[Value]] = [
        [load.resource.label, week.monday, week.most, load.capacity]
        for load in loads
        for week in load.weeks
    ]
    return [
        Table(
            _("On which days is more asked for than there is?"),
            _("Over-allocated"),
            [
                resource,
                Head(_("First day"), "date"),
                Head(_("Last day"), "date"),
                *amounts,
                Head(_("By"), width=40),
            ],
            over,
        ),
        Table(
            _("How much is asked for at most on a day of each week?"),
            _("By week"),
            [resource, Head(_("Week of"), "date"), *amounts],
            weeks,
        ),
    ]


def simulation_tables(one: Kept, estimate: CriticalPathEstimate | None) -> list[Table]:
    """By when a simulated plan is done, how its runs spread, what drives its end, and PERT."""
    body = one.body
    low, width = Decimal(str(body["low"])), Decimal(str(body["width"]))
    ends: list[Sequence[Value]] = [
        [f"P{percent}", one.day(percent), rounded(Decimal(str(body["spans"][str(percent)])))]
        for percent in PERCENTS
    ]
    bins: list[Sequence[Value]] = [
        [rounded(low + width * at), rounded(low + width * (at + 1)), count]
        for at, count in enumerate(body["bins"])
    ]
    tasks: list[Sequence[Value]] = [
        [
            task.code, task.name, _number(task.criticality * 100), _number(task.sensitivity, 2)
        ]
        for task in one.tasks
    ]  # fmt: skip
    found = [
        Table(
            _("When is it done if durations vary?"),
            _("Simulation"),
            [
                Head(_("Share of runs")),
                Head(_("Done by"), "date"),
                Head(_("Working days"), "number"),
            ],
            ends,
            _(
                "Planned: %(day)s, reached in %(share)s %% of %(runs)s runs. Seed %(seed)s.",
                day=day(one.planned),
                share=_number(float(body["chance"]) * 100),
                runs=body["runs"],
                seed=body["seed"],
            ),
        ),
        Table(
            _("In how many runs does it take how many working days?"),
            _("Runs"),
            [
                Head(_("From working days"), "number"),
                Head(_("To working days"), "number"),
                Head(_("Runs"), "number", places=0),
            ],
            bins,
        ),
        Table(
            _("Which tasks decide the end?"),
            _("Tasks"),
            [
                *_task_heads(),
                Head(_("Criticality index, %"), "number"),
                Head(_("Sensitivity"), "number", places=2),
            ],
            tasks,
        ),
    ]
    return [*found, _pert_table(estimate)] if estimate else found


def _pert_table(one: CriticalPathEstimate) -> Table:
    rows: list[Sequence[Value]] = [
        [_("Expected duration"), rounded(one.expected, 2), _("working days")],
        [_("Standard deviation"), rounded(one.deviation, 2), _("working days")],
    ]
    if one.due is not None:
        until = _("Time until %(day)s", day=day(one.due))
        rows += [
            [until, rounded(one.until_due, 2), _("working days")],
            [_("Standard score (z)"), _number(one.z, 2), ""],
            [
                _("Chance to be done by then"),
                None if one.chance is None else _number(one.chance * 100),
                "%",
            ],
        ]
    heads = [Head(_("Figure"), width=36), Head(_("Value"), "number", places=2), Head(_("Unit"))]
    path = " → ".join(task.label for task in one.path)
    note = f"{_('Critical path of the expected durations:')} {path}"
    return Table(_("What does PERT say of a date?"), "PERT", heads, rows, note)


def _number(value: float | None, places: int = 1) -> Decimal | None:
    return None if value is None else rounded(Decimal(repr(value)), places)


def difference_table(rows: Iterable[Compared]) -> Table:
    """What is not the same in two plans."""
    words = {
        "added": _("added"),
        "deleted": _("deleted"),
        "moved": _("shifted"),
        "changed": _("changed"),
    }
    heads = [
        *_task_heads(),
        Head(_("Difference"), width=14),
        *_moved_heads(),
        Head(_("Start moved, working days"), "number"),
        Head(_("Finish moved, working days"), "number"),
        Head(_("Budget changed"), "money"),
    ]
    found: list[Sequence[Value]] = [
        [
            one.code, one.name, words[one.kind], *_days(one.before), *_days(one.after),
            rounded(one.start_days, 2), rounded(one.finish_days, 2), one.budget,
        ]
        for one in rows
    ]  # fmt: skip
    return Table(_("What differs?"), _("What moved"), heads, found)


def moved_table(found: Difference) -> Table:
    """The tasks that moved, by how much, and what holds them now."""
    heads = [
        *_task_heads(),
        *_moved_heads(),
        Head(_("Working days"), "number"),
        Head(_("Float won or lost"), "number"),
        Head(_("Why"), width=60),
    ]
    return Table(_("Tasks that moved"), _("What moved"), heads, list(_moved_rows(found)))


def _moved_rows(found: Difference) -> Iterator[Sequence[Value]]:
    for one in found.rows:
        why = "; ".join(sentence(text) for text in one.why)
        yield [
            one.task.code, one.task.name, *_days(one.before), *_days(one.after),
            rounded(one.days), rounded(one.float_change), why,
        ]  # fmt: skip
