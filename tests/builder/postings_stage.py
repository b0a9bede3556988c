"""The stage of the posting rules' pages: the module `works` with lines by cost code."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.builder import queries
from portal.builder.design.postings import RuleFile, read_rules
from portal.db import db
from portal.definitions import services
from portal.definitions.folders import read_folder
from portal.definitions.models import Module
from portal.records.models import Record
from tests.accounts.stage import Browser, Stage, build
from tests.conftest import Lending

WORKS = Path("tests/definitions_for_tests/works")
FILE = "purchase.postings.json"
DRAFT = "/modules/works/draft"
AT = f"{DRAFT}/{FILE}/design"
COST = {
    "ledger": "cost_entry",
    "on": "approved",
    "table": "lines",
    "set-bucket": "word:commit",
    "set-cost_code": "field:row.cost_code",
    "set-qty": "field:row.qty",
    "set-amount": "field:row.amount",
    "set-ccy": "field:project.currency",
    "set-effective_on": "field:record.approved_on",
}


def hidden(page: str, *names: str) -> dict[str, str]:
    """Hidden inputs as they stand on a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if not names or name in names}


@dataclass
class Works:
    """The module as its author (nora) works on it."""

    stage: Stage
    author: Browser

    def files(self) -> dict[str, str]:
        with self.stage.look():
            return dict(queries.the_draft("works").files)

    def text(self) -> str:
        return self.files()[FILE]

    def rules(self) -> RuleFile:
        read = read_rules(self.text())
        assert read is not None
        return read

    def write(self, text: str, name: str = FILE) -> None:
        """Another text of a file, as if somebody had written it."""
        with self.stage.work():
            draft = queries.the_draft("works")
            services.save_draft_file(
                release_id=draft.id, name=name, text=text, seen_revision=draft.revision,
                actor=None, now=clock.now(),
            )  # fmt: skip

    def add(self, **data: Any) -> TestResponse:
        """Add a rule as its page would."""
        page = self.author.get(f"{AT}/rules/new?ledger={data['ledger']}")
        assert page.status_code == 200
        return self.author.post(f"{AT}/rules/new", **{**hidden(page.text, "request_key"), **data})

    def edit(self, at: int, browser: Browser | None = None, **data: Any) -> TestResponse:
        """Save a rule as its page would."""
        browser = browser or self.author
        page = browser.get(f"{AT}/rules/{at}")
        assert page.status_code == 200
        return browser.post(f"{AT}/rules/{at}", **{**shown(page.text), **data})

    def act(self, at: int, act: str) -> TestResponse:
        """Use a button of the list."""
        page = self.author.get(AT).text
        form = page[page.index(f'action="{AT}/rules/{at}/{act}"') :]
        fields = hidden(form[: form.index("</form>")], "part", "id")
        return self.author.post(f"{AT}/rules/{at}/{act}", **fields)

    def record(self, number: str, amount: str, state: str = "approved") -> str:
        """A purchase of one line, as if it had been filed."""
        with self.stage.work():
            release = select(Module.current_release_id).where(Module.key == "works")
            code = self._add("cost_code", "C-1", "approved", {"code": "01", "name": "Earth"})
            line = {
                "_id": "r1", "item": "Sand", "cost_code": code, "qty": "2.000", "price": amount,
                "amount": amount,
            }  # fmt: skip
            data = {"title": f"Secret {number}", "lines": [line], "total": amount}
            assert db.session.scalar(release)
            return self._add("purchase", number, state, data)

    def _add(self, form: str, number: str, state: str, data: dict[str, Any]) -> str:
        known = db.session.scalar(select(Record.id).where(Record.number == number))
        if known:
            return known
        now = clock.now()
        record = Record(
            module="works",
            form=form,
            release_id=db.session.scalar(
                select(Module.current_release_id).where(Module.key == "works")
            ),
            project_id=self.stage.projects["P-1"] if form == "purchase" else None,
            requester_id=self.stage.people["rick"],
            state=state,
            number=number,
            subject=str(data.get("title") or data["name"]),
            data=data,
            created_at=now,
            updated_at=now,
            submitted_at=now,
            decided_at=now if state == "approved" else None,
        )
        db.session.add(record)
        db.session.flush()
        return record.id


def shown(page: str) -> dict[str, str]:
    """Every input of the rule's form as a browser would send it, nothing changed."""
    form = page[page.index('id="_posting_rule"') :]
    form = form[: form.index("</form>")]
    found = hidden(form)
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, text in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        found[name] = html.unescape(text)
    for name, value in re.findall(
        r'<input class="form-control"[^>]* name="([^"]+)" value="([^"]*)"', form
    ):
        found[name] = html.unescape(value)
    return found


@contextmanager
def works_on(lending: Lending, *, with_rules: bool = True) -> Iterator[Works]:
    """The module published as release 1, and a draft of it open."""
    with lending.copy_of(build_works if with_rules else build_bare) as stage:
        yield Works(stage, stage.browser("nora"))


def build_works(app: Flask) -> Stage:
    return _build(app, read_folder(WORKS))


def build_bare(app: Flask) -> Stage:
    return _build(app, {k: v for k, v in read_folder(WORKS).items() if k != FILE})


def _build(app: Flask, files: Mapping[str, str]) -> Stage:
    stage = build(app)
    with stage.work():
        draft = services.new_module(key="works", title="-", actor=None, now=clock.now())
        revision = draft.revision
        for name, text in files.items():
            revision = services.save_draft_file(
                release_id=draft.id, name=name, text=text, seen_revision=revision, actor=None,
                now=clock.now(),
            )  # fmt: skip
        services.publish(release_id=draft.id, actor=None, now=clock.now())
        services.open_draft(module="works", actor=None, now=clock.now())
    return stage
