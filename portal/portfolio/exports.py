"""The export center of a project: everything that can be taken along, in one place."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from portal.definitions import queries as definitions
from portal.ledgers.pay import may_see_wages
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, Viewer

_ALL: tuple[tuple[Any, tuple[tuple[Any, dict[str, str]], ...]], ...] = (
    (
        _l("Cost"),
        (
            (_l("Cost sheet"), {"Excel": "costs.export", "PDF": "costs.printed"}),
            (
                _l("Budget by month"),
                {"Excel": "costs.months_export", "PDF": "costs.months_printed"},
            ),
            (
                _l("Commitments"),
                {"Excel": "costs.commitments_export", "PDF": "costs.commitments_printed"},
            ),
            (
                _l("Purchase requests"),
                {"Excel": "costs.requests_export", "PDF": "costs.requests_printed"},
            ),
        ),
    ),
    (
        _l("Funds"),
        (
            (_l("Contract ledger"), {"Excel": "funds.export", "PDF": "funds.printed"}),
            (
                _l("Plan and cash curve"),
                {"Excel": "funds.plan_export", "PDF": "funds.plan_printed"},
            ),
            (_l("What is due"), {"PDF": "funds.due_printed"}),
            (
                _l("Three-way match"),
                {"PDF": "funds.checks_printed"},
            ),
            (
                _l("Accounts and sources"),
                {"PDF": "funds.accounts_printed"},
            ),
        ),
    ),
    (
        _l("Labor"),
        (
            (_l("Month by worker and day"), {"Excel": "labor.export", "PDF": "labor.printed"}),
            (_l("Summaries"), {"Excel": "labor.pivot_export", "PDF": "labor.pivot_printed"}),
            (_l("Wages"), {"Excel": "labor.wages_export", "PDF": "labor.wages_printed"}),
            (_l("Wage ledger"), {"Excel": "labor.ledger_export", "PDF": "labor.ledger_printed"}),
            (
                _l("Conflicts"),
                {"Excel": "labor.conflicts_export", "PDF": "labor.conflicts_printed"},
            ),
        ),
    ),
    (
        _l("Progress"),
        (
            (
                _l("Schedule"),
                {
                    "PDF": "progress.schedule_pdf",
                    "SVG": "progress.schedule_svg",
                    "CSV": "progress.schedule_csv",
                    "MSPDI XML": "progress.schedule_xml",
                    "iCalendar": "progress.schedule_ics",
                },
            ),
            (
                _l("Earned value"),
                {"Excel": "progress.earned_export", "PDF": "progress.earned_printed"},
            ),
            (
                _l("Forecast"),
                {"Excel": "progress.forecast_export", "PDF": "progress.forecast_printed"},
            ),
            (_l("Bottlenecks"), {"Excel": "foresight.export", "PDF": "foresight.printed"}),
            (_l("Milestones"), {"Excel": "progress.export"}),
            (_l("Look-ahead"), {"Excel": "progress.lookahead_export"}),
        ),
    ),
    (_l("Months"), ((_l("Months"), {"Excel": "books.months_export"}),)),
)
_PRIVATE = ("labor.wages", "labor.ledger")


@dataclass(frozen=True, slots=True)
class Export:
    """Something to take along, and its address by format."""

    title: Any
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exports:
    """What one part of the project gives."""

    title: Any
    items: tuple[Export, ...]


def exports_of(viewer: Viewer, project: ProjectBrief) -> list[Exports]:
    """Everything this viewer may take along; wages are private."""
    wages = may_see_wages(viewer, project.id)
    found = []
    for title, items in _ALL:
        made = [
            Export(name, _addresses(formats, project))
            for name, formats in items
            if wages or not next(iter(formats.values())).startswith(_PRIVATE)
        ]
        found.append(Exports(title, tuple(one for one in made if one.formats)))
    return [one for one in found if one.items]


def _addresses(formats: dict[str, str], project: ProjectBrief) -> tuple[tuple[str, str], ...]:
    known = current_app.view_functions
    return tuple(
        (name, url_for(endpoint, code=project.code))
        for name, endpoint in formats.items()
        if endpoint in known
    )


def lists_of(viewer: Viewer, project: ProjectBrief) -> list[tuple[Any, str]]:
    """The lists of forms whose records the viewer may read in this project, as spreadsheets."""
    return [
        (form.title, url_for("records.export", form_key=form.key, project=project.code))
        for item in definitions.menu(viewer)
        for form in item.forms
        if form.scope == "project"
    ]
