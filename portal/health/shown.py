"""Findings and alerts in words: the figure, its threshold, what raised it, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.definitions.queries import current_form, may_file
from portal.health.models import Alert
from portal.health.queries import FigureWords, figure_words, judged, rules_in_force
from portal.health.rules import Act, Finding, Level, Rule, Rulebook
from portal.web.filters import money, quantity, text_in
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _

VALUES = {"row", "row_id", "value", "rule"}


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


def limit_text(rule: Rule, level: Level, unit: str) -> str:
    """The threshold that counts: the one that was passed, or for green the next one."""
    limit = rule.red if level == "red" else rule.amber if rule.amber is not None else rule.red
    if limit is None:
        return ""
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
        value_text(measured.value, unit, measured.currency),
        measured.way.url,
        one.level,
        limit_text(one.rule, one.level, unit),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """The color of a project, and the finding it comes from."""

    level: Level
    because: Judgment


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
    known = words.get(alert.figure)
    return value_text(value, known.unit if known else "count", alert.currency)


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
        elif act.form and _may_begin(act.form, viewer, project):
            found.append(NextAct(text_in(act.label), number))
    return found


def _may_begin(form: str, viewer: Viewer, project: ProjectBrief) -> bool:
    known = current_form(form)
    return known is not None and may_file(viewer, known, project.id)


def begun_with(
    act: Act, alert: Alert, project: ProjectBrief, told: Mapping[str, str]
) -> dict[str, Any]:
    """What the form starts with: the act's values, their places filled from the alert."""
    row = alert.row_label or project.name
    filled = {"row": row, "row_id": alert.row, "value": told["value"], "rule": told["rule"]}
    values = {}
    for key, text in act.values.items():
        shown = text_in(text)
        for name in VALUES:
            shown = shown.replace("{" + name + "}", filled[name])
        values[key] = shown
    return values
