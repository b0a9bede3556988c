"""An outbox with a clock one can move, and deliverers that do as they are told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, system_context, write_transaction
from portal.outbox import delivery
from portal.outbox import services as outbox
from portal.outbox.models import OutboxRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class Post:
    """What was put in, what went out, and the time it is."""

    app: Flask
    at: datetime = NOON
    sent: list[str] = field(default_factory=list)
    errors: dict[str, Exception] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.at

    def later(self, **much: float) -> None:
        self.at += timedelta(**much)

    def put(self, kind: str = "test", **body: Any) -> str:
        """Enqueue something; rows are due in the order they were put in."""
        with self.app.app_context(), system_context("test: enqueue"), write_transaction():
            row_id = outbox.enqueue(kind=kind, body=body, now=self.at)
        self.later(microseconds=1)
        return row_id

    def tick(self) -> int:
        with self.app.app_context(), system_context("test: tick"):
            return delivery.tick(self.now)

    def row(self, row_id: str) -> OutboxRow:
        """A row as it is stored now."""
        with self.app.app_context(), system_context("test: look"):
            return db.session.get_one(OutboxRow, row_id)

    def states(self) -> dict[str, str]:
        with self.app.app_context(), system_context("test: look"):
            return {row.id: row.state for row in db.session.scalars(select(OutboxRow))}

    def deliver(self, row_id: str, body: Any) -> None:
        """Goes out, or fails with what the row's `how` stands for."""
        if body.get("how") in self.errors:
            raise self.errors[body["how"]]
        self.sent.append(row_id)


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Post:
    """An empty outbox whose rows of kind `test` are delivered into a list."""
    made = Post(app)
    monkeypatch.setitem(delivery._deliverers, "test", made.deliver)
    return made
