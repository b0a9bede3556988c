"""A project with figures in every center, committed, and browsers to look at them with."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.models import Company
from portal.accounts.services.login_sessions import open_session
from portal.db import SYSTEM, db, set_context, write_transaction
from portal.definitions.posting_columns import BUCKETS, PAY_CLASSES, READINGS, STAGES
from portal.records.models import Record
from tests.ledgers.forms import Json, field, form, table
from tests.ledgers.world import World, make_world


def choice(*values: str, **options: Any) -> Json:
    """A required choice among these values."""
    listed = [{"value": value, "label": value} for value in values]
    return field("choice", required=True, options=listed, **options)


COST = form(
    "cost_document",
    reason=field("text", required=True),
    currency=field("text", required=True),
    lines=table(
        bucket=choice(*BUCKETS),
        code=field("record", required=True, target="cost_code"),
        contract=field("record", target="contract"),
        request=field("record", target="purchase_request"),
        amount=field("money", required=True, scale=2, currency="currency"),
        day=field("date"),
        spread_from=field("date"),
        spread_until=field("date"),
    ),
)
FUNDS = form(
    "funds_document",
    reason=field("text", required=True),
    contract=field("record", target="contract"),
    direction=choice("in", "out"),
    currency=field("text", required=True),
    lines=table(
        stage=choice(*STAGES),
        amount=field("money", required=True, scale=2, currency="currency"),
    ),
)
TICKET = form(
    "ticket",
    reason=field("text", required=True),
    team=field("record", target="team"),
    day=field("date", required=True),
    lines=table(
        worker=field("record", required=True, target="worker"),
        hours=field("quantity", required=True, scale=2, unit="h"),
        rate=field("money", required=True, scale=2, currency="project"),
        amount=field("money", required=True, scale=2, currency="project"),
    ),
)
READING = form(
    "reading",
    reason=field("text", required=True),
    as_of=field("date", required=True),
    lines=table(
        milestone=field("record", required=True, target="milestone"),
        reading=choice(*READINGS),
        on_date=field("date"),
        days=field("number", scale=0),
    ),
)


def _rule(rule_id: str, ledger: str, on: str, **columns: str) -> Json:
    return {"id": rule_id, "ledger": ledger, "on": on, "foreach": "lines", "set": columns}


def _labor(rule_id: str, on: str, signed: str) -> Json:
    return _rule(
        rule_id,
        "labor_entry",
        on,
        worker="row.worker",
        team="team",
        work_date="day",
        pay_class=PAY_CLASSES[0],
        hours="row.hours",
        rate="row.rate",
        amount="row.amount",
        ccy="project.currency",
        signed=signed,
    )


def teach(world: World) -> None:
    """The forms above with their rules: everything posts on approval, tickets on submit too."""
    world.teach(
        COST,
        _rule(
            "cost",
            "cost_entry",
            "approved",
            bucket="row.bucket",
            cost_code="row.code",
            contract="row.contract",
            request="row.request",
            amount="row.amount",
            ccy="currency",
            effective_on="coalesce(row.day, today())",
            spread_from="row.spread_from",
            spread_until="row.spread_until",
        ),
    )
    world.teach(
        FUNDS,
        _rule(
            "funds",
            "funds_entry",
            "approved",
            contract="contract",
            stage="row.stage",
            direction="direction",
            amount="row.amount",
            ccy="currency",
        ),
    )
    world.teach(TICKET, _labor("hours", "submitted", "False"), _labor("signed", "approved", "True"))
    dated = _rule(
        "reading",
        "progress_entry",
        "approved",
        milestone="row.milestone",
        reading="row.reading",
        as_of="as_of",
        on_date="row.on_date",
        days="row.days",
    )
    world.teach(READING, dated)


Rows = list[dict[str, Any]]


class Site:
    """A world with forms taught, and short ways to approve documents in it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.world = make_world()
        company = db.session.get(Company, 1)
        assert company is not None
        company.ready = True
        company.name, company.zone, company.currency = "Example Builders", "Asia/Shanghai", "CNY"
        teach(self.world)

    def entry(self, register: str, code: str, name: str, **data: Any) -> str:
        """An entry of a company's register."""
        given = {"code": code, "name": name, **data}
        number = f"{register}-{code}"
        of = {"number": number, "state": "approved", "at_company": True}
        return self.world.record(register, given, **of).id

    def cost(self, *lines: tuple[str, str, str], currency: str = "CNY", **more: Any) -> Record:
        """An approved cost document of (bucket, code, amount) lines."""
        rows: Rows = [{"bucket": b, "code": c, "amount": a, **more} for b, c, a in lines]
        data = {"currency": currency, "lines": _numbered(rows)}
        return self._approved("cost_document", data)

    def funds(
        self, contract: str | None, direction: str = "out", currency: str = "CNY", /, **stages: str
    ) -> Record:
        """An approved funds document: amount by stage; of no contract where None is given."""
        rows: Rows = [{"stage": stage, "amount": amount} for stage, amount in stages.items()]
        head = {"contract": contract, "direction": direction, "currency": currency}
        return self._approved("funds_document", {**head, "lines": _numbered(rows)})

    def ticket(
        self, day: date, team: str | None, hours: Mapping[str, str], *, signed: bool
    ) -> Record:
        """A ticket of hours by worker, at 30 an hour."""
        rows: Rows = [
            {"worker": w, "hours": h, "rate": "30.00", "amount": f"{float(h) * 30:.2f}"}
            for w, h in hours.items()
        ]
        data = {"team": team, "day": day.isoformat(), "lines": _numbered(rows)}
        ticket = self._record("ticket", data)
        self.world.move(ticket, "submitted")
        if signed:
            self.world.move(ticket, "approved")
        return ticket

    def reading(self, as_of: date, *lines: tuple[str, str, date | int]) -> Record:
        """An approved reading of (milestone, reading, date or days) lines."""
        rows: Rows = [
            {"milestone": m, "reading": r}
            | ({"days": v} if isinstance(v, int) else {"on_date": v.isoformat()})
            for m, r, v in lines
        ]
        data = {"as_of": as_of.isoformat(), "lines": _numbered(rows)}
        return self._approved("reading", data)

    def _record(self, key: str, data: Mapping[str, Any]) -> Record:
        return self.world.record(key, {"reason": f"A {key.replace('_', ' ')}", **data})

    def _approved(self, key: str, data: Mapping[str, Any]) -> Record:
        record = self._record(key, data)
        self.world.move(record, "approved")
        return record

    def browser(self, person_id: str) -> FlaskClient:
        """A browser somebody is signed in with; call it after everything is saved."""
        with self.app.app_context():
            set_context(db.session(), SYSTEM)
            with write_transaction():
                token = open_session(
                    person_id=person_id, address="127.0.0.1", agent="test", now=clock.now()
                )
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client


