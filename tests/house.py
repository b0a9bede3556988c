"""A company that works with the shipped modules: one project, its people, and their documents."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from portal import paths
from portal.accounts import services as accounts
from portal.accounts.models import Company
from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values
from portal.db import db
from portal.definitions import services as definitions
from portal.definitions.folders import module_folders
from portal.projects import services as projects
from tests.conftest import Lending
from tests.stage import Stage

IN_P1 = {
    "sara": ("site_engineer",),
    "stan": ("storekeeper",),
    "sam": ("site_manager",),
    "pete": ("project_engineer",),
    "bea": ("buyer", "contract_engineer"),
    "quin": ("quantity_surveyor",),
    "max": ("project_manager",),
}
COMPANY = {
    "carla": ("cost_controller",),
    "dora": ("director", "sponsor", "change_board"),
    "fay": ("finance", "change_board"),
    "cass": ("cashier", "change_board"),
}
OWNER = "olaf"
ELSEWHERE = "olga"


class House(Stage):
    """A stage on which the shipped modules are played."""

    def file(self, login: str, form: str, **data: Any) -> str:
        """A document of the project on its way; returns its id."""
        record_id = self.draft(login, data, form)
        self.submit(record_id, login)
        return record_id

    def pass_on(self, record_id: str, *logins: str, data: Mapping[str, Any] | None = None) -> str:
        """Approve one after the other; the last one may change something first."""
        for login in logins:
            more = {}
            if data and login == logins[-1]:
                more["data"] = {**self.record(record_id).data, **data}
            self.decide("approve", login, record_id, **more)
        return record_id

    def lines(self, record_id: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a document's `lines`, each with these values added."""
        rows = self.record(record_id).data["lines"]
        return [{"_id": row["_id"], **values} for row in rows]

    def figures(self, code: str = "cost_code") -> Mapping[str, Decimal]:
        """What the cost sheet says of a cost code now."""
        project = self.projects["P1"]
        with self.system():
            found = code_values(sheet_in_force(), [project])
            return found.get((project, "CNY"), {}).get(self.entries[code], {})

    def budget(self, amount: str, code: str = "cost_code") -> str:
        """An approved budget of one cost code."""
        own = self.entries[code]
        line = {"_id": "b1", "cost_code": own, "description": "Materials", "amount": amount}
        made = self.file("quin", "budget", title="Budget", basis="Drawings", lines=[line])
        return self.pass_on(made, "max", "dora")


def build(app: Flask) -> House:
    """The house on an empty database: modules, people, registers."""
    house = House(app)
    with house.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.ready, company.name, company.zone = True, "Example Builders", "Asia/Shanghai"
        for code in ("P1", "P2"):
            made = projects.create_project(
                actor=None, code=code, name=f"Project {code}", currency="CNY",
                zone="Asia/Shanghai", now=house.now(),
            )  # fmt: skip
            house.projects[code] = made.id
        folders = list(module_folders(paths.DEFINITIONS))
        definitions.publish_folders(paths=folders, actor=None, now=house.now())
        for login in (*IN_P1, *COMPANY, ELSEWHERE):
            _person(house, login)
        for login, held in IN_P1.items():
            for role in held:
                _member(house, "P1", login, role)
        _member(house, "P2", ELSEWHERE, "site_engineer")
        for login, held in COMPANY.items():
            for role in held:
                accounts.grant_role(
                    actor=None, person_id=house.people[login], kind="company", role=role,
                    now=house.now(),
                )  # fmt: skip
        department = accounts.create_department(
            actor=None, code="ENG", name="Engineering", now=house.now()
        )
        house.entries["department"] = department.id
        _person(house, OWNER, external=True, project_id=house.projects["P1"])
        _member(house, "P1", OWNER, "owner_rep")
    _registers(house)
    return house


def _registers(house: House) -> None:
    def entry(key: str, login: str, form: str, project: str | None = None, **data: Any) -> None:
        house.entries[key] = house.entry(login, form, project, **data)

    entry("cost_code", "carla", "cost_code", code="02", name="Steel", type="material")
    entry("other_code", "carla", "cost_code", code="03", name="Concrete", type="material")
    entry("works", "carla", "cost_code", code="01", name="Works", type="subcontract")
    entry("machines", "carla", "cost_code", code="04", name="Machines", type="machine")
    entry("contingency", "carla", "cost_code", code="99", name="Contingency", type="indirect")
    entry(
        "supplier", "carla", "party", code="S1", name="Harbor Steel Trading", kind="vendor",
        bank_name="CCB", bank_account="3100",
    )  # fmt: skip
    entry("owner", "carla", "party", code="O1", name="Port Authority", kind="client")
    for key, code, direction, party, price in (
        ("subcontract", "SC-1", "expense", "supplier", "109.00"),
        ("main_contract", "M-1", "income", "owner", "1090.00"),
    ):
        line = {
            "_id": "l1", "item": "1", "description": "Works", "unit": "lot", "qty": "10",
            "unit_price": price, "cost_code": house.entries["works"],
        }  # fmt: skip
        entry(
            key, "bea", "contract", "P1", code=code, name=f"Contract {code}", direction=direction,
            signed_on="2026-03-01", party=house.entries[party], tax_percent="9.00", payment_days=30,
            lines=[line], advance_rule="none", retention_percent="3.00",
            retention_cap_percent="3.00",
        )  # fmt: skip
    for key, code, name, unit in (
        ("rebar", "M-01", "Rebar HRB400", "t"),
        ("wire", "M-02", "Binding wire", "kg"),
    ):
        own = house.entries["cost_code"]
        entry(key, "carla", "material", code=code, name=name, unit=unit, cost_code=own)


def _person(house: House, login: str, **more: Any) -> None:
    made = accounts.create_person(
        actor=None, login=login, name=login.capitalize(), email=f"{login}@example.com",
        now=house.now(), **more,
    )  # fmt: skip
    house.people[login] = made.id


def _member(house: House, project: str, login: str, role: str) -> None:
    projects.add_member(
        actor=None, project_id=house.projects[project], person_id=house.people[login], role=role,
        now=house.now(),
    )  # fmt: skip


@pytest.fixture
def house(lending: Lending) -> Iterator[House]:
    """The house on a database of its own."""
    with lending.copy_of(build) as made:
        yield made
        for twin in made.twins:
            with twin.app_context():
                db.session.remove()
                db.engine.dispose()


def opening_data(house: House, **money: Any) -> dict[str, Any]:
    """A project opening as it is typed, with its currency and its money."""
    return {
        "name": "East berth", "client": house.entries["owner"], "site": "Ningbo", "award": "tender",
        "goal": "Two berths by June", "scope_of_work": "Quay", "starts_on": "2026-04-01",
        "ends_on": "2027-04-01", "manager": house.people["max"],
        "department": house.entries["department"], **money,
    }  # fmt: skip
