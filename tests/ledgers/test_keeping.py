"""Figures kept in memory: as they are now, whoever looks, and worked out anew only where needed."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import SYSTEM, db, set_context, write_transaction
from portal.ledgers.keeping import Kept
from portal.ledgers.models import CostEntry
from portal.ledgers.services import on_transition
from portal.records.models import Record
from portal.records.transitions import Transition
from portal.web.viewer import Viewer
from tests.conftest import ON_POSTGRES
from tests.ledgers.site import Site
from tests.ledgers.world import NOW


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


class Asked:
    """Answers with how often it was asked for a project, and notes which."""

    def __init__(self) -> None:
        self.kept: Kept[int] = Kept()
        self.times: dict[str, int] = {}

    def of(self, *projects: str, version: str = "") -> list[int]:
        found = self.kept.of(projects, version, self._compute)
        return [found[one] for one in projects]

    def _compute(self, projects: list[str]) -> dict[str, int]:
        for one in projects:
            self.times[one] = self.times.get(one, 0) + 1
        return {one: self.times[one] for one in projects}


def test_what_nothing_was_posted_in_is_not_worked_out_again(site: Site) -> None:
    one, two = site.world.project.id, site.world.another_project("P2", "CNY").id
    asked = Asked()
    assert asked.of(one, two) == [1, 1]
    assert asked.of(one, two) == [1, 1]
    code = site.entry("cost_code", "01", "Steel")
    document = site.cost(("actual", code, "10"))
    db.session.commit()
    assert asked.of(one, two) == [2, 1], "something was posted in the first"
    assert asked.of(one, two) == [2, 1]
    site.world.move(document, "void")
    db.session.commit()
    assert asked.of(one, two) == [3, 1], "taking back is posting, too"
    assert asked.of(one, two, version="other") == [4, 2]
    assert asked.of(one, two, version="other") == [4, 2]


def test_what_is_not_committed_is_kept_for_nobody(site: Site) -> None:
    one, asked = site.world.project.id, Asked()
    code = site.entry("cost_code", "01", "Steel")
    db.session.commit()
    assert asked.of(one) == [1]
    site.cost(("actual", code, "10"))
    assert asked.of(one) == [2], "whoever posts sees it"
    db.session.rollback()
    assert asked.of(one) == [1], "what was undone never was"
    site.cost(("actual", code, "20"))
    db.session.commit()
    assert asked.of(one) == [3], "another posting in its place is another state"


def test_a_savepoint_is_no_commit(site: Site) -> None:
    one, asked = site.world.project.id, Asked()
    code = site.entry("cost_code", "01", "Steel")
    db.session.commit()
    assert asked.of(one) == [1]
    with db.session.begin_nested():
        site.cost(("actual", code, "10"))
    assert [asked.of(one), asked.of(one)] == [[2], [3]], "nobody else may see it yet"
    db.session.commit()
    assert [asked.of(one), asked.of(one)] == [[4], [4]]


def test_what_one_may_not_see_is_never_kept_for_others(site: Site) -> None:
    code = site.entry("cost_code", "01", "Steel")
    site.cost(("actual", code, "10"))
    db.session.commit()
    one, asked = site.world.project.id, Asked()
    set_context(db.session(), Viewer(person_id="nobody"))
    assert asked.of(one) == [1]
    set_context(db.session(), SYSTEM)
    assert asked.of(one) == [2], "what was empty for whom may not see is not what there is"


class Spent:
    """What a project spent, kept; read in the session of whoever asks."""

    def __init__(self) -> None:
        self.kept: Kept[Decimal] = Kept()

    def of(self, project: str) -> Decimal:
        return self.kept.of([project], "", self._compute)[project]

    @staticmethod
    def _compute(projects: list[str]) -> dict[str, Decimal]:
        amount = func.sum(CostEntry.amount, type_=CostEntry.amount.type)
        chosen = select(amount).where(CostEntry.project_id == projects[0])
        return {projects[0]: db.session.scalar(chosen) or Decimal(0)}


class Writer:
    """Posts in a transaction of its own, and commits when told to."""

    def __init__(self, app: Flask, record_id: str) -> None:
        self._app, self._record_id = app, record_id
        self.posted, self._told = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._app.app_context():
            set_context(db.session(), SYSTEM)
            with write_transaction():
                record = db.session.get_one(Record, self._record_id)
                record.state, record.transition_seq = "approved", 1
                actor = Viewer(person_id=record.requester_id)
                on_transition(Transition(record, "submitted", "approved", 1, actor, NOW))
                db.session.flush()
                self.posted.set()
                assert self._told.wait(30)

    def commit(self) -> None:
        self._told.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def look(app: Flask, spent: Spent, project: str) -> Decimal:
    """What a request sees of a project."""
    with app.app_context():
        set_context(db.session(), SYSTEM)
        return spent.of(project)


def drafts(site: Site, *amounts: str) -> list[str]:
    """Documents of these amounts that wait for their last signature; committed."""
    code = site.entry("cost_code", "01", "Steel")
    made = []
    for amount in amounts:
        row = {"_id": "r1", "bucket": "actual", "code": code, "amount": amount}
        data = {"reason": "Steel", "currency": "CNY", "lines": [row]}
        made.append(site.world.record("cost_document", data, state="submitted").id)
    db.session.commit()
    return made


def test_a_figure_follows_each_commit_while_others_are_under_way(site: Site, app: Flask) -> None:
    """On PostgreSQL two transactions post in a project; the later one commits first."""
    spent, project = Spent(), site.world.project.id
    early, late = drafts(site, "10", "200")
    db.session.remove()
    first = Writer(app, early)
    assert first.posted.wait(30)
    assert look(app, spent, project) == 0, "nothing is committed yet"
    if ON_POSTGRES:  # on SQLite the second one is not even begun
        second = Writer(app, late)
        assert second.posted.wait(30), "nobody who posts waits for another"
        assert look(app, spent, project) == 0
        second.commit()
        assert look(app, spent, project) == 200
    first.commit()
    assert look(app, spent, project) == (210 if ON_POSTGRES else 10), "by the older ids"
    if not ON_POSTGRES:
        Writer(app, late).commit()
        assert look(app, spent, project) == 210


def test_many_at_once_leave_no_old_figure(site: Site, app: Flask) -> None:
    spent, project = Spent(), site.world.project.id
    ids = drafts(site, *(str(2**n) for n in range(6)))
    db.session.remove()
    first, rest = (ids[:3], ids[3:]) if ON_POSTGRES else ([], ids)
    seen = []
    for writer in reversed([Writer(app, one) for one in first]):
        writer.commit()
        seen.append(look(app, spent, project))
    for one in rest:
        Writer(app, one).commit()
        seen.append(look(app, spent, project))
    assert seen[-1] == 63
    assert seen == sorted(set(seen)), "each commit is seen at once"
