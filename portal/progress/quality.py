"""Checks of a plan's logic: what makes its dates doubtful. Each finding names its tasks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.errors import N_, Message
from portal.progress.plan import Plan, PlanRow
from portal.progress.waiting import due

LONG_DAYS, LOOSE_DAYS, LAG_DAYS = Decimal(44), Decimal(44), Decimal(10)
TENTH = Decimal("0.1")
HARD = frozenset({"start_on", "finish_on", "start_by", "finish_by"})


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it asks, how many of how many fail, how many may, and which tasks do."""

    key: str
    question: str
    why: str
    rows: Sequence[PlanRow]
    of: int
    limit: Decimal

    @property
    def reason(self) -> Message:
        """Why it matters."""
        return Message(self.why)

    @property
    def share(self) -> Decimal:
        """The share that fails, in percent."""
        return Decimal(len(self.rows) * 100) / self.of if self.of else Decimal(0)

    @property
    def passes(self) -> bool:
        return self.share <= self.limit


def checks_of(plan: Plan, today: date) -> list[Check]:
    """All checks as of a day; limits are the usual ones of schedule reviews."""
    if plan.network is None:
        return []
    left = [row for row in plan.work if not row.is_finished]
    before = {link.successor for link in plan.network.links}
    after = {link.predecessor for link in plan.network.links}
    rows = plan.by_id
    last = [row for row in left if plan.schedule and row.finish >= plan.schedule.finish]
    late = {row.task.id for row in due(plan, today)}
    first = min((row.start for row in plan.work), default=0)

    def check(
        key: str, question: str, why: str, fails: Callable[[PlanRow], bool], limit: int
    ) -> Check:
        return Check(key, question, why, [r for r in left if fails(r)], len(left), Decimal(limit))

    return [
        check(
            "no_before",
            N_("Open start: which tasks wait for nothing?"),
            N_("Without a predecessor a task moves when nobody expects it; only the first may."),
            lambda r: r.task.id not in before and r.start > first and not r.is_started,
            5,
        ),
        check(
            "no_after",
            N_("Open end: for which tasks does nothing wait?"),
            N_("Without a successor a delay hurts nobody on paper; only the last may."),
            lambda r: r.task.id not in after and r not in last,
            5,
        ),
        check(
            "negative",
            N_("Negative float: which tasks are too late for a date that is set?"),
            N_("The plan cannot be kept as it stands."),
            lambda r: r.total_float is not None and r.total_float < 0,
            0,
        ),
        check(
            "leads",
            N_("Negative lag: which tasks begin before what they wait for is done?"),
            N_("An overlap hides work; split the predecessor instead."),
            lambda r: any(one.lag < 0 for one in r.task.links),
            0,
        ),
        check(
            "lags",
            N_("Long lag: which links wait more than %(days)s working days?"),
            N_("What is waited for should be a task of its own."),
            lambda r: any(_days(plan, r, one.lag, one.unit) > LAG_DAYS for one in r.task.links),
            5,
        ),
        check(
            "hard",
            N_("Hard constraint: which tasks are tied to a date?"),
            N_("A tied date overrules the logic."),
            lambda r: r.task.data.get("constraint") in HARD,
            5,
        ),
        check(
            "long",
            N_("Long task: which ones take more than %(days)s working days?"),
            N_("A long task is hard to measure; split it."),
            lambda r: _days(plan, r, r.task.duration, r.task.unit) > LONG_DAYS,
            5,
        ),
        check(
            "loose",
            N_("High float: which tasks have more than %(days)s working days?"),
            N_("So much float mostly means a missing link."),
            lambda r: r.total_float is not None and r.total_float > LOOSE_DAYS,
            5,
        ),
        check(
            "sequence",
            N_("Out of sequence: which tasks began before what they wait for?"),
            N_("What remains waits for its predecessors; mend the link if it need not."),
            lambda r: r.is_started and _too_early(rows, r),
            0,
        ),
        check(
            "undated",
            N_("Late start: which tasks should have begun and were not reported?"),
            N_("Report them, or say when they will begin."),
            lambda r: not r.is_started and plan.until is not None and _was_due(plan, r),
            0,
        ),
        check(
            "decisions",
            N_("Open decision: which decision points are due and not taken?"),
            N_("Nothing behind them may begin; file the decision."),
            lambda r: r.task.id in late,
            0,
        ),
        Check(
            "undecided",
            N_("Begun undecided: which tasks began before the decision they wait for?"),
            N_("Work nobody decided on may have to be undone."),
            [row for row in plan.work if row.is_started and _undecided(rows, row)],
            len(plan.work),
            Decimal(0),
        ),
    ]


DAYS = {"lags": LAG_DAYS, "long": LONG_DAYS, "loose": LOOSE_DAYS}


def _days(plan: Plan, row: PlanRow, amount: Decimal, unit: str) -> Decimal:
    calendar = plan.material.calendar(row.task)
    return calendar.days(calendar.minutes(amount, unit))


def _too_early(rows: Mapping[str, PlanRow], row: PlanRow) -> bool:
    """Whether a finish-to-start predecessor is not finished though the task has begun."""
    return any(
        one.type.value == "FS" and one.task in rows and not rows[one.task].is_finished
        for one in row.task.links
    )


def _undecided(rows: Mapping[str, PlanRow], row: PlanRow) -> bool:
    """Whether it began before a decision point that it waits for was taken."""
    return any(
        one.task in rows
        and rows[one.task].task.type == "decision"
        and one.type.meets_start
        and one.lag >= 0
        and (not rows[one.task].is_finished or row.starts_on < rows[one.task].ends_on)
        for one in row.task.links
    )


def _was_due(plan: Plan, row: PlanRow) -> bool:
    """Whether only the data date holds the start: by its logic it should have begun."""
    dates = row.dates
    if dates is None or plan.network is None or dates.driver is not None:
        return False
    return dates.start <= plan.network.floor + 3 * 1440 and dates.activity.constraint is None


def question_of(check: Check) -> Message:
    """The question with its limit in it."""
    return Message(check.question, {"days": DAYS.get(check.key, Decimal(0))})


def float_bands(plan: Plan) -> list[tuple[str, int]]:
    """How many open tasks have how much float: a histogram in working days."""
    bands = [("< 0", None, 0), ("0", 0, 1), ("1–5", 1, 6), ("6–10", 6, 11), ("11–20", 11, 21),
             ("21–44", 21, 45), ("> 44", 45, None)]  # fmt: skip
    floats = [row.total_float for row in plan.work if row.total_float is not None]
    return [
        (
            name,
            sum((low is None or one >= low) and (high is None or one < high) for one in floats),
        )
        for name, low, high in bands
    ]


def tight_rows(plan: Plan) -> list[PlanRow]:
    """The critical tasks and those with little float, the tightest first."""
    return sorted(
        (row for row in plan.work if row.is_critical or row.is_near),
        key=lambda row: (row.total_float or 0, row.start),
    )


def other_floats(plan: Plan) -> list[tuple[PlanRow, Decimal]]:
    """Tasks whose total float another program told otherwise, in working days, and what it told."""
    found = []
    for row in plan.work:
        other = row.task.number("imported_slack")
        if other is None or row.total_float is None:
            continue
        if abs(other - row.total_float) >= TENTH:
            found.append((row, other))
    return found
