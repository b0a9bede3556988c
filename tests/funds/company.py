"""The demo company on its first day, with the shipped modules, to file real documents in."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.db import SYSTEM, db, set_context, unscoped, write_transaction
from portal.demo import harbor
from portal.demo.company import found_company
from portal.demo.registers import keep_company_registers, keep_site_registers
from portal.demo.story import Story
from portal.ledgers.models import FundsEntry
from portal.records.models import Record

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ENGINEER, CASHIER, FINANCE = "zhou.min", "sun.yue", "qian.ying"
P = "HB01"


@dataclass
class Firm:
    """A company with one project: documents are filed and signed as people do it."""

    app: Flask
    story: Story

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What is filed here is kept; what is refused leaves nothing."""
        with self.app.app_context():
            set_context(db.session(), SYSTEM)
            with write_transaction():
                yield

    def file(self, login: str, form: str, **data: Any) -> Record:
        """Send a document of the project; `data` is what somebody types."""
        return self.story.file(login, form, P, data)

    def signed(self, login: str, form: str, *edits: Mapping[str, Any], **data: Any) -> Record:
        """A document that everybody who is asked approves; each edit is typed by the next signer."""
        record_id = self.file(login, form, **data).id
        left = list(edits)
        while self.story.turn(record_id) is not None:
            self.wait(hours=1)
            typed = left.pop(0) if left else {}
            self.story.approve(record_id, edit=lambda stored, typed=typed: stored.update(typed))
        return self.story.look(record_id)

    def wait(self, **span: float) -> None:
        self.story.now += timedelta(**span)

    @property
    def today(self) -> str:
        return self.story.today(harbor.SITE.zone)

    def account(self, name: str, balance: str = "0.00", **more: Any) -> str:
        """A bank account of the project."""
        number = f"62{self.story.next_number('account'):06}"
        of = {"kind": "project", "bank_name": "CCB", "number": number, **more}
        opened = {"opened_on": self.today, "opening_balance": balance}
        return self.file(FINANCE, "bank_account", name=name, **of, **opened).id

    def contract(self, code: str, direction: str = "expense", **more: Any) -> Record:
        """A contract of 1000 units at 1,000.00 with 5 % retention and 30 days to pay."""
        line = {"item": "1", "description": "Work", "unit": "m", "qty": "1000.000"}
        line |= {"unit_price": "1000.00", "cost_code": self.story.ids["code:04.01"]}
        party = self.story.ids["party:S-001" if direction == "expense" else "party:C-001"]
        typed = {"code": code, "name": f"Contract {code}", "direction": direction, "party": party}
        typed |= {"signed_on": self.today, "tax_percent": "9.00", "payment_days": 30}
        typed |= {"retention_percent": "5.00", "retention_cap_percent": "5.00", "lines": [line]}
        return self.file(ENGINEER, "contract", **{**typed, **more})

    def application(self, contract: Record, qty: str, **more: Any) -> Record:
        """A certified payment application."""
        return self.signed(ENGINEER, "payment", **{**self._measured(contract, qty), **more})

    def certificate(self, contract: Record, qty: str, *, cut: str = "") -> Record:
        """An owner's certificate; `cut` is what the owner certifies instead."""
        row = contract.data["lines"][0]["_id"]
        owner: dict[str, Any] = {"certificate_no": "ZF-1", "certified_on": self.today}
        if cut:
            owner["lines"] = [{"_id": row, "this_qty": qty, "certified_qty": cut}]
        return self.signed(ENGINEER, "income_claim", {}, {}, owner, **self._measured(contract, qty))

    def _measured(self, contract: Record, qty: str) -> dict[str, Any]:
        rows = [{"_id": contract.data["lines"][0]["_id"], "this_qty": qty}]
        number = f"INV-{self.story.next_number('invoice')}"
        of = {"contract": contract.id, "period_to": self.today, "lines": rows}
        if contract.data["direction"] == "expense":
            of |= {"invoice_no": number, "invoice_date": self.today}
        return of

    def voucher(self, **data: Any) -> Record:
        """A voucher the cashier files today, from an account or in cash."""
        number = f"V-{self.story.next_number('voucher')}"
        data = {"method": "transfer" if "account" in data else "cash", **data}
        return self.file(CASHIER, "payment_voucher", paid_on=self.today, voucher_no=number, **data)

    def receipt(self, **data: Any) -> Record:
        """A receipt the cashier files today."""
        number = f"T-{self.story.next_number('reference')}"
        typed = {"received_on": self.today, "bank_reference": number, **data}
        return self.file(CASHIER, "receipt", **typed)


def money(stage: str, direction: str = "out", **attributes: Any) -> Decimal:
    """The sum of the funds ledger at a stage."""
    found = select(func.coalesce(func.sum(FundsEntry.amount), 0)).where(
        FundsEntry.stage == stage,
        FundsEntry.direction == direction,
        *(getattr(FundsEntry, name) == value for name, value in attributes.items()),
    )
    return Decimal(db.session.execute(unscoped(found, "tests add up the ledger")).scalar_one())


def found_firm(app: Flask) -> Firm:
    """Everything that stands before the first document."""
    end = BEGIN + timedelta(days=400)
    story = Story(chance=random.Random(1), end=end, now=BEGIN)
    firm = Firm(app, story)
    with firm.at_work():
        found_company(story, (harbor.SITE,))
        keep_company_registers(story)
        keep_site_registers(story, harbor.SITE)
    return firm
