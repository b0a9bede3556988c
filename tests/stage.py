"""The cast of the record and approval tests: a company, its projects, one module and its people."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import doctor
from portal.accounts import services as accounts
from portal.accounts.models import Company, Person
from portal.accounts.services.login_sessions import open_session
from portal.accounts.sessions import viewer_of
from portal.approvals import services as approvals
from portal.approvals.models import Task
from portal.approvals.services import Seen
from portal.approvals.shell import Outcome
from portal.clock import now as real_now
from portal.db import begin_write, db, set_context, system_context, write_transaction
from portal.definitions import services as definitions
from portal.projects import services as projects
from portal.records import services as records
from portal.records.models import Record
from portal.web.viewer import Viewer
from tests.conftest import ON_POSTGRES, Lending, build_app

WORKS = Path(__file__).parent / "definitions_for_tests" / "works"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

# login: project roles in P1; everybody else is somewhere else or nowhere
IN_P1 = {
    "rita": ("member",),
    "ron": ("member",),
    "carl": ("checker",),
    "chloe": ("checker",),
    "beth": ("board",),
    "bob": ("board",),
    "bill": ("board",),
    "mark": ("project_manager",),
}
IN_P2 = {"olga": ("member",), "mona": ("project_manager",)}
COMPANY = {"fin": "finance", "cleo": "cost_clerk"}
SYSTEM = {"audrey": "auditor", "oskar": "operator", "paul": "people_admin"}
OUTSIDERS = ("nobody",)
EXTERNAL = "eve"

LINE = {"_id": "r1", "item": "Concrete", "qty": "10", "price": "20"}


_beside: dict[str, tuple[Flask, dict[str, Any]]] = {}


class Clock:
    """Moments a test can tell apart: each call is a second later."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Stage:
    """An application with people by login, projects by code, and two register entries."""

    app: Flask
    people: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)
    now: Clock = field(default_factory=Clock)
    template: str = ""
    twins: list[Flask] = field(default_factory=list)

    @contextmanager
    def acting(self, login: str) -> Iterator[Viewer]:
        """A request's worth of work by one person: write lock first, commit at the end."""
        with self.app.app_context():
            begin_write()
            try:
                viewer = viewer_of(self.people[login])
                set_context(db.session(), viewer)
                yield viewer
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise

    @contextmanager
    def looking(self, login: str) -> Iterator[Viewer]:
        """Reading with one person's eyes."""
        with self.app.app_context():
            viewer = viewer_of(self.people[login])
            set_context(db.session(), viewer)
            yield viewer
            db.session.rollback()

    @contextmanager
    def system(self, *, writing: bool = False) -> Iterator[None]:
        """Looking at everything, or arranging something behind everybody's back."""
        with self.app.app_context(), system_context("a test"):
            if writing:
                with write_transaction():
                    yield
            else:
                yield

    # Services, each in a transaction of its own

    def purchase(self, **more: Any) -> dict[str, Any]:
        """A purchase that may be filed as it is: 200.00, below the board's threshold."""
        line = {**LINE, "cost_code": self.entries["cost_code"]}
        return {"title": "Concrete for the pit", "urgency": "low", "lines": [line], **more}

    def large(self, **more: Any) -> dict[str, Any]:
        """A purchase of 2,000.00, which the board sees."""
        line = {**LINE, "price": "200", "cost_code": self.entries["cost_code"]}
        return self.purchase(lines=[line], **more)

    def draft(
        self,
        login: str = "rita",
        data: Mapping[str, Any] | None = None,
        form: str = "purchase",
        project: str | None = "P1",
    ) -> str:
        """A saved draft; returns its id."""
        with self.acting(login) as viewer:
            given = self.purchase() if data is None else data
            where = self.projects[project] if project else None
            origin = records.Origin(form, where, given)
            record = records.start_draft(actor=viewer, record_id="", origin=origin, now=self.now())
            records.save_draft(actor=viewer, record=record, data=given, now=self.now())
            return record.id

    def submit(self, record_id: str, login: str = "rita", **options: Any) -> None:
        """File it, having seen its newest version."""
        options.setdefault("seen_revision", self.record(record_id).revision)
        with self.acting(login) as viewer:
            approvals.submit(actor=viewer, record_id=record_id, now=self.now(), **options)

    def filed(self, data: Mapping[str, Any] | None = None, login: str = "rita") -> str:
        """A purchase on its way; returns its id."""
        record_id = self.draft(login, data)
        self.submit(record_id, login)
        return record_id

    def entry(self, login: str, form: str, project: str | None, **data: Any) -> str:
        """An approved entry of a register; returns its id."""
        record_id = self.draft(login, data, form, project)
        self.submit(record_id, login)
        return record_id

    def task(self, login: str, record_id: str) -> tuple[str, Seen]:
        """The open task of a person on a record, and what they see of it."""
        with self.system():
            row = db.session.execute(
                select(Task.id, Task.epoch, Record.revision)
                .join(Record, Record.id == Task.record_id)
                .where(
                    Task.record_id == record_id,
                    Task.person_id == self.people[login],
                    Task.state == "open",
                )
            ).one()
            return row.id, Seen(row.epoch, row.revision)

    def decide(self, verb: str, login: str, record_id: str, **more: Any) -> Outcome:
        """A decision at one's own task: approve, reject, send_back, transfer, edit."""
        task_id, seen = self.task(login, record_id)
        if verb in {"reject", "send_back", "transfer"}:
            more.setdefault("comment", "because")
        with self.acting(login) as viewer:
            act = getattr(approvals, verb)
            done: Outcome = act(actor=viewer, task_id=task_id, seen=seen, now=self.now(), **more)
            return done

    def approve(self, record_id: str, *logins: str) -> None:
        """Approve one after the other; the manager fills in the budget line."""
        for login in logins:
            more: dict[str, Any] = {}
            if login in {"mark", "mona"}:
                more["data"] = {**self.record(record_id).data, "budget_line": "B-1"}
            self.decide("approve", login, record_id, **more)

    # Looking

    def record(self, record_id: str) -> Record:
        """A record as it is stored now, loose from any session."""
        with self.system():
            found = db.session.get_one(Record, record_id)
            db.session.expunge(found)
            return found

    def rows(self, model: Any, **where: Any) -> Sequence[Any]:
        """Stored rows, loose from any session."""
        with self.system():
            found = db.session.scalars(select(model).filter_by(**where)).all()
            db.session.expunge_all()
            return found

    def open_tasks(self, record_id: str) -> set[str]:
        """The logins a record waits for."""
        names = {person: login for login, person in self.people.items()}
        return {names[t.person_id] for t in self.rows(Task, record_id=record_id, state="open")}

    def problems(self) -> dict[str, list[str]]:
        """What the doctor finds; empty when all is well."""
        with self.system():
            return {name: found for name, found in doctor.examine().items() if found}

    def fingerprint(self) -> dict[str, str]:
        """A hash of the rows of every table, but last uses and the counts of use.

        Those are written on any request, the counts every half minute of real time.
        """
        found = {}
        with self.app.app_context(), db.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                if table.name not in {"session", "form_day"}:
                    rows = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                    found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found

    def twin(self) -> "Stage":
        """The same company served by another process's worth of application."""
        config = self.app.config
        url = config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else ""
        self.twins.append(build_app(config_home(self.app), url))
        return replace(self, app=self.twins[-1])

    def beside(self) -> "Stage":
        """A twin nobody changes: the one application is kept for all tests of this process."""
        url = self.app.config["SQLALCHEMY_DATABASE_URI"]
        if url not in _beside:
            made = self.twin().app
            _beside[url] = made, dict(made.extensions)
        kept, extensions = _beside[url]
        kept.extensions.clear()
        kept.extensions.update(extensions)
        if kept not in self.twins:
            self.twins.append(kept)
        return replace(self, app=kept)

    def speaks_chinese(self, login: str) -> None:
        """Let a person read the portal in Chinese."""
        with self.system(writing=True):
            db.session.get_one(Person, self.people[login]).language = "zh"

    def browser(self, login: str) -> FlaskClient:
        """A browser this person is signed in with."""
        with self.system(writing=True):
            token = open_session(
                person_id=self.people[login], address="127.0.0.1", agent="test", now=real_now()
            )
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client


