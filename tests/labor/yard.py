"""A building site with the shipped modules: its crew, its rules, tickets, runs and payments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal import paths
from portal.accounts import services as accounts
from portal.accounts.models import Company
from portal.approvals import voiding
from portal.db import db
from portal.definitions import services as definitions
from portal.labor.hours import Span
from portal.labor.services import begin_run
from portal.ledgers.models import CostEntry, FundsEntry, LaborEntry
from portal.projects import services as projects
from portal.projects.queries import project_brief
from portal.records.models import Record
from tests.stage import Stage

IN_YARD = {
    "nora": ("site_engineer", "member"),
    "fred": ("foreman", "member"),
    "sam": ("site_manager", "member"),
    "lara": ("labor_officer", "member"),
    "olaf": ("owner_rep", "member"),
    "mark": ("project_manager", "member"),
}
COMPANY = {"cora": "cost_controller", "fin": "finance", "dora": "director"}
MARCH = Span(date(2026, 3, 2), date(2026, 3, 8))
US = {
    "valid_from": "1938-10-24",
    "overtime_factor": "1.00",
    "rest_day_factor": "1.00",
    "holiday_factor": "1.00",
    "week_limit": "40.00",
    "over_factor": "1.50",
}
CHINA = {
    "valid_from": "1995-01-01",
    "overtime_factor": "1.50",
    "rest_day_factor": "2.00",
    "holiday_factor": "3.00",
}


@dataclass
class Yard(Stage):
    """A project in dollars with one team of two workers at 6 an hour."""

    ids: dict[str, str] = field(default_factory=dict)

    def worker(self, name: str, team: str = "team", rate: str = "6.00") -> str:
        """Somebody on the roster of a team; returns the id."""
        rates = [{"_id": "r1", "from_date": "2026-01-01", "hourly_rate": rate}]
        rates[0]["standard_hours"] = "8.00"
        return self.entry(
            "lara", "worker", "Y1", name=name, id_number=f"31010119800101{len(self.ids):04}",
            team=self.ids[team], trade="general", skill="unskilled", entry_on="2026-01-01",
            bank_name="ICBC", bank_account=f"6222 0000 {len(self.ids):04}", rates=rates,
        )  # fmt: skip

    def ticket(self, day: date, *, signed: bool = True, **more: Any) -> str:
        """A ticket of hours by worker (`hours={"anna": "8.00"}`), signed by all who must."""
        hours: Mapping[str, str] = more.pop("hours", {"anna": "8.00"})
        data = {
            "work_date": day.isoformat(),
            "day_type": "normal",
            "team": self.ids["team"],
            "work": "Clear the yard",
            "location": "Gate 2",
            "cost_code": self.ids["code"],
            "ordered_by": "Sam",
            "outside_contract": False,
            "owner_signature": False,
            "workers": [
                {"_id": f"r{n}", "worker": self.ids[who], "hours": many}
                for n, (who, many) in enumerate(hours.items())
            ],
            **more,
        }
        record_id = self.draft("nora", data, "day_labor", "Y1")
        self.submit(record_id, "nora")
        if signed:
            steps = ["fred", "sam", "lara", *(["olaf"] if data["owner_signature"] else [])]
            for login in steps:
                self.decide("approve", login, record_id)
        return record_id

    def run(self, span: Span = MARCH, rules: str = "us", *, approved: bool = True) -> str:
        """An accrual run of the team, approved by all who must."""
        with self.acting("lara") as viewer:
            project = project_brief(self.projects["Y1"])
            assert project is not None
            record = begin_run(
                actor=viewer, project=project, team_id=self.ids["team"], span=span,
                rules_id=self.ids[rules], now=self.now(),
            )  # fmt: skip
            record_id = record.id
        self.submit(record_id, "lara")
        if approved:
            self.sign(record_id, "fred", "mark", "cora")
        return record_id

    def sign(self, record_id: str, *logins: str) -> None:
        """Approve one after the other."""
        for login in logins:
            self.decide("approve", login, record_id)

    def advance(self, amount: str, worker: str = "anna") -> str:
        """Money a worker got before wages."""
        lines = [{"_id": "r1", "worker": self.ids[worker], "amount": amount}]
        data = {"purpose": "Rent", "team": self.ids["team"], "paid_on": "2026-03-02"}
        record_id = self.draft(
            "lara", {**data, "method": "cash", "lines": lines}, "wage_advance", "Y1"
        )
        self.submit(record_id, "lara")
        self.sign(record_id, "mark", "fin")
        return record_id

    def payment(
        self, run_id: str, *, approved: bool = True, method: str = "cash", **partial: str
    ) -> str:
        """A payment of a run, of everything that is owed or of parts (`anna="10.00"`)."""
        workers = self.record(run_id).data["workers"]
        named = {self.ids[who]: amount for who, amount in partial.items()}
        lines = [
            {"_id": row["_id"], "worker": row["worker"], "due": row["amount"]}
            | ({"partial": named[row["worker"]]} if row["worker"] in named else {})
            for row in workers
        ]
        data = {"run": run_id, "paid_on": "2026-03-02", "method": method, "lines": lines}
        record_id = self.draft("lara", data, "wage_payment", "Y1")
        self.submit(record_id, "lara")
        if approved and method == "bank":
            self.sign(record_id, "mark")
            self.paid_from(record_id, self.account())
        elif approved:
            self.sign(record_id, "mark", "fin")
        return record_id

    def paid_from(self, payment_id: str, account: str) -> None:
        """Finance pays, from this account."""
        data = {**self.record(payment_id).data, "account": account}
        self.decide("approve", "fin", payment_id, data=data)

    def account(self) -> str:
        """The wage account; who pays from it is one of the project's people."""
        with self.system(writing=True):
            projects.add_member(
                actor=None, project_id=self.projects["Y1"], person_id=self.people["fin"],
                role="member", now=self.now(),
            )  # fmt: skip
        return self.entry(
            "fin", "bank_account", "Y1", name="Wage account", kind="wages", bank_name="ICBC",
            number="6222 0000", opened_on="2026-03-02", opening_balance="0.00",
        )  # fmt: skip

    def void(self, record_id: str, login: str = "lara") -> None:
        """Void a record with whatever goes with it."""
        seen = self.record(record_id).revision
        with self.acting(login) as viewer:
            voiding.void(
                actor=viewer,
                record_id=record_id,
                seen_revision=seen,
                reason="Wrong",
                now=self.now(),
            )

    def figures(self) -> dict[str, Decimal]:
        """What stands in the ledgers: hours, accrued, actual cost, and money by stage."""
        with self.system():
            hours = select(func.sum(LaborEntry.hours)).where(LaborEntry.signed.is_(True))
            accrued = select(func.sum(LaborEntry.amount)).where(LaborEntry.kind == "accrued")
            cost = select(func.sum(CostEntry.amount)).where(CostEntry.bucket == "actual")
            stages = select(FundsEntry.stage, func.sum(FundsEntry.amount)).group_by(
                FundsEntry.stage
            )
            found = {
                "hours": db.session.scalar(hours) or Decimal(0),
                "accrued": db.session.scalar(accrued) or Decimal(0),
                "cost": db.session.scalar(cost) or Decimal(0),
            }
            return found | {stage: amount for stage, amount in db.session.execute(stages) if amount}

    def runs(self, state: str) -> list[Record]:
        """The runs in a state."""
        return [one for one in self.rows(Record, form="accrual_run") if one.state == state]


