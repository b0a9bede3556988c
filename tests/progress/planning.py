"""A project planned with the shipped forms: tasks, links and progress filed as people file them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from portal import paths
from portal.accounts import services as accounts
from portal.accounts.models import Company
from portal.db import db
from portal.definitions import services as definitions
from portal.ids import new_id
from portal.ledgers.models import CostEntry, Posting
from portal.progress.plan import Plan, plan_of
from portal.projects import services as projects
from portal.projects.models import Project
from portal.projects.queries import brief_of
from tests.conftest import Lending
from tests.stage import Stage

MODULES = ("milestones", "schedule", "structure")
IN_P1 = {
    "mark": ("project_manager",),
    "sam": ("project_engineer",),
    "eva": ("site_engineer",),
    "rita": ("member",),
}
STARTS = date(2026, 3, 2)  # a Monday


@dataclass
class Planning(Stage):
    """A project that starts on a Monday and works five days a week, eight hours a day."""

    tasks: dict[str, str] = field(default_factory=dict)

    def add(self, code: str, days: str = "", *after: str, **more: Any) -> str:
        """File a task; `after` are predecessors as codes, or "code FS+2"."""
        data: dict[str, Any] = {"code": code, "name": more.pop("name", f"Task {code}")}
        kind = more.pop("type", "task")
        data["type"] = kind
        if kind == "task":
            data |= {"duration": f"{Decimal(days):.2f}", "duration_unit": "d"}
            data["measure"] = more.pop("measure", "physical")
        if after:
            data["predecessors"] = [self._link(at, one) for at, one in enumerate(after)]
        if "parent" in more:
            data["parent_task"] = self.tasks[more.pop("parent")]
        self.tasks[code] = self.entry("sam", "task", "P1", **data, **more)
        return self.tasks[code]

    def _link(self, at: int, text: str) -> dict[str, Any]:
        code, _, how = text.partition(" ")
        kind, lag = (how[:2] or "FS"), (how[2:] or "0")
        row = {"_id": f"r{at}", "task": self.tasks[code], "link": kind}
        return {**row, "lag": f"{Decimal(lag):.2f}", "lag_unit": "d"}

    def revise(self, code: str, **changes: Any) -> None:
        """Change a task that is on file."""
        record = self.record(self.tasks[code])
        self.submit(record.id, "sam", data={**record.data, **changes})

    def link(self, code: str, *after: str) -> None:
        """Give a task other predecessors."""
        self.revise(code, predecessors=[self._link(at, one) for at, one in enumerate(after)])

    def update(self, as_of: date, *lines: Mapping[str, Any], approved: bool = True) -> str:
        """A progress update: lines as {"task": code, "percent": "40", ...}."""
        evening = datetime.combine(as_of, time(9), UTC)  # the hour at which it is reported
        self.now.at = max(self.now.at, evening)
        rows = [
            {"_id": f"r{at}", **line, "task": self.tasks[line["task"]]}
            for at, line in enumerate(lines)
        ]
        data = {"title": f"Progress {as_of}", "as_of": as_of.isoformat(), "lines": rows}
        record_id = self.draft("eva", data, "progress_update")
        self.submit(record_id, "eva")
        if approved:
            self.decide("approve", "mark", record_id)
        return record_id

    def spend(self, on: date, amount: str, bucket: str = "actual") -> None:
        """Actual cost of a day, as an approved document would post it; or another `bucket`."""
        with self.system(writing=True):
            record = next(iter(self.tasks.values()))
            facts = {"project_id": self.projects["P1"], "record_id": record}
            posting = Posting(
                id=new_id(), transition_seq=900 + on.toordinal() % 90, rule=f"spent {new_id()}"[:40],
                state="approved", effective_on=on, posted_at=self.now(), **facts,
            )  # fmt: skip
            db.session.add(posting)
            db.session.flush()
            db.session.add(
                CostEntry(
                    posting_id=posting.id, effective_on=on, booked_on=on, bucket=bucket, cost_code_id=record,
                    amount=Decimal(amount), ccy="CNY", **facts,
                )
            )  # fmt: skip

    @contextmanager
    def planned(self, login: str = "rita", **options: Any) -> Iterator[Plan]:
        """The plan as somebody sees it."""
        with self.looking(login):
            yield plan_of(self.brief(), **options)

    def brief(self) -> Any:
        """The project; inside an application's context."""
        return brief_of(db.session.get_one(Project, self.projects["P1"]))


def build(app: Flask) -> Planning:
    """The cast on an empty database, with the shipped modules a plan needs."""
    stage = Planning(app)
    with stage.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.ready, company.name, company.zone = True, "Example Builders", "Asia/Shanghai"
        for code in ("P1", "P2"):
            made = projects.create_project(
                actor=None, code=code, name=f"Project {code}", currency="CNY",
                zone="Asia/Shanghai", now=stage.now(), starts_on=STARTS,
            )  # fmt: skip
            stage.projects[code] = made.id
        folders = [paths.DEFINITIONS / one for one in MODULES]
        definitions.publish_folders(paths=folders, actor=None, now=stage.now())
        for login in (*IN_P1, "olga", "cleo", "eve"):
            more: dict[str, Any] = {}
            if login == "eve":
                more = {"external": True, "project_id": stage.projects["P1"]}
            person = accounts.create_person(
                actor=None, login=login, name=login.capitalize(), email=f"{login}@example.com",
                now=stage.now(), **more,
            )  # fmt: skip
            stage.people[login] = person.id
        for login, roles in (*IN_P1.items(), ("eve", ("member",))):
            for role in roles:
                projects.add_member(
                    actor=None, project_id=stage.projects["P1"], person_id=stage.people[login],
                    role=role, now=stage.now(),
                )  # fmt: skip
        accounts.grant_role(
            actor=None, person_id=stage.people["cleo"], kind="company", role="cost_controller",
            now=stage.now(),
        )  # fmt: skip
    return stage


@pytest.fixture
def planning(lending: Lending) -> Iterator[Planning]:
    """A project to plan, on a database of its own."""
    with lending.copy_of(build) as stage:
        yield stage
