"""The export center of a project: everything that can be taken along, in one place."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from portal.definitions import queries as definitions
from portal.ledgers.pay import may_see_wages
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, Viewer

Formats = dict[str, tuple[str, dict[str, str]]]


def _one(endpoint: str) -> tuple[str, dict[str, str]]:
    return endpoint, {}


def _both(endpoint: str) -> Formats:
    """A page whose address ends with its format."""
    return {"Excel": (endpoint, {"kind": "xlsx"}), "PDF": (endpoint, {"kind": "pdf"})}


_ALL: tuple[tuple[Any, tuple[tuple[Any, Formats], ...]], ...] = (
    (
        _l("Cost"),
        (
            (
                _l("Cost sheet"),
                {
                    "Excel": _one("costs.export"),
                    "CSV": _one("costs.export_csv"),
                    "PDF": _one("costs.printed"),
                },
            ),
            (
                _l("Budget by month"),
                {"Excel": _one("costs.months_export"), "PDF": _one("costs.months_printed")},
            ),
            (
                _l("Commitments"),
                {
                    "Excel": _one("costs.commitments_export"),
                    "PDF": _one("costs.commitments_printed"),
                },
            ),
            (
                _l("Purchase requests"),
                {"Excel": _one("costs.requests_export"), "PDF": _one("costs.requests_printed")},
            ),
        ),
    ),
    (
        _l("Funds"),
        (
            (_l("Contract ledger"), {"Excel": _one("funds.export"), "PDF": _one("funds.printed")}),
            (
                _l("Plan and cash curve"),
                {"Excel": _one("funds.plan_export"), "PDF": _one("funds.plan_printed")},
            ),
            (_l("What is due"), {"PDF": _one("funds.due_printed")}),
            (
                _l("Three-way match"),
                {"PDF": _one("funds.checks_printed")},
            ),
            (
                _l("Accounts and sources"),
                {"PDF": _one("funds.accounts_printed")},
            ),
        ),
    ),
    (
        _l("Labor"),
        (
            (
                _l("Month by worker and day"),
                {"Excel": _one("labor.export"), "PDF": _one("labor.printed")},
            ),
            (
                _l("Summaries"),
                {"Excel": _one("labor.pivot_export"), "PDF": _one("labor.pivot_printed")},
            ),
            (
                _l("Wages"),
                {"Excel": _one("labor.wages_export"), "PDF": _one("labor.wages_printed")},
            ),
            (
                _l("Wage ledger"),
                {"Excel": _one("labor.ledger_export"), "PDF": _one("labor.ledger_printed")},
            ),
            (
                _l("Conflicts"),
                {"Excel": _one("labor.conflicts_export"), "PDF": _one("labor.conflicts_printed")},
            ),
        ),
    ),
    (
        _l("Progress"),
        (
            (
                _l("Schedule"),
                {
                    "PDF": _one("progress.schedule_pdf"),
                    "SVG": _one("progress.schedule_svg"),
                    "CSV": _one("progress.schedule_csv"),
                    "MSPDI XML": _one("progress.schedule_xml"),
                    "iCalendar": _one("progress.schedule_ics"),
                },
            ),
            (
                _l("Earned value"),
                {"Excel": _one("progress.earned_export"), "PDF": _one("progress.earned_printed")},
            ),
            (_l("Forecast"), _both("progress.forecast_file")),
            (_l("Bottlenecks"), _both("foresight.bottlenecks_file")),
            (_l("Milestones"), _both("progress.sheet_file")),
            (_l("Milestone trend"), _both("progress.trend_file")),
            (_l("Look-ahead"), _both("progress.lookahead_file")),
            (_l("What moved in the plan"), _both("progress.moved_file")),
            (_l("Checks"), _both("progress.quality_file")),
            (_l("Resources"), _both("progress.resources_file")),
        ),
    ),
    (
        _l("Project"),
        (
            (_l("Months"), _both("books.months_file")),
            (_l("Project health"), _both("health.project_file")),
            (_l("What moved since the last weekly report"), _both("weekly.index_file")),
        ),
    ),
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
            if wages or not next(iter(formats.values()))[0].startswith(_PRIVATE)
        ]
        found.append(Exports(title, tuple(one for one in made if one.formats)))
    return [one for one in found if one.items]


def _addresses(formats: Formats, project: ProjectBrief) -> tuple[tuple[str, str], ...]:
    known = current_app.view_functions
    return tuple(
        (name, url_for(endpoint, code=project.code, **values))
        for name, (endpoint, values) in formats.items()
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
