"""The stage of these tests: an author (nora), an auditor (vera), a filer (rick), a small module."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.builder import queries
from portal.builder.saving import mark_of
from portal.builder.starters import Blank, minimal_module
from portal.db import db
from portal.definitions import services
from portal.definitions.models import Module
from portal.forms.texts import Text
from portal.records.models import Record
from tests.accounts.stage import Browser, Stage, build
from tests.conftest import Lending

FORM = "site_visit.form.json"
CHAIN = "site_visit.workflow.json"
DRAFT = "/modules/site_visit/draft"
EDITOR = f"{DRAFT}/{FORM}"


@dataclass
class Desk:
    """What the tests do again and again."""

    stage: Stage

    def browser(self, login: str = "nora") -> Browser:
        return self.stage.browser(login)

    def text(self, name: str = FORM) -> str:
        """The text of a file of the draft as it is stored."""
        with self.stage.look():
            return queries.the_draft("site_visit").files[name]

    def current(self) -> int:
        """The number of the current release."""
        with self.stage.look():
            release = queries.the_module("site_visit").release
            assert release is not None
            return release.number

    def save(self, browser: Browser, text: str, name: str = FORM, **more: str) -> TestResponse:
        """Save a file as its page would, having seen what is stored now."""
        data = {"seen": mark_of(self.text(name)), "text": text.replace("\n", "\r\n"), **more}
        return browser.post(f"{DRAFT}/{name}", **data)

    def publish(self, browser: Browser, note: str = "") -> TestResponse:
        """Publish the draft as its page would."""
        with self.stage.look():
            revision = str(queries.the_draft("site_visit").revision)
        return browser.post(f"{DRAFT}/publish", revision=revision, note=note)

    def open_draft(self, browser: Browser) -> None:
        assert browser.post(DRAFT).status_code == 303

    def add_record(self, state: str = "submitted") -> None:
        """A record on the current release, as if it had been filed."""
        with self.stage.work():
            release_id = db.session.scalar(
                select(Module.current_release_id).where(Module.key == "site_visit")
            )
            assert release_id is not None
            now = clock.now()
            record = Record(
                module="site_visit",
                form="site_visit",
                release_id=release_id,
                project_id=self.stage.projects["P-1"],
                requester_id=self.stage.people["rick"],
                state=state,
                data={"title": "North gate", "amount": "10.00"},
                created_at=now,
                updated_at=now,
            )
            db.session.add(record)


@pytest.fixture
def desk(lending: Lending) -> Iterator[Desk]:
    """A company with one published module, `site_visit`, release 1."""
    with lending.copy_of(build_desk) as desk:
        yield desk


def build_desk(app: Flask) -> Desk:
    stage = build(app)
    files = minimal_module(Blank("site_visit", Text("Site visit", "现场巡查"), "site", "SV"))
    with stage.work():
        draft = services.new_module(key="site_visit", title="-", actor=None, now=clock.now())
        revision = draft.revision
        for name, text in files.items():
            revision = services.save_draft_file(
                release_id=draft.id, name=name, text=text, seen_revision=revision, actor=None,
                now=clock.now(),
            )  # fmt: skip
        services.publish(release_id=draft.id, actor=None, now=clock.now())
    return Desk(stage)


@pytest.fixture
def author(desk: Desk) -> Browser:
    """The author's browser, with a draft open."""
    browser = desk.browser()
    desk.open_draft(browser)
    return browser
