"""Whatever people do with the documents of all modules, in whatever order, the books agree."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.accounts.models import Person
from portal.accounts.sessions import viewer_of
from portal.approvals import services as approvals
from portal.approvals import voiding
from portal.approvals.models import Task
from portal.approvals.services import Seen
from portal.audit.queries import verify
from portal.db import SYSTEM, begin_write, db, set_context, system_context
from portal.errors import PortalError
from portal.ids import new_id
from portal.ledgers import reconciliation
from portal.records import services as records
from portal.records.entry import copying, opening
from portal.records.models import Record
from portal.web.viewer import Viewer
from tests.bounds import PROVE

STEPS = 600 if PROVE else 120
SEED = random.randrange(10**9) if PROVE else 7


class Crowd:
    """People who act at random on the demo's records; what is refused changes nothing."""

    def __init__(self, app: Flask, chance: random.Random) -> None:
        self.app, self.chance, self.now = app, chance, clock.now()
        self.done: Counter[str] = Counter()
        self.forms: set[str] = set()

    def step(self) -> None:
        act = self.chance.choice(
            [self.approve, self.approve, self.approve, self.reject, self.send_back, self.withdraw,
             self.resubmit, self.void, self.void, self.void, self.amend, self.amend]
        )  # fmt: skip
        self.now += timedelta(minutes=self.chance.randint(1, 90))
        with self.app.test_request_context():
            begin_write()
            try:
                set_context(db.session(), SYSTEM)
                form = act()
                db.session.commit()
            except PortalError:
                db.session.rollback()
                return
        if form:
            self.done[act.__name__] += 1
            self.forms.add(form)

    def _one(self, *states: str) -> Record | None:
        found = db.session.execute(
            select(Record.id).where(Record.state.in_(states)).order_by(Record.id)
        ).all()
        return db.session.get_one(Record, self.chance.choice(found)[0]) if found else None

    def _as(self, person_id: str) -> Viewer:
        viewer = viewer_of(person_id)
        db.session.expunge_all()
        set_context(db.session(), viewer)
        return viewer

    def _at_task(self, act: Callable[[Viewer, Task, Seen], object]) -> str:
        rows = db.session.execute(
            select(Task.id).where(Task.state == "open").order_by(Task.id)
        ).all()
        if not rows:
            return ""
        task = db.session.get_one(Task, self.chance.choice(rows)[0])
        record = db.session.get_one(Record, task.record_id)
        form, seen, person = record.form, Seen(task.epoch, record.revision), task.person_id
        act(self._as(person), task, seen)
        return form

    def approve(self) -> str:
        return self._at_task(
            lambda actor, task, seen: approvals.approve(
                actor=actor, task_id=task.id, seen=seen, now=self.now
            )
        )

    def reject(self) -> str:
        return self._at_task(
            lambda actor, task, seen: approvals.reject(
                actor=actor, task_id=task.id, seen=seen, comment="no", now=self.now
            )
        )

    def send_back(self) -> str:
        return self._at_task(
            lambda actor, task, seen: approvals.send_back(
                actor=actor, task_id=task.id, seen=seen, to="start", comment="mend", now=self.now
            )
        )

    def withdraw(self) -> str:
        record = self._one("submitted", "returned")
        if record is None:
            return ""
        key, form = record.id, record.form
        actor = self._as(record.requester_id)
        approvals.withdraw(actor=actor, record_id=key, comment="", now=self.now)
        return form

    def resubmit(self) -> str:
        record = self._one("returned")
        if record is None:
            return ""
        key, form, revision = record.id, record.form, record.revision
        actor = self._as(record.requester_id)
        approvals.submit(actor=actor, record_id=key, seen_revision=revision, now=self.now)
        return form

    def void(self) -> str:
        record = self._one("approved")
        if record is None:
            return ""
        key, form, revision = record.id, record.form, record.revision
        people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
        may = [one for one in people if voiding.may_void(viewer_of(one), record)]
        if not may:
            return ""
        actor = self._as(self.chance.choice(may))
        voiding.void(
            actor=actor, record_id=key, seen_revision=revision, reason="at random", now=self.now
        )
        return form

    def amend(self) -> str:
        """Somebody files a copy of one of their records."""
        record = self._one("approved", "void", "rejected", "withdrawn")
        if record is None:
            return ""
        key, form, project = record.id, record.form, record.project_id
        actor = self._as(record.requester_id)
        current = opening.current_form(actor, form)
        entry = opening.new_entry(actor, current, project, new_id(), self.now)
        copy = copying.copied(entry, copying.source_of(form, key))
        origin = records.Origin(form, project, copy.data)
        made = records.start_draft(
            actor=actor, record_id=copy.record_id, origin=origin, now=self.now
        )
        approvals.submit(actor=actor, record_id=made.id, seen_revision=made.revision, now=self.now)
        return form


def problems(app: Flask, now: datetime) -> list[str]:
    with app.app_context(), system_context("a test"):
        return [str(one.message) for one in reconciliation.all_problems(now)]


def test_random_sequences_over_all_modules_keep_every_control_total(demo_copy: Flask) -> None:
    app = demo_copy
    assert problems(app, clock.now()) == []
    crowd = Crowd(app, random.Random(SEED))
    for number in range(STEPS):
        crowd.step()
        if number % 40 == 39:
            assert problems(app, crowd.now) == [], (SEED, number, crowd.done)
    assert problems(app, crowd.now) == [], (SEED, crowd.done)
    with app.app_context(), system_context("a test"):
        assert verify().whole
    assert sum(crowd.done.values()) > STEPS // 4, crowd.done
    assert len(crowd.done) >= 5, crowd.done
    assert len(crowd.forms) >= 10, crowd.forms