def _numbered(rows: Rows) -> Rows:
    return [{"_id": f"r{number}", **row} for number, row in enumerate(rows, start=1)]


def furnish(site: Site) -> None:
    """Figures in every center, as the pages are looked at and tested with."""
    ground = site.entry("cost_code", "01", "Groundworks")
    dig = site.entry("cost_code", "01.1", "Excavation", parent_code=ground)
    piles = site.entry("cost_code", "01.2", "Piling", parent_code=ground)
    steel = site.entry("cost_code", "02", "Structural steel, supplied and erected")
    party = site.entry("party", "S-01", "Northern Steel Works Co., Ltd.")
    owner = site.entry("party", "O-01", "City Metro Group")
    steelwork = site.entry("contract", "K-002", "Steelwork subcontract", party=party)
    income = site.entry("contract", "M-001", "Main contract", party=owner)
    site.cost(
        ("budget_orig", dig, "1200000.00"),
        ("budget_orig", piles, "800000.00"),
        ("budget_orig", steel, "3000000.00"),
        ("budget_transfer", dig, "-100000.00"),
        ("budget_transfer", piles, "100000.00"),
        ("budget_change", steel, "250000.00"),
        ("budget_pending", piles, "60000.00"),
        ("commit_pending", piles, "55000.00"),
        ("actual", dig, "640000.00"),
    )
    site.cost(
        ("commit", steel, "3100000.00"),
        ("commit_change", steel, "240000.00"),
        ("actual", steel, "1500000.00"),
        contract=steelwork,
    )
    site.cost(("commit", piles, "20000.00"), currency="EUR")
    void = site.cost(("actual", dig, "99.00"))
    site.world.move(void, "void")
    site.funds(
        steelwork,
        certified="1500000.00",
        advance="300000.00",
        advance_recovery="120000.00",
        retention_hold="75000.00",
        cash="1400000.00",
        claim="200000.00",
    )
    site.funds(income, "in", certified="2000000.00", retention_hold="100000.00", cash="2100000.00")
    site.funds(income, "in", "USD", certified="1000.00")
    team = site.entry("team", "T1", "Formwork team Zhang")
    zhang, li = site.entry("worker", "W1", "Zhang San"), site.entry("worker", "W2", "Li Si")
    wang = site.entry("worker", "W3", "Wang Wu")
    for number in range(12):
        day = date(2026, 3, 2) + timedelta(days=number)
        site.ticket(day, team, {zhang: "8", li: "4"}, signed=number < 9)
    site.ticket(date(2026, 3, 5), None, {wang: "10"}, signed=False)
    pits = site.entry("milestone", "M1", "Foundation pit handed over")
    frame = site.entry("milestone", "M2", "Steel frame topped out")
    cladding = site.entry("milestone", "M3", "Building closed")
    site.reading(
        date(2026, 1, 5),
        (pits, "planned", date(2026, 2, 20)),
        (frame, "planned", date(2026, 5, 30)),
        (cladding, "planned", date(2026, 9, 15)),
    )
    site.reading(date(2026, 3, 1), (pits, "actual", date(2026, 3, 4)))
    site.reading(date(2026, 3, 1), (frame, "forecast", date(2026, 6, 20)), (frame, "shift", 14))
    taken = site.reading(date(2026, 3, 8), (frame, "shift", 30))
    site.world.move(taken, "void")
