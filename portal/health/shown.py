"""Findings and alerts in words: the figure, its threshold, what raised it, what comes next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.definitions.queries import current_form, may_file
from portal.health.models import Alert
from portal.health.queries import FigureWords, figure_words, judged, open_levels, rules_in_force
from portal.health.rules import ORDER, Act, Finding, Level, Limits, Rule, Rulebook
from portal.progress.services import may_plan
from portal.projects.queries import first_holder
from portal.web.filters import money, quantity, text_in
from portal.web.viewer import ProjectBrief, Viewer, current_viewer
from portal.web.words import gettext as _

VALUES = ("row", "row_id", "value", "rule", "owner")
OWNER = "owner_rep"
PAGES: Mapping[str, str] = {"schedule": "progress.edit"}


@dataclass(frozen=True, slots=True)
class Judgment:
    """A finding as a page shows it; its figure leads to what it is made of."""

    title: str
    about: str
    figure: str
    meaning: str
    value: str
    url: str
    level: Level
    limit: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class NextAct:
    """What an alert offers: the number of the act of its rule, or the record it is about."""

    label: str
    number: int
    url: str = ""


def value_text(value: Decimal, unit: str, currency: str = "") -> str:
    """A value with its unit, in the reader's language."""
    if unit == "percent":
        return quantity(value, "%", places=1)
    if unit == "money":
        return money(value, currency)
    shown = quantity(value, places=0)
    if unit != "days":
        return shown
    one = abs(value) == 1
    return str(_("%(number)s day", number=shown) if one else _("%(number)s days", number=shown))


def limit_text(rule: Rule, limits: Limits, level: Level, unit: str) -> str:
    """The threshold that counts: the one that was passed, or for green the next one."""
    next_one = limits.amber if limits.amber is not None else limits.red
    limit = limits.red if level == "red" else next_one
    if limit is None:
        return str(_("never"))
    shown = value_text(limit, unit)
    if level == "green":
        return str(
            _("up to %(limit)s", limit=shown)
            if rule.above
            else _("not below %(limit)s", limit=shown)
        )
    return str(
        _("above %(limit)s", limit=shown) if rule.above else _("below %(limit)s", limit=shown)
    )


def judgment(one: Finding, words: Mapping[str, FigureWords]) -> Judgment:
    """A finding in the reader's words."""
    known = words.get(one.rule.figure)
    unit = known.unit if known else "count"
    measured = one.measured
    return Judgment(
        text_in(one.rule.title),
        measured.row_label or measured.currency,
        str(known.label if known else one.rule.figure),
        str(known.meaning if known else ""),
        _told(measured.value, known, measured.project_id, measured.currency),
        measured.way.url,
        one.level,
        limit_text(one.rule, one.limits, one.level, unit),
        one.limits,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """The color of a project, and the finding it comes from."""

    level: Level
    because: Judgment

    @property
    def reason(self) -> str:
        """The rule, its figure and the threshold it passed; nothing while all is well."""
        one = self.because
        if self.level == "green":
            return ""
        return f"{one.title}{_(': ')}{one.value} ({one.limit})"


def level_word(level: Level | None) -> str:
    """A color as a word."""
    words = {
        "red": _("In trouble"),
        "amber": _("Needs a look"),
        "green": _("On track"),
        None: _("Not measured"),
    }
    return str(words[level])


def worst_first() -> Callable[[ProjectBrief], Any]:
    """The order of projects by their open alerts, the worst first."""
    levels = open_levels()
    return lambda one: ORDER[levels.get(one.id, "green")]


def standings_of(projects: Sequence[ProjectBrief], now: datetime) -> dict[str, Standing]:
    """How projects stand, by id; one of which nothing can be measured has no standing."""
    words = figure_words(rules_in_force())
    return {
        project_id: Standing(found[0].level, judgment(found[0], words))
        for project_id, found in judged(projects, now).items()
        if found
    }


def alert_title(alert: Alert, book: Rulebook) -> str:
    """What an alert is called; the key of its rule where that is gone."""
    rule = book.rule(alert.rule)
    return text_in(rule.title) if rule else alert.rule


def alert_value(value: Decimal | None, alert: Alert, words: Mapping[str, FigureWords]) -> str:
    """A value of an alert's figure."""
    if value is None:
        return "–"
    return _told(value, words.get(alert.figure), alert.project_id, alert.currency)


def _told(value: Decimal, known: FigureWords | None, project_id: str, currency: str) -> str:
    """A value of a figure in words, as far as the viewer is told it."""
    if known and known.told_to and not known.told_to(current_viewer(), project_id):
        return str(_("Wages are private"))
    return value_text(value, known.unit if known else "count", currency)


def next_acts(
    alert: Alert, rule: Rule | None, viewer: Viewer, project: ProjectBrief
) -> list[NextAct]:
    """The acts of an alert's rule this viewer may begin."""
    if alert.closed_at is not None or rule is None or project.status != "active":
        return []
    found = []
    for number, act in enumerate(rule.acts):
        if act.opens_row and alert.row:
            url = url_for("records.detail", record_id=alert.row)
            found.append(NextAct(text_in(act.label), number, url))
        elif act.page and _is_open(act.page, viewer, project):
            url = url_for(PAGES[act.page], code=project.code)
            found.append(NextAct(text_in(act.label), number, url))
        elif act.form and _may_begin(act.form, viewer, project):
            found.append(NextAct(text_in(act.label), number))
    return found


def _is_open(page: str, viewer: Viewer, project: ProjectBrief) -> bool:
    return page == "schedule" and may_plan(viewer, project)


def _may_begin(form: str, viewer: Viewer, project: ProjectBrief) -> bool:
    known = current_form(form)
    return known is not None and may_file(viewer, known, project.id)


def begun_with(
    act: Act, alert: Alert, project: ProjectBrief, told: Mapping[str, str]
) -> dict[str, Any]:
    """What the form starts with: the act's values, their places filled from the alert."""
    filled = {
        "row": alert.row_label or project.name,
        "row_id": alert.row,
        "owner": first_holder(project.id, OWNER),
        **told,
    }
    values = {}
    for key, text in act.values.items():
        shown = text_in(text)
        for name in VALUES:
            shown = shown.replace("{" + name + "}", filled[name])
        if shown:
            values[key] = shown
    return values
