"""Pages of forms are counted: by form, release, act and day, never by person."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from portal.db import db, system_context
from portal.usage import counting, queries
from portal.usage.counting import Count, Key
from portal.usage.models import FormDay
from tests.stage import Stage

DAY = date(2026, 3, 2)


def stored(stage: Stage) -> dict[tuple[str, str], tuple[int, int]]:
    with stage.app.app_context(), system_context("a test"):
        rows = db.session.scalars(select(FormDay)).all()
        return {(one.form, one.act): (one.times, one.refused) for one in rows}


def write_now(stage: Stage) -> None:
    """What this process holds is written down, as after the half minute."""
    memory = stage.app.extensions["usage"]
    taken, memory.counts = memory.counts, {}
    with stage.app.app_context(), system_context("a test"):
        counting.write(taken)


def test_opening_sending_and_looking_are_counted(stage: Stage) -> None:
    stage.app.extensions["usage"].counts.clear()
    browser = stage.browser("rita")
    browser.get("/forms/purchase/new?project=P1")
    browser.get("/forms/purchase/new?project=P1")
    browser.get("/forms/purchase")
    record = stage.filed()
    browser.get(f"/records/{record}")
    write_now(stage)
    found = stored(stage)
    assert found["purchase", "open"] == (2, 0)
    assert found["purchase", "list"] == (1, 0)
    assert found["purchase", "read"] == (1, 0)


def test_a_refused_sending_counts_as_refused(stage: Stage) -> None:
    stage.app.extensions["usage"].counts.clear()
    browser = stage.browser("rita")
    draft = stage.draft("rita", {"title": "Nothing else"})
    with stage.looking("rita"):
        revision = stage.record(draft).revision
    page = browser.get(f"/records/{draft}/edit").text
    token = page.split('name="csrf_token"', 1)[-1].split('value="', 1)[-1].split('"', 1)[0]
    answer = browser.post(
        f"/records/{draft}/submit",
        data={"csrf_token": token, "_form": "purchase", "_revision": str(revision), "title": ""},
    )
    assert answer.status_code == 422
    write_now(stage)
    assert stored(stage)["purchase", "send"] == (1, 1)


def test_counts_of_several_workers_add_up(stage: Stage) -> None:
    key = Key("purchase", "r1", "open", DAY)
    with stage.app.app_context(), system_context("a test"):
        counting.write({key: Count(2, 0, 30, 20)})
        counting.write({key: Count(3, 1, 70, 50)})
        counting.write({key: Count(1, 0, 10, 10), key._replace(act="send"): Count(4, 2, 8, 4)})
        found = queries.habits(["purchase"], DAY)
        assert found["purchase", "open"] == queries.Habit(6, 1, 18, 50)
        assert queries.sendings("r1", DAY, ["purchase"])[0] == queries.Habit(4, 2)
        assert queries.habits(["purchase"], date(2026, 3, 3)) == {}


def test_nothing_is_written_before_the_half_minute(stage: Stage) -> None:
    memory = counting._Memory()
    memory.add(Key("purchase", "r1", "open", DAY), 5, refused=False)
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert memory.take(at) == {}
    assert memory.take(at.replace(second=29)) == {}
    assert len(memory.take(at.replace(second=31))) == 1
    assert memory.take(at.replace(minute=5)) == {}
