"""Alerts come and go by themselves; a person begins what is done about one."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import N_, Conflict
from portal.health.models import Alert, AlertAct, AlertEvent
from portal.health.queries import judged
from portal.health.rules import ORDER, Finding
from portal.ids import new_id
from portal.notify import services as notify
from portal.projects.models import Membership, Project
from portal.projects.queries import visible_projects
from portal.records.transitions import Transition
from portal.web.viewer import ProjectBrief, Viewer

PLACES = Decimal("0.0001")
MANAGER = "project_manager"
WHY = "alerts are raised for everybody, whoever looks"
OVER = N_("This alert is closed: the figure came back.")


class Stirred:
    """Whether anything changed since alerts were looked at last, as far as this process knows."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def note(self, transition: Transition) -> None:
        """A record of a project changed its state: its figures may be others."""
        if transition.record.project_id is not None:
            self._event.set()

    def take(self) -> bool:
        """Whether something did, since this was asked last."""
        was = self._event.is_set()
        self._event.clear()
        return was


stirred = Stirred()


def watch(now: datetime) -> int:
    """Raise, update and close the alerts of all active projects; how many came, changed or went.

    Called by the tick, with the eyes of the portal itself.
    """
    projects = visible_projects(status="active")
    found = judged(projects, now)
    known = _open()
    moved = 0
    for project in projects:
        before = {
            (one.rule, one.row, one.currency): one for one in known if one.project_id == project.id
        }
        moved += _compare(project, before, found.get(project.id, ()), now)
    return moved


def _open() -> Sequence[Alert]:
    """Open alerts of active projects; those of others sleep until the project is active again."""
    statement = (
        select(Alert)
        .join(Project, Project.id == Alert.project_id)
        .where(Alert.closed_at.is_(None), Project.status == "active")
        .order_by(Alert.id)
    )
    return db.session.scalars(unscoped(statement, WHY)).all()


def _compare(
    project: ProjectBrief,
    before: Mapping[tuple[str, str, str], Alert],
    found: Sequence[Finding],
    now: datetime,
) -> int:
    beyond = {one.key: one for one in found if one.level != "green"}
    within = {one.key: one for one in found if one.level == "green"}
    moved = 0
    for key, one in beyond.items():
        alert = before.get(key)
        if alert is None:
            _raise(project, one, now)
            moved += 1
        else:
            moved += _follow(project, alert, one, now)
    for key, alert in before.items():
        if key not in beyond:
            _close(alert, within.get(key), now)
            moved += 1
    return moved


def _raise(project: ProjectBrief, one: Finding, now: datetime) -> None:
    alert = Alert(
        id=new_id(),
        project_id=project.id,
        rule=one.rule.key,
        figure=one.rule.figure,
        row=one.measured.row,
        row_label=one.measured.row_label[:300],
        currency=one.measured.currency,
        level=one.level,
        value=_kept(one),
        raised_at=now,
    )
    db.session.add(alert)
    _note(alert, "raised", now)
    _tell(project, alert, one, now)


def _follow(project: ProjectBrief, alert: Alert, one: Finding, now: datetime) -> int:
    """The figure is still beyond: its value, and its color where that changed."""
    value, level = _kept(one), one.level
    if level == alert.level:
        if value != alert.value:
            alert.value = value
        return 0
    is_worse = ORDER[level] < ORDER[alert.level]
    alert.level, alert.value = level, value
    _note(alert, "worse" if is_worse else "better", now)
    if is_worse:
        _tell(project, alert, one, now)
    return 1


def _close(alert: Alert, one: Finding | None, now: datetime) -> None:
    """The figure came back, or is measured no more (then its last value stays)."""
    if one is not None:
        alert.value = _kept(one)
    alert.closed_at = now
    _note(alert, "closed", now, is_measured=one is not None)


def _kept(one: Finding) -> Decimal:
    return one.measured.value.quantize(PLACES)


def _note(alert: Alert, kind: str, now: datetime, *, is_measured: bool = True) -> None:
    value = alert.value if is_measured else None
    event = AlertEvent(alert_id=alert.id, kind=kind, level=alert.level, value=value, at=now)
    db.session.add(event)


def _tell(project: ProjectBrief, alert: Alert, one: Finding, now: datetime) -> None:
    """The managers of the project hear of it."""
    statement = (
        select(Membership.person_id)
        .where(Membership.project_id == project.id, Membership.role == MANAGER)
        .order_by(Membership.person_id)
    )
    page = current_app.url_map.bind("").build("health.project", {"code": project.code})
    title = one.rule.title
    for person_id in db.session.scalars(unscoped(statement, WHY)):
        notify.tell_of(
            person_id,
            f"alert_{alert.level}",
            page=page,
            subject=project.name,
            now=now,
            number=project.code,
            title={"en": title.in_language("en"), "zh": title.in_language("zh")},
            row=alert.row_label,
        )


def begin_act(*, actor: Viewer, alert: Alert, now: datetime) -> str:
    """Note that somebody begins a form because of an alert; the id the record will have.

    Raises Conflict when the alert is closed.
    """
    if alert.closed_at is not None:
        raise Conflict(OVER)
    record_id = new_id()
    db.session.add(
        AlertAct(alert_id=alert.id, record_id=record_id, begun_by=actor.person_id, at=now)
    )
    return record_id
