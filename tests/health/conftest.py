"""The furnished project these tests look at, and the demo company before anything happened."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import SYSTEM, db, set_context, write_transaction
from portal.demo import harbor
from portal.demo.company import found_company
from portal.demo.registers import keep_company_registers, keep_site_registers
from portal.demo.story import Story
from portal.projects import services as projects
from tests.conftest import Lending
from tests.labor.yard import Yard, build_yard
from tests.ledgers.fixtures import cast
from tests.ledgers.site import Site

__all__ = ["Browsers", "browsers", "cast", "defect", "inspected", "story", "telling"]

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


@contextmanager
def telling(app: Flask) -> Iterator[None]:
    """Acts of the story, committed at the end."""
    with app.app_context():
        db.session.remove()
        set_context(db.session(), SYSTEM)
        try:
            with write_transaction():
                yield
        finally:
            db.session.remove()


@pytest.fixture
def story(app: Flask, lending: Lending) -> Story:
    """The shipped modules, the harbor's people and registers; acts go through the services."""
    return lending.once(build_story, app)


def build_story(app: Flask) -> Story:
    """The harbor on an empty database."""
    told = Story(chance=random.Random(1), end=NOW, now=NOW - timedelta(days=40))
    with telling(app):
        found_company(told, (harbor.SITE,))
        keep_company_registers(told)
        keep_site_registers(told, harbor.SITE)
        told.now = NOW
        told.become_nobody()
    return told


class Browsers:
    """Browsers of people of the story."""

    def __init__(self, app: Flask, story: Story) -> None:
        self.app, self.story = app, story

    def of(self, login: str) -> FlaskClient:
        """A browser this person is signed in with."""
        return Site.browser(self, self.story.ids[f"person:{login}"])  # type: ignore[arg-type]


@pytest.fixture
def browsers(app: Flask, story: Story) -> Browsers:
    return Browsers(app, story)


@pytest.fixture
def inspected(story: Story, app: Flask, lending: Lending) -> Story:
    """The harbor with a quality inspector."""

    def with_inspector(story: Story) -> Story:
        with telling(app):
            _add_inspector(story)
        return story

    return lending.once(with_inspector, story)


def _add_inspector(story: Story) -> None:
    for role in ("quality_inspector", "safety_officer", "member"):
        projects.add_member(
            actor=story.become("an.ran"),
            project_id=story.ids["project:HB01"],
            person_id=story.ids["person:t.becker"],
            role=role,
            now=NOW,
        )
    story.forget_roles()


def defect(story: Story, **more: Any) -> str:
    """A defect found by the site engineer, to be mended by a foreman; its id."""
    data = {
        "title": "Honeycombing at column C4",
        "category": "concrete",
        "severity": "major",
        "place": "4/C",
        "found_on": "2026-03-09",
        "photos": [story.photo("chen.li", "photos", "before")],
        "responsible": story.ids["person:luo.gang"],
        "due_on": "2026-03-12",
    }
    return story.file("chen.li", "defect", "HB01", {**data, **more}).id


@pytest.fixture
def yard(lending: Lending) -> Iterator[Yard]:
    """The site of day labor on a database of its own."""
    with lending.copy_of(build_yard) as yard:
        yield yard
