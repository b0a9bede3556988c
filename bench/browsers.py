"""Signed-in browsers of the measured company: cookies, tokens, and the requests they send."""

from itertools import islice
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import select

from bench import company
from bench.limit_workload import FIELDS, record, rows
from bench.places import Place, cast_file
from bench.slices import Request
from portal import clock
from portal.app import create_app
from portal.approvals.models import Task
from portal.config import read_settings
from portal.db import db, system_context, write_transaction
from portal.ids import new_id
from portal.records.models import Record

RAW = "0" * 40  # the secret of every session of the bench


def cookie_of(app: Flask, person: str) -> str:
    """The cookie of a new session of this person."""
    with app.app_context(), system_context("bench: sign somebody in"), write_transaction():
        token = company.sign_in(person, clock.now())
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    kept = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": RAW})
    return f"{app.config['SESSION_COOKIE_NAME']}={kept}"


class Portal:
    """The portal's database seen from beside its servers: signs people in, finds their tasks."""

    def __init__(self, where: Place) -> None:
        self.app: Flask = create_app(read_settings(where.environment()))
        self.cast = cast_file(where)
        self.token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(RAW)

    def cookie(self, person: str) -> str:
        """The cookie of a new session of this person."""
        return cookie_of(self.app, person)

    def newest_task(self, person: str) -> tuple[str, str]:
        """(task id, record id) of somebody's open task."""
        with self.app.app_context(), system_context("bench: find a task"):
            statement = select(Task.id, Task.record_id).where(
                Task.person_id == person, Task.state == "open"
            )
            found = db.session.execute(statement.order_by(Task.opened_at.desc()).limit(1)).one()
        return str(found[0]), str(found[1])

    def approvals(self, person: str, cookie: str) -> list[Request]:
        """One approval for each task that waits for somebody."""
        with self.app.app_context(), system_context("bench: find tasks"):
            statement = (
                select(Task.id, Task.epoch, Record.revision)
                .join(Record, Record.id == Task.record_id)
                .where(Task.person_id == person, Task.state == "open", Task.step == "first")
            )
            found = db.session.execute(statement).all()
        return [
            (
                f"/inbox/{task}/approve",
                cookie,
                urlencode(
                    {
                        "csrf_token": self.token,
                        "request_key": new_id(),
                        "epoch": epoch,
                        "version": revision,
                        "then": "inbox",
                    }
                ),
            )
            for task, epoch, revision in found
        ]

    def submits(self, cookie: str, count: int) -> list[Request]:
        """As many different requests filed, each with the workload's values."""
        return [self._submit(cookie, number) for number in range(count)]

    def _submit(self, cookie: str, number: int) -> Request:
        body: list[tuple[str, str]] = [
            ("csrf_token", self.token),
            ("_form", "purchase"),
            ("_project", self.cast["projects"][0]),
            ("_request_key", new_id()),
            ("_revision", "0"),
            *purchase(number),
        ]
        return f"/records/{new_id()}/submit", cookie, urlencode(body)


def purchase(number: int) -> list[tuple[str, str]]:
    """The workload's request as the controls of the portal's page."""
    kinds = {name: kind for name, kind, _required in FIELDS}
    found = []
    for name, value in record(number).items():
        value = {"check": "true", "select": value.replace(" ", "_")}.get(kinds[name], value)
        found.append((name, value))
    for place, row in enumerate(rows(number)):
        key = f"{place:012x}"
        found.append(("rows-order", key))
        found += [(f"rows-{key}-{column}", value) for column, value in row.items()]
    return found


def limit_approvals(tasks: list[int], cookie: str, part: int, parts: int) -> list[Request]:
    """The limit's approvals of one part of somebody's tasks."""
    body = urlencode({"csrf": "x" * 40})
    return [(f"/t/{task}/approve", cookie, body) for task in islice(tasks, part, None, parts)]


def limit_submit(cookie: str) -> list[Request]:
    """The limit's submit; it may be repeated as it is."""
    body = {"csrf": "x" * 40, **record(1)}
    for place, row in enumerate(rows(1)):
        body |= {f"rows-{place}-{column}": value for column, value in row.items()}
    return [("/f", cookie, urlencode(body))]
