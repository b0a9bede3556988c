"""How projects stand now by the rules in force, and their alerts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.db import db, unscoped
from portal.definitions.catalog import Catalog, current_catalog
from portal.definitions.json_source import read_source
from portal.definitions.measures import Measured, known_measures, take_measures
from portal.health.counting import counted
from portal.health.limits import own_limits
from portal.health.models import Alert, AlertAct, AlertEvent
from portal.health.rules import SHIPPED, Count, Finding, Level, Rulebook, findings, read_rules
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

_NAMED = "an alert says who began what because of it"


def rules_in_force() -> Rulebook:
    """The rules as published; while nobody published any, the shipped ones."""
    return _rules_of(current_catalog())


@lru_cache(maxsize=4)
def _rules_of(catalog: Catalog) -> Rulebook:
    raw = catalog.health("project")
    return _shipped() if raw is None else read_rules(raw)


@cache
def _shipped() -> Rulebook:
    return read_rules(read_source(SHIPPED.read_text(encoding="utf-8")).value)


def measure(
    book: Rulebook, keys: frozenset[str], projects: Sequence[ProjectBrief], now: datetime
) -> dict[str, list[Measured]]:
    """These figures of these projects: those of centers, and those the rules count."""
    if not projects:
        return {}
    found = take_measures(keys & known_measures().keys(), projects, now)
    counts = [one for one in book.counts if one.key in keys]
    for key, one in counted(counts, projects, now):
        found.setdefault(key, []).append(one)
    return found


def judged(projects: Sequence[ProjectBrief], now: datetime) -> dict[str, list[Finding]]:
    """What the rules find in each project, the worst first; measured in bulk."""
    book = rules_in_force()
    own = own_limits(projects, now)
    return findings(book, measure(book, book.figures, projects, now), own)


@dataclass(frozen=True, slots=True)
class FigureWords:
    """What a figure is called, what it means, what it is measured in, and who is told its value."""

    label: Any
    meaning: Any
    unit: str
    told_to: Callable[[Viewer, str], bool] | None = None


def figure_words(book: Rulebook) -> Mapping[str, FigureWords]:
    """The words of every figure the rules may look at."""
    from portal.web.filters import text_in

    words = {
        key: FigureWords(one.label, one.meaning, one.unit, one.told_to)
        for key, one in known_measures().items()
    }
    for one in book.counts:
        words[one.key] = FigureWords(text_in(one.label), text_in(one.meaning), "count")
    return words


@dataclass(frozen=True, slots=True)
class Done:
    """What was filed because of an alert, as far as the viewer may see it."""

    record_id: str
    form: str
    number: str
    subject: str
    state: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertPage:
    """An alert with its history and what was done about it."""

    alert: Alert
    events: Sequence[AlertEvent]
    done: Sequence[Done]

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart in its project, as findings do."""
        return self.alert.rule, self.alert.row, self.alert.currency


def alerts_of(projects: Sequence[str], *, is_open: bool, limit: int = 200) -> list[AlertPage]:
    """Alerts of some projects, the worst (or, of closed ones, the latest) first."""
    statement = select(Alert).where(Alert.project_id.in_(sorted(projects)))
    if is_open:
        statement = statement.where(Alert.closed_at.is_(None))
        order: tuple[Any, ...] = (Alert.level.desc(), Alert.raised_at, Alert.id)
    else:
        statement = statement.where(Alert.closed_at.is_not(None))
        order = (Alert.closed_at.desc(), Alert.id)
    alerts = db.session.scalars(statement.order_by(*order).limit(limit)).all()
    return _pages(alerts)


def open_levels() -> dict[str, Level]:
    """The worst level among the open alerts of each project the viewer may see."""
    statement = (
        select(Alert.project_id, func.max(Alert.level))
        .where(Alert.closed_at.is_(None))
        .group_by(Alert.project_id)
    )
    return {key: cast("Level", level) for key, level in db.session.execute(statement)}


def open_level(project_id: str) -> Level:
    """The worst level among the open alerts of a project."""
    statement = (
        select(Alert.level)
        .where(Alert.project_id == project_id, Alert.closed_at.is_(None))
        .order_by(Alert.level.desc())
        .limit(1)
    )
    return cast("Level", db.session.scalar(statement) or "green")


def the_alert(alert_id: str) -> Alert | None:
    """An alert the viewer may see."""
    return db.session.scalars(select(Alert).where(Alert.id == alert_id)).first()


def _pages(alerts: Sequence[Alert]) -> list[AlertPage]:
    ids = [one.id for one in alerts]
    events: dict[str, list[AlertEvent]] = {}
    statement = (
        select(AlertEvent)
        .where(AlertEvent.alert_id.in_(ids))
        .order_by(AlertEvent.at, AlertEvent.id)
    )
    for event in db.session.scalars(statement) if ids else ():
        events.setdefault(event.alert_id, []).append(event)
    done = _done(ids)
    return [AlertPage(one, events.get(one.id, ()), done.get(one.id, ())) for one in alerts]


def _done(ids: Sequence[str]) -> dict[str, list[Done]]:
    """The records begun from alerts that the viewer may see, in the order they were begun."""
    if not ids:
        return {}
    statement = (
        select(AlertAct, Record.form, Record.number, Record.subject, Record.state)
        .join(Record, Record.id == AlertAct.record_id)
        .where(AlertAct.alert_id.in_(ids))
        .order_by(AlertAct.at, AlertAct.id)
    )
    rows = db.session.execute(statement).all()
    wanted = sorted({row[0].begun_by for row in rows})
    named = select(Person.id, Person.name).where(Person.id.in_(wanted))
    names = {row.id: row.name for row in db.session.execute(unscoped(named, _NAMED))}
    found: dict[str, list[Done]] = {}
    for act, form, number, subject, state in rows:
        by = names.get(act.begun_by, "")
        found.setdefault(act.alert_id, []).append(
            Done(act.record_id, form, number or "", subject, state, by, act.at)
        )
    return found


def count_of(book: Rulebook, key: str) -> Count | None:
    """A count by key."""
    return next((one for one in book.counts if one.key == key), None)