def config_home(app: Flask) -> Path:
    """Where an application keeps its files."""
    home: Path = app.extensions["settings"].home
    return home


def build(app: Flask) -> Stage:
    """The whole cast on an empty database."""
    stage = Stage(app)
    with stage.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.ready, company.name, company.zone = True, "Example Builders", "Asia/Shanghai"
        for code in ("P1", "P2"):
            made = projects.create_project(
                actor=None, code=code, name=f"Project {code}", currency="CNY",
                zone="Asia/Shanghai", now=stage.now(),
            )  # fmt: skip
            stage.projects[code] = made.id
        definitions.publish_folder(path=WORKS, actor=None, now=stage.now())
        for login in (*IN_P1, *IN_P2, *COMPANY, *SYSTEM, *OUTSIDERS):
            _person(stage, login)
        for code, roles in (("P1", IN_P1), ("P2", IN_P2)):
            for login, held in roles.items():
                for role in held:
                    projects.add_member(
                        actor=None, project_id=stage.projects[code],
                        person_id=stage.people[login], role=role, now=stage.now(),
                    )  # fmt: skip
        for kind, granted in (("company", COMPANY), ("system", SYSTEM)):
            for login, role in granted.items():
                accounts.grant_role(
                    actor=None, person_id=stage.people[login], kind=kind, role=role, now=stage.now()
                )
        _person(stage, EXTERNAL, external=True, project_id=stage.projects["P1"])
        projects.add_member(
            actor=None, project_id=stage.projects["P1"], person_id=stage.people[EXTERNAL],
            role="board", now=stage.now(),
        )  # fmt: skip
    stage.entries["cost_code"] = stage.entry("cleo", "cost_code", None, code="01", name="Ground")
    stage.entries["crew"] = stage.entry(
        "rita", "crew", "P1", code="C1", name="Formwork crew", rate="80"
    )
    return stage


def _person(stage: Stage, login: str, **more: Any) -> None:
    made = accounts.create_person(
        actor=None, login=login, name=login.capitalize(), email=f"{login}@example.com",
        now=stage.now(), **more,
    )  # fmt: skip
    stage.people[login] = made.id


@pytest.fixture
def stage(lending: Lending) -> Iterator[Stage]:
    """The cast on a database of its own."""
    with lending.copy_of(build) as stage:
        yield stage
        for twin in stage.twins:
            with twin.app_context():
                db.session.remove()
                db.engine.dispose()


@pytest.fixture
def billing(stage: Stage, lending: Lending) -> Stage:
    """The stage with bills of a crew, shares and quotas of a project, and tickets."""
    return lending.once(_publish_billing, stage)


def _publish_billing(stage: Stage) -> Stage:
    folder = WORKS.parent / "billing"
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    return stage
