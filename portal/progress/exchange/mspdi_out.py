"""A plan as MSPDI XML, the exchange format of Microsoft Project.

Lags and slack are tenths of a minute there; link types are 0 FF, 1 FS, 2 SF, 3 SS; lag format 7
means days.
"""

from collections.abc import Mapping
from datetime import date
from xml.etree import ElementTree as ET

from portal.calendars.working_time import time_of
from portal.progress.exchange.xml_tree import OWN_MARK, printable
from portal.progress.plan import Plan, PlanRow
from portal.progress.working import OWN, Calendar
from portal.schedule.network import LinkType

NAMESPACE = "http://schemas.microsoft.com/project"
LINKS: Mapping[LinkType, str] = {
    LinkType.FF: "0", LinkType.FS: "1", LinkType.SF: "2", LinkType.SS: "3",
}  # fmt: skip
CONSTRAINTS: Mapping[str, str] = {
    "as_late_as_possible": "1", "start_on": "2", "finish_on": "3", "start_from": "4",
    "start_by": "5", "finish_from": "6", "finish_by": "7",
}  # fmt: skip


def mspdi(plan: Plan, name: str, currency: str) -> bytes:
    """The plan as a file other programs open."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}Project")
    own = plan.material.calendars[OWN]
    calendars = {key: str(at) for at, key in enumerate(sorted(plan.material.calendars), start=1)}
    start = min((row.start for row in plan.rows), default=0)
    _texts(
        root,
        SaveVersion="14",
        Name=name,
        Title=name,
        ScheduleFromStart="1",
        StartDate=_moment(start),
        CurrencyCode=currency,
        CalendarUID=calendars[OWN],
        MinutesPerDay=str(own.day),
        MinutesPerWeek=str(own.time.said.minutes),
        DurationFormat="7",
    )
    if plan.until:
        _texts(root, StatusDate=f"{plan.until.isoformat()}T17:00:00")
    listed = _child(root, "Calendars")
    for key, uid in calendars.items():
        _calendar(listed, plan.material.calendars[key], uid)
    uids = {row.task.id: str(at) for at, row in enumerate(plan.rows, start=1)}
    tasks = _child(root, "Tasks")
    numbers: list[int] = []
    for row in plan.rows:
        numbers = [*numbers[: row.depth + 1], *[0] * (row.depth + 1 - len(numbers))]
        numbers[row.depth] += 1
        outline = ".".join(str(one) for one in numbers[: row.depth + 1])
        _task(_child(tasks, "Task"), plan, row, uids, calendars, outline)
    text: bytes = ET.tostring(root, encoding="utf-8")
    mark = f"<!--{OWN_MARK}-->".encode()
    return b"".join([b'<?xml version="1.0" encoding="UTF-8"?>\n', mark, b"\n", text])


def _child(parent: ET.Element, tag: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}")


def _texts(parent: ET.Element, **texts: str) -> None:
    for tag, text in texts.items():
        _child(parent, tag).text = printable(text)


def _moment(moment: int) -> str:
    return time_of(moment).replace(tzinfo=None).isoformat(timespec="seconds")


def _span(minutes: int) -> str:
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:00"


def _calendar(parent: ET.Element, calendar: Calendar, uid: str) -> None:
    one = _child(parent, "Calendar")
    _texts(one, UID=uid, Name=calendar.name, IsBaseCalendar="1")
    days = _child(one, "WeekDays")
    said = calendar.time.said
    for at, shifts in enumerate(said.days):
        day = _child(days, "WeekDay")
        _texts(day, DayType=str((at + 1) % 7 + 1), DayWorking="1" if shifts else "0")
        if shifts:
            _shifts(day, shifts)
    for on, shifts in said.exceptions:
        day = _child(days, "WeekDay")
        _texts(day, DayType="0", DayWorking="1" if shifts else "0")
        period = _child(day, "TimePeriod")
        _texts(period, FromDate=f"{on.isoformat()}T00:00:00", ToDate=f"{on.isoformat()}T23:59:00")
        if shifts:
            _shifts(day, shifts)


def _shifts(day: ET.Element, shifts: tuple[tuple[int, int], ...]) -> None:
    times = _child(day, "WorkingTimes")
    for start, end in shifts:
        _texts(_child(times, "WorkingTime"), FromTime=_clock(start), ToTime=_clock(end))


def _task(
    one: ET.Element,
    plan: Plan,
    row: PlanRow,
    uids: Mapping[str, str],
    calendars: Mapping[str, str],
    outline: str,
) -> None:
    task, calendar = row.task, plan.material.calendar(row.task)
    minutes = plan.material.minutes(task)
    if task.is_summary:
        minutes = calendar.time.worked(row.finish) - calendar.time.worked(row.start)
    _texts(
        one,
        UID=uids[task.id],
        ID=uids[task.id],
        Name=task.name,
        Type="1",
        WBS=task.code,
        OutlineNumber=outline,
        OutlineLevel=str(row.depth + 1),
        Start=_moment(row.start),
        Finish=_moment(row.finish),
        Duration=_span(minutes),
        DurationFormat="5" if task.unit == "h" else "7",
        Milestone="1" if task.is_moment else "0",
        Summary="1" if task.is_summary else "0",
        Critical="1" if row.is_critical else "0",
        PercentComplete=str(round(row.done * 100)),
        Cost=f"{row.budget * 100:.0f}",
    )
    if row.dates is not None and row.dates.total_float is not None:
        _texts(
            one,
            TotalSlack=str(row.dates.total_float * 10),
            FreeSlack=str((row.dates.free_float or 0) * 10),
        )
    _actuals(one, row)
    if task.calendar:
        _texts(one, CalendarUID=calendars[task.calendar])
    _texts(one, ConstraintType=CONSTRAINTS.get(str(task.data.get("constraint")), "0"))
    _date(one, "ConstraintDate", task.day("constraint_on"))
    _date(one, "Deadline", task.day("deadline"))
    for link in task.links:
        if link.task in uids:
            each = _child(one, "PredecessorLink")
            _texts(
                each,
                PredecessorUID=uids[link.task],
                Type=LINKS[link.type],
                CrossProject="0",
                LinkLag=str(calendar.minutes(link.lag, link.unit) * 10),
                LagFormat="5" if link.unit == "h" else "7",
            )


def _actuals(one: ET.Element, row: PlanRow) -> None:
    if row.dates is None:
        return
    activity = row.dates.activity
    if activity.actual_start is not None:
        _texts(one, ActualStart=_moment(activity.actual_start))
    if activity.actual_finish is not None:
        _texts(one, ActualFinish=_moment(activity.actual_finish))
    elif row.dates.is_started:
        _texts(one, RemainingDuration=_span(row.dates.work))


def _date(one: ET.Element, tag: str, on: date | None) -> None:
    if on is not None:
        _texts(one, **{tag: f"{on.isoformat()}T08:00:00"})
