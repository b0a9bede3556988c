"""How the story is told: the same every time, whole or not at all, and never in the future."""

import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, ids
from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.audit.models import AuditRow
from portal.db import db, system_context
from portal.demo import harbor, history, loading
from portal.demo.photos import site_photo
from portal.demo.stage import Life, Stage
from portal.demo.story import Story
from portal.demo.workdays import ZONE, opened, working_moment
from portal.records import filekinds
from portal.records.models import Record
from tests.conftest import build_app

SMALL = replace(harbor.SITE, contracts=harbor.SITE.contracts[:2], changes=harbor.SITE.changes[:1])
NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)  # a Wednesday


pytestmark = pytest.mark.any_database


def _load_small(home: Path, empty: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    home.mkdir()
    shutil.copy(empty, home / "portal.db")
    monkeypatch.setattr(loading, "SITES", (SMALL,))
    monkeypatch.setitem(history.TICKETS, "HB01", 16)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    app = build_app(home)
    loading.load(app)
    with app.app_context(), system_context("tests compare two loads"):
        records = select(Record.id, Record.number, Record.state, Record.sha256).order_by(Record.id)
        found = [tuple(str(value) for value in row) for row in db.session.execute(records)]
        last = select(AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)
        found.append((db.session.scalars(last).one(),))
        db.engine.dispose()
    return found


def test_two_loads_at_the_same_moment_are_equal_to_the_last_hash(
    tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _load_small(tmp_path / "one", empty_sqlite, monkeypatch)
    second = _load_small(tmp_path / "two", empty_sqlite, monkeypatch)
    assert len(first) > 60
    assert first == second


def test_an_interrupted_load_leaves_the_database_empty(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Stage) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Story, "tell", stop)
    with pytest.raises(KeyboardInterrupt):
        loading.load(app)
    with app.app_context(), system_context("tests look what is left"):
        company = accounts.company()
        assert company is None or not company.ready
        assert db.session.scalars(select(Person)).all() == []
        assert db.session.scalars(select(Record)).all() == []
    assert ids.new_id() != ids.new_id()


def test_after_a_load_ids_are_random_again(
    tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Story, "tell", lambda self: None)
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(empty_sqlite, home / "portal.db")
    loading.load(build_app(home))
    assert abs(int(ids.new_id().replace("-", "")[:12], 16) / 1000 - clock.now().timestamp()) < 60


def test_lives_take_turns_in_the_order_of_time_and_stop_today() -> None:
    stage = Stage(random.Random(1), end=NOON, now=NOON - timedelta(days=3))
    seen: list[str] = []

    def life(name: str, days: int) -> Life:
        for _turn in range(3):
            seen.append(name)
            yield stage.now + timedelta(days=days)

    stage.begin(life("slow", 2), NOON - timedelta(days=3))
    stage.begin(life("quick", 1), NOON - timedelta(days=2, hours=12))
    stage.tell()
    assert seen == ["slow", "quick", "quick", "slow", "quick"]
    assert stage.now <= NOON


def test_a_life_begun_by_another_one_draws_the_same_whenever_its_turn_comes() -> None:
    drawn: list[list[float]] = []

    def second(stage: Stage, into: list[float]) -> Life:
        into.append(stage.chance.random())
        yield stage.end

    def first(stage: Stage, into: list[float]) -> Life:
        stage.begin(second(stage, into), stage.now, "second")
        yield stage.end

    def idle() -> Life:
        yield NOON

    for others in (0, 3):
        stage = Stage(random.Random(1), end=NOON, now=NOON - timedelta(days=3))
        drawn.append([])
        for _other in range(others):
            stage.begin(idle(), stage.now)
        stage.begin(first(stage, drawn[-1]), stage.now)
        stage.tell()
    assert drawn[0] == drawn[1] != []


def test_people_work_on_weekdays_and_saturdays_from_eight_to_six() -> None:
    saturday_evening = datetime(2026, 3, 21, 17, tzinfo=ZONE)
    assert working_moment(saturday_evening, 2).astimezone(ZONE) == datetime(
        2026, 3, 23, 9, tzinfo=ZONE
    )
    assert opened(datetime(2026, 3, 22, 12, tzinfo=ZONE)) == datetime(2026, 3, 23, 8, tzinfo=ZONE)


def test_a_photo_is_a_small_jpeg_and_the_same_every_time() -> None:
    photo = site_photo("HB01-1")
    kind = filekinds.judge(photo)
    assert kind is not None
    assert kind.kind == "image"
    assert len(photo) < 60_000
    assert photo == site_photo("HB01-1")
    assert photo != site_photo("HB01-2")
