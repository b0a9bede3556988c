"""The plans of the demo's projects: tasks, a baseline, and what the site reported each month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.calendars.working_time import start_of, time_of
from portal.db import db
from portal.demo.plan_tables import PLANS, RESOURCES, Step
from portal.demo.sites import Site
from portal.demo.story import Life, Story
from portal.demo.workdays import ZONE, working_moment
from portal.progress.risk import run_simulation
from portal.progress.services import freeze_baseline
from portal.progress.working import Calendar, calendars_of
from portal.projects.models import Project
from portal.projects.queries import project_brief
from portal.schedule.critical_path import Schedule, compute
from portal.schedule.network import Activity, Link, LinkType, Network

SEED = 4711
REPORTED_DAYS_AGO = tuple(range(178, 0, -7))  # week by week


def plan_schedules(story: Story, site: Site) -> None:
    """Put the plan of a project on the agenda: filed when it began, frozen, then reported on."""
    if site.code in PLANS:
        begins = story.end - timedelta(days=site.began - 4)
        story.begin(_plan_life(story, site), working_moment(begins, 1))


@dataclass(frozen=True, slots=True)
class Reality:
    """How it really went: every step with the days it really took."""

    steps: Sequence[Step]
    calendar: Calendar
    schedule: Schedule

    def day(self, code: str, *, finish: bool = False) -> date:
        """When a step really started, or finished."""
        dates = self.schedule.dates[code]
        return time_of(dates.finish if finish else dates.start).date()

    def share(self, code: str, on: date) -> Decimal:
        """How much of a step was done at the end of a day, in steps of five percent."""
        dates, axis = self.schedule.dates[code], self.calendar.time
        worked = axis.worked(start_of(on + timedelta(days=1))) - axis.worked(dates.start)
        whole = axis.worked(dates.finish) - axis.worked(dates.start)
        return Decimal(max(5, min(95, round(worked * 20 / max(whole, 1)) * 5)))


def _plan_life(story: Story, site: Site) -> Life:
    steps = PLANS[site.code]
    engineer = site.staff["project_engineer"][0]
    for code, name, kind, count in RESOURCES.get(site.code, ()):
        said_of = {"code": code, "name": name, "kind": kind, "capacity": f"{count}.00"}
        made = story.file(engineer, "resource", site.code, said_of)
        story.ids[f"resource:{site.code}:{code}"] = made.id
    for step in _predecessors_first(steps):
        data = _task(story, site, step, steps)
        story.ids[_key(site, step.code)] = story.file(engineer, "task", site.code, data).id
    yield story.later(9)
    project = project_brief(story.ids[f"project:{site.code}"])
    assert project is not None
    actor = story.become(engineer)
    freeze_baseline(actor=actor, project=project, name="Contract plan 合同计划", now=story.now)
    real = _reality(story, site, steps)
    said: dict[str, Any] = {}
    for number, days in enumerate(
        (days for days in REPORTED_DAYS_AGO if days < site.began - 10), start=1
    ):
        on = story.end.date() - timedelta(days=days)
        yield max(story.now, datetime.combine(on, time(16, 30), ZONE).astimezone(story.end.tzinfo))
        lines = list(_lines(story, site, real, on, said))
        if lines:
            data = {
                "title": f"Progress report {number} 第 {number} 期进度填报",
                "as_of": on.isoformat(),
                "lines": lines,
            }
            record_id = story.file(site.engineer or engineer, "progress_update", site.code, data).id
            yield story.later(5)
            story.approve(record_id)
    if any(step.longest for step in steps):
        yield story.later(2)
        actor = story.become(engineer)
        run_simulation(actor=actor, project=project, seed=SEED, runs=1000, now=story.now)


def _predecessors_first(steps: Sequence[Step]) -> Sequence[Step]:
    """The order in which tasks can be filed: what they name is on file."""
    filed: dict[str, Step] = {}
    left = list(steps)
    while left:
        ready = [one for one in left if all(_said(each)[0] in filed for each in one.after)]
        filed |= {one.code: one for one in ready}
        left = [one for one in left if one.code not in filed]
    return list(filed.values())


def _key(site: Site, code: str) -> str:
    return f"task:{site.code}:{code}"


def _task(story: Story, site: Site, step: Step, steps: Sequence[Step]) -> dict[str, Any]:
    kind = "decision" if step.decides else "milestone" if not step.days else "task"
    if any(one.code.rpartition(".")[0] == step.code for one in steps):
        kind = "summary"
    data: dict[str, Any] = {"code": step.code, "name": step.name, "type": kind}
    parent = step.code.rpartition(".")[0]
    if parent:
        data["parent_task"] = story.ids[_key(site, parent)]
    if kind == "task":
        data |= {"duration": f"{step.days}.00", "duration_unit": "d", "measure": "physical"}
        data["responsible"] = story.ids[f"person:{site.staff['project_engineer'][0]}"]
        if step.longest:
            data |= {"spread": "pert", "shortest": f"{step.shortest}.00"}
            data["longest"] = f"{step.longest}.00"
    if step.budget:
        data["budget"] = f"{step.budget}000.00"
    if step.milestone:
        data["milestone"] = story.ids[f"milestone:{step.milestone}"]
    if step.uses:
        data["resources"] = [
            {"resource": story.ids[f"resource:{site.code}:{code}"], "units": f"{count}.00"}
            for code, count in step.uses
        ]
    if step.after:
        data["predecessors"] = [_link(story, site, one) for one in step.after]
    return data


def _link(story: Story, site: Site, text: str) -> dict[str, Any]:
    code, kind, lag = _said(text)
    row = {"task": story.ids[_key(site, code)], "link": kind}
    return {**row, "lag": f"{lag}.00", "lag_unit": "d"} if lag else row


def _said(text: str) -> tuple[str, str, int]:
    """A link as the tables write it: "2.2", "2.2 SS", "2.2 SS+15"."""
    code, _, how = text.partition(" ")
    return code, how[:2] or "FS", int(how[2:] or 0)


def _reality(story: Story, site: Site, steps: Sequence[Step]) -> Reality:
    project = db.session.get_one(Project, story.ids[f"project:{site.code}"])
    calendar = calendars_of(project.calendar, ())[""]
    work = [one for one in steps if one.days or one.after or one.milestone]
    summaries = {one.code.rpartition(".")[0] for one in steps}
    kept = [one for one in work if one.code not in summaries]
    activities = {
        one.code: Activity(one.code, calendar.minutes(Decimal(one.really), "d"), calendar.time)
        for one in kept
    }
    links = [
        Link(code, one.code, LinkType(kind), calendar.minutes(Decimal(lag), "d"))
        for one in kept
        for code, kind, lag in map(_said, one.after)
    ]
    begins = project.starts_on or story.end.date() - timedelta(days=site.began)
    return Reality(kept, calendar, compute(Network(activities, links, start_of(begins))))


def _lines(
    story: Story, site: Site, real: Reality, on: date, said: dict[str, Any]
) -> Sequence[Mapping[str, Any]]:
    """What has happened since the last report, task by task."""
    lines = []
    for step in real.steps:
        if step.decides:
            continue  # nobody has decided yet
        task = {"task": story.ids[_key(site, step.code)]}
        started, finished = real.day(step.code), real.day(step.code, finish=True)
        if finished <= on:
            if said.get(step.code) != "done":
                dates = {"finished_on": finished.isoformat()}
                if step.days:
                    dates |= {"started_on": started.isoformat(), "percent": "100.00"}
                lines.append({**task, **dates})
            said[step.code] = "done"
        elif step.days and started <= on:
            share = real.share(step.code, on)
            if said.get(step.code) != share:
                lines.append({**task, "started_on": started.isoformat(), "percent": f"{share:.2f}"})
            said[step.code] = share
    return lines
