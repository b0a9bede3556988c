"""The plan as a drawing in a file of its own (SVG), for reports and walls."""

from collections.abc import Sequence

from flask import Response, render_template

from portal import clock
from portal.ledgers.pages import project_for_figures
from portal.progress.axis import axis_texts
from portal.progress.baselines import Baseline
from portal.progress.exchange.xml_tree import printable
from portal.progress.gantt import draw
from portal.progress.picture import FITS, columns_of, picture_of
from portal.progress.plan import NEAR, Plan, PlanRow, plan_of
from portal.progress.points import points_of
from portal.progress.routes.area import area
from portal.progress.routes.rows import bar_shapes, mark_words
from portal.progress.routes.schedule import asked_baseline, asked_day, title_of
from portal.progress.routes.view import PlanView
from portal.progress.working import OWN
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.filters import day, quantity
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

SVG = "image/svg+xml"


@area.page("/projects/<code>/progress/schedule.svg", access=signed_in)
def schedule_svg(code: str) -> Response:
    """The rows the address asks for, with everything in the file that is needed to show it."""
    project = project_for_figures(code)
    plan, today = plan_of(project, until=asked_day()), clock.date_in(project.zone, clock.now())
    view, baseline = PlanView(plan), asked_baseline(project)
    points = points_of(project, plan, asked_day() or today)
    gantt = draw(
        plan,
        view.rows,
        zoom=view.zoom,
        today=today,
        old=baseline.bars if baseline else {},
        own=plan.material.calendars[OWN].time.said,
        marks=points.marks,
        fits=FITS,
    )
    columns = columns_of(
        [(_("Task"), 260), (_("Starts"), 82), (_("Finish"), 82), (_("Float"), 50), (_("Done"), 54)]
    )
    picture = picture_of(
        gantt,
        columns,
        [_cells(row) for row in view.rows],
        _legend(plan, baseline, has_points=bool(points.marks)),
    )
    text = render_template(
        "progress/schedule.svg",
        project=project,
        language=current_viewer().language,
        title=f"{project.name} · {title_of(view)}",
        subject=_subject(plan, baseline),
        drawn=_("Drawn on %(day)s", day=day(today)),
        description=_("When is each task done, and which of them hold the end?"),
        picture=picture,
        axis=axis_texts(picture.gantt),
        bars=bar_shapes(gantt.bars),
    )
    return downloads.download(printable(text), SVG, f"{project.code}-schedule.svg")


def _subject(plan: Plan, baseline: Baseline | None) -> str:
    told = [
        _("Everything done: %(day)s", day=day(plan.finish)) if plan.finish else "",
        _("Data date %(day)s", day=day(plan.until)) if plan.until else "",
        _("Compared with: %(name)s", name=baseline.name) if baseline else "",
    ]
    return " · ".join(one for one in told if one)


def _cells(row: PlanRow) -> Sequence[str]:
    return (
        row.task.label,
        day(row.starts_on),
        day(row.ends_on),
        "" if row.total_float is None else quantity(row.total_float, places=1),
        quantity(row.done * 100, "%", places=0),
    )


def _legend(
    plan: Plan, baseline: Baseline | None, *, has_points: bool
) -> Sequence[tuple[str, str]]:
    """What the signs mean, of those that are drawn."""
    found = [
        ("critical", _("critical: no float")),
        ("near", _("little float: within %(share)s %% of the whole duration", share=NEAR)),
        ("free", _("other tasks; what is done inside")),
        ("done", _("finished")),
        ("moment", _("milestone")),
        ("float", _("float")),
        ("today", _("today")),
    ]
    if has_points:
        found.append(("blocked", mark_words()["blocked"]))
    if baseline:
        found.append(("old", _("baseline")))
    if plan.until:
        found.append(("data-date", _("data date: the rest happens after it")))
    return found
