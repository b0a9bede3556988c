"""A project in one line: plan, progress, cost, resources, quality; each leads to its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import ngettext

from portal import clock
from portal.costs.columns import sheet_in_force
from portal.health.queries import open_level
from portal.ledgers.pages import record_url
from portal.portfolio.overview.gathered import costs_of, milestones_of, tickets_of
from portal.progress.queries import MilestoneSheet
from portal.projects.tabs import Panel
from portal.quality.links import Links
from portal.quality.queries import OpenCounts, open_counts
from portal.web.filters import day, money, quantity
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """One of the five: its name, the figure that says most, what it means, where it leads."""

    name: str
    value: str
    hint: str
    url: str
    tone: str | None = None


def panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """The five, and how the project stands by the rules; nothing for people from outside."""
    if viewer.is_external:
        return None
    now = clock.now()
    sheet = milestones_of(project, now)
    lines = [
        _plan(project, sheet),
        _progress(project, sheet),
        *_cost(project),
        _resources(project),
        _quality(project, open_counts(project, now)),
    ]
    context = {"lines": lines, "level": open_level(project.id), "project": project}
    return Panel("portfolio/overview/_five.html", context, place="top")


def _plan(project: ProjectBrief, sheet: MilestoneSheet) -> Line:
    url = url_for("progress.sheet", code=project.code)
    ahead = sheet.next
    if ahead is None or ahead.expected is None:
        return Line(_("Plan"), "–", _("no milestone ahead"), url)
    hint = ahead.milestone.name
    return Line(_("Plan"), day(ahead.expected), hint, record_url(ahead.milestone.id) or url)


def _progress(project: ProjectBrief, sheet: MilestoneSheet) -> Line:
    url = url_for("progress.sheet", code=project.code)
    value = _("%(done)s of %(all)s", done=sheet.reached, all=len(sheet.rows))
    if not sheet.rows:
        return Line(_("Progress"), "–", _("no milestone yet"), url)
    late = ngettext("%(num)d milestone late", "%(num)d milestones late", sheet.late)
    hint = late if sheet.late else _("milestones reached")
    return Line(_("Progress"), value, hint, url, "red" if sheet.late else None)


def _cost(project: ProjectBrief) -> Iterator[Line]:
    """In the currency of the project; others stand on the sheet."""
    url, sheet = url_for("costs.sheet", code=project.code), sheet_in_force()
    values = costs_of(project).get(project.currency, {})
    budget = values.get(sheet.budget, Decimal(0))
    if budget <= 0:
        yield Line(_("Cost"), "–", _("no budget yet"), url)
        return
    used, left = values[sheet.spent] / budget * 100, values[sheet.left]
    hint = _("used, %(left)s left", left=money(left, project.currency, places=0))
    yield Line(_("Cost"), quantity(used, "%", places=1), hint, url, "red" if left < 0 else None)


def _resources(project: ProjectBrief) -> Line:
    url = url_for("labor.sheet", code=project.code)
    waiting = len(tickets_of(project, clock.now()))
    hint = ngettext("ticket unsigned", "tickets unsigned", waiting)
    return Line(_("Resources"), str(waiting), hint, url, "amber" if waiting else None)


def _quality(project: ProjectBrief, found: OpenCounts) -> Line:
    url = url_for("quality.sheet", code=project.code)
    count, overdue = found.defects, found.overdue_defects + found.overdue_hazards
    hint = ngettext("open defect", "open defects", count)
    if overdue:
        hint = ngettext(
            "open defects, %(num)d entry overdue", "open defects, %(num)d entries overdue", overdue
        )
        url = Links(project, found.today).overdue("defect") if found.overdue_defects else url
    return Line(_("Quality"), str(count), hint, url, "red" if overdue else None)
