"""Pages of health as tables: for their spreadsheets and prints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from portal.health.models import Alert
from portal.health.queries import AlertPage
from portal.health.rules import Level
from portal.health.shown import Judgment, level_word
from portal.printing.tables import Head, Table
from portal.reports.workbook import Value
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

Words = Callable[[Alert], str]
Values = Callable[[Decimal | None, Alert], str]


def rule_table(judgments: Iterable[Judgment]) -> Table:
    """What the rules say of a project."""
    heads = [
        Head(_("Rule"), width=40),
        Head(_("About"), width=24),
        Head(_("Figure"), width=32),
        Head(_("Value"), width=20),
        Head(_("Threshold"), width=20),
        Head(_("Level"), width=16),
    ]
    rows: list[Sequence[Value]] = [
        [one.title, one.about, one.figure, one.value, one.limit, level_word(one.level)]
        for one in judgments
    ]
    return Table(_("What the rules say"), _("Rules"), heads, rows)


def alert_table(
    title: str,
    found: Iterable[AlertPage],
    titles: Words,
    values: Values,
    projects: Mapping[str, ProjectBrief],
) -> Table:
    """Alerts: whose they are, what raised them, since when, and what was begun because of them."""
    heads = [
        Head(_("Project"), width=12),
        Head(_("Alert"), width=40),
        Head(_("About"), width=24),
        Head(_("Level"), width=16),
        Head(_("Value"), width=20),
        Head(_("Raised"), "datetime"),
        Head(_("Closed"), "datetime"),
        Head(_("Done because of it"), width=40),
    ]
    rows: list[Sequence[Value]] = [
        [
            projects[one.alert.project_id].code, titles(one.alert),
            one.alert.row_label or one.alert.currency, level_word(cast("Level", one.alert.level)),
            values(one.alert.value, one.alert), one.alert.raised_at, one.alert.closed_at,
            ", ".join(act.number or act.subject for act in one.done),
        ]
        for one in found
    ]  # fmt: skip
    return Table(title, title, heads, rows)
