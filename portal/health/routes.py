"""The health of a project, the alerts of all of them, and what is begun from an alert."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.definitions import queries as definitions
from portal.errors import N_, Forbidden, NotFound
from portal.health import queries, services, shown
from portal.health.limits import FORM
from portal.health.rules import worst
from portal.health.tables import alert_table, rule_table
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, Table, TakenAlong
from portal.projects.queries import project_brief, visible_projects
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.area import Area
from portal.web.viewer import ProjectBrief, Viewer, current_viewer
from portal.web.words import gettext as _

area = Area("health", __name__)


@area.page("/projects/<code>/health", access=signed_in)
def project(code: str) -> str:
    """What the rules say of a project, its open alerts and what comes next, and closed ones."""
    one = project_for_figures(code)
    book, found = queries.rules_in_force(), queries.judged([one], clock.now()).get(one.id, [])
    words = queries.figure_words(book)
    viewer = current_viewer()
    opened = queries.alerts_of([one.id], is_open=True)
    return render_template(
        "health/project.html",
        level=worst(found),
        judgments=[shown.judgment(each, words) for each in found],
        opened=opened,
        ways={each.key: each.measured.way.url for each in found},
        closed=queries.alerts_of([one.id], is_open=False, limit=50),
        acts={
            each.alert.id: shown.next_acts(each.alert, book.rule(each.alert.rule), viewer, one)
            for each in opened
        },
        thresholds_url=_thresholds_url(viewer, one),
        **_words(book, words),
        **around(one),
    )


@area.page(f"/projects/<code>/health.{FORMAT}", access=signed_in)
def project_file(code: str, kind: str) -> BaseResponse:
    """The rules with their figures, and the alerts, to take along."""
    one = project_for_figures(code)
    book, found = queries.rules_in_force(), queries.judged([one], clock.now()).get(one.id, [])
    words = queries.figure_words(book)
    tables = [
        rule_table(shown.judgment(each, words) for each in found),
        _alerts([one], _("Open alerts"), is_open=True),
        _alerts([one], _("Closed alerts"), is_open=False),
    ]
    shown_tables = [tables[0], *(table for table in tables[1:] if table.rows)]
    url = url_for("health.project", code=one.code, _external=True)
    title, level = _("Project health"), shown.level_word(worst(found))
    return TakenAlong(one, "health", title, level, shown_tables, url).answer(kind)


def _thresholds_url(viewer: Viewer, project: ProjectBrief) -> str:
    """Where thresholds of a project's own are filed; empty for whom they do not concern."""
    form = definitions.form_in(FORM, project.id)
    if form is None or not definitions.concerns(viewer, form):
        return ""
    return url_for("records.index", form_key=FORM, project=project.code)


@area.page("/alerts", access=signed_in)
def index() -> str:
    """The open alerts of all projects the viewer may see the figures of."""
    if current_viewer().is_external:
        raise NotFound
    projects = {one.id: one for one in visible_projects()}
    book = queries.rules_in_force()
    return render_template(
        "health/index.html",
        opened=queries.alerts_of(sorted(projects), is_open=True),
        projects=projects,
        **_words(book, queries.figure_words(book)),
    )


@area.page(f"/alerts.{FORMAT}", access=signed_in)
def index_file(kind: str) -> BaseResponse:
    """The open alerts to take along."""
    if current_viewer().is_external:
        raise NotFound
    tables = [_alerts(list(visible_projects()), _("Open alerts"), is_open=True)]
    url = url_for("health.index", _external=True)
    return TakenAlong(None, "alerts", _("Alerts"), "", tables, url).answer(kind)


@area.action("/alerts/<alert_id>/acts/<int:number>", access=signed_in)
def begin(alert_id: str, number: int) -> BaseResponse:
    """Begin a form because of an alert: it opens filled in, and the alert shows it once saved."""
    viewer, alert = current_viewer(), queries.the_alert(alert_id)
    if alert is None:
        raise NotFound
    one, book = project_brief(alert.project_id), queries.rules_in_force()
    rule = book.rule(alert.rule)
    if one is None or rule is None or number >= len(rule.acts) or not rule.acts[number].form:
        raise NotFound
    act = rule.acts[number]
    form = definitions.current_form(act.form)
    if form is None or not definitions.may_file(viewer, form, one.id):
        raise Forbidden(N_("You may not file this form in this project."))
    record_id = services.begin_act(actor=viewer, alert=alert, now=clock.now())
    words = queries.figure_words(book)
    told = {
        "rule": shown.alert_title(alert, book),
        "value": shown.alert_value(alert.value, alert, words),
    }
    given = shown.begun_with(act, alert, one, told)
    return see_other(
        url_for("records.new", form_key=act.form, project=one.code, _record=record_id, **given)
    )


def _alerts(projects: Sequence[ProjectBrief], title: str, *, is_open: bool) -> Table:
    known = {one.id: one for one in projects}
    book = queries.rules_in_force()
    words = _words(book, queries.figure_words(book))
    found = queries.alerts_of(sorted(known), is_open=is_open)
    return alert_table(title, found, words["alert_title"], words["alert_value"], known)


def _words(book: Any, words: Any) -> dict[str, Any]:
    """What templates ask for the words of alerts."""
    return {
        "titles": definitions.form_titles(),
        "alert_title": lambda alert: shown.alert_title(alert, book),
        "alert_value": lambda value, alert: shown.alert_value(value, alert, words),
    }