def build_yard(app: Flask) -> Yard:
    """The site on an empty database."""
    yard = Yard(app)
    with yard.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.ready, company.name, company.zone = True, "Example Builders", "America/Chicago"
        made = projects.create_project(
            actor=None, code="Y1", name="The yard", currency="USD", zone="America/Chicago",
            now=yard.now(),
        )  # fmt: skip
        yard.projects["Y1"] = made.id
        folders = sorted(one.parent for one in paths.DEFINITIONS.glob("*/module.json"))
        definitions.publish_folders(paths=folders, actor=None, now=yard.now())
        for login in (*IN_YARD, *COMPANY, "nobody"):
            person = accounts.create_person(
                actor=None, login=login, name=login.capitalize(), email=f"{login}@example.com",
                now=yard.now(),
            )  # fmt: skip
            yard.people[login] = person.id
        for login, roles in IN_YARD.items():
            for role in roles:
                projects.add_member(
                    actor=None, project_id=made.id, person_id=yard.people[login], role=role,
                    now=yard.now(),
                )  # fmt: skip
        for login, role in COMPANY.items():
            accounts.grant_role(
                actor=None, person_id=yard.people[login], kind="company", role=role, now=yard.now()
            )
    yard.now.at = datetime(2026, 3, 9, 15, tzinfo=UTC)
    _registers(yard)
    return yard


def _registers(yard: Yard) -> None:
    ids = yard.ids
    ids["code"] = yard.entry(
        "cora", "cost_code", None, code="01.02", name="Day labor", type="labor"
    )
    ids["team"] = yard.entry(
        "lara",
        "team",
        "Y1",
        name="Yard crew",
        foreman=yard.people["fred"],
        overtime_factor="1.50",
        rest_day_factor="2.00",
        holiday_factor="3.00",
    )
    ids["anna"] = yard.worker("Anna")
    ids["ben"] = yard.worker("Ben", rate="10.00")
    for key, name, version in (("us", "Federal", US), ("china", "China", CHINA)):
        ids[key] = yard.entry(
            "cora", "pay_rules", None, name=name, law="The law", versions=[{"_id": "v1", **version}]
        )
