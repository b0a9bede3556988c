"""A small company on a fresh database, and browsers to walk through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts import passwords, services
from portal.accounts.sessions import viewer_of
from portal.db import system_context, write_transaction
from portal.projects import services as project_services
from portal.web.viewer import Viewer
from tests.conftest import token_of

PASSWORD = "correct horse battery"
SYSTEM = {
    "ada": ("people_admin", "author", "auditor", "operator"),
    "otto": ("people_admin",),
    "nora": ("author",),
    "vera": ("auditor",),
    "oskar": ("operator",),
}


@dataclass
class Stage:
    """The application, ids by login, project ids by code."""

    app: Flask
    people: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def work(self) -> Iterator[None]:
        """A writing transaction of the system's."""
        with self.app.app_context(), system_context("a test"), write_transaction():
            yield

    @contextmanager
    def look(self) -> Iterator[None]:
        """Reading as the system."""
        with self.app.app_context(), system_context("a test"):
            yield

    def viewer(self, login: str) -> Viewer:
        """A person as of now; inside `work` or `look`."""
        return viewer_of(self.people[login])

    def browser(self, login: str = "", password: str = PASSWORD) -> "Browser":
        """A browser, signed in if a login is given."""
        browser = Browser(self.app)
        if login:
            answer = browser.post("/sign-in", login=login, password=password)
            assert answer.status_code == 303, answer.text
        return browser


class Browser:
    """A test client that sends the CSRF token as a page would."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, url: str, **options: Any) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, *, headers: dict[str, str] | None = None, **data: Any) -> TestResponse:
        token = token_of(self.client, "/forgotten")
        return self.client.post(url, data={"csrf_token": token, **data}, headers=headers)

    @property
    def is_signed_in(self) -> bool:
        return self.client.get("/me").status_code == 200


def build(app: Flask, *, demo: bool = False) -> Stage:
    """The company with its people: system roles as in SYSTEM, rick without any, eve external."""
    stage = Stage(app)
    now = clock.now()
    with stage.work():
        stored = passwords.hashed(PASSWORD)
        admin = services.set_up_company(
            name="Example Builders", currency="CNY", zone="Asia/Shanghai", language="en",
            admin_login="ada", admin_name="Ada Lovelace", admin_password_hash=stored,
            now=now, demo=demo,
        )  # fmt: skip
        stage.people["ada"] = admin.id
        for login in ("otto", "nora", "vera", "oskar", "rick", "mia"):
            person = services.create_person(
                actor=None, login=login, name=login.capitalize(), email=f"{login}@example.com",
                password_hash=stored, now=now,
            )  # fmt: skip
            stage.people[login] = person.id
            for role in SYSTEM.get(login, ()):
                services.grant_role(
                    actor=None, person_id=person.id, kind="system", role=role, now=now
                )
        for code in ("P-1", "P-2"):
            project = project_services.create_project(
                actor=None, code=code, name=f"Project {code}", currency="CNY",
                zone="Asia/Shanghai", now=now,
            )  # fmt: skip
            stage.projects[code] = project.id
        eve = services.create_person(
            actor=None, login="eve", name="Eve External", external=True,
            project_id=stage.projects["P-1"], password_hash=stored, now=now,
        )  # fmt: skip
        stage.people["eve"] = eve.id
        for login, role in (("mia", "project_manager"), ("rick", "member"), ("eve", "member")):
            project_services.add_member(
                actor=None, project_id=stage.projects["P-1"], person_id=stage.people[login],
                role=role, now=now,
            )  # fmt: skip
    return stage
