"""What each side is asked for each kind of request."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.browsers import Portal, limit_approvals, limit_submit
from bench.fetch import fetch
from bench.places import Place
from bench.servers import Server
from bench.slices import Load, Request, Side

FIRST_DECIDER = 10  # approvers before it are measured reading, or wait for what is decided
SUBMITS = 1_500


@dataclass
class Ours:
    """The portal's side."""

    portal: Portal
    server: Server
    _cookies: dict[str, str] = field(default_factory=dict)

    def cookie(self, person: str) -> str:
        """One session per person and run."""
        if person not in self._cookies:
            self._cookies[person] = self.portal.cookie(person)
        return self._cookies[person]

    def page(self, path: str, person: str) -> Side:
        """The same page again and again."""
        load = Load(self.server.port, [(path, self.cookie(person), None)])
        return lambda _round: load

    def submit(self, _round: int) -> Load:
        """Requests filed, each once."""
        made = self.portal.submits(self.cookie(self.portal.cast["buyers"][0]), SUBMITS)
        return Load(self.server.port, made, expects=303, once=True)

    def decide(self, number: int) -> Load:
        """Approvals, by another approver each round."""
        person = self.portal.cast["approvers"][FIRST_DECIDER + number]
        made = self.portal.approvals(person, self.cookie(person))
        return Load(self.server.port, made, expects=303, once=True)


@dataclass
class Limit:
    """The limit's side, bare (part 0) or in the portal's shell (part 1)."""

    where: Place
    server: Server
    part: int
    _cookies: dict[int, str] = field(default_factory=dict)

    def cookie(self, user: int) -> str:
        """The cookie of a user of the limit."""
        if user not in self._cookies:
            _status, headers, _body = fetch(self.server.port, f"/login?u={user}")
            self._cookies[user] = headers["Set-Cookie"].split(";")[0]
        return self._cookies[user]

    def page(self, path: str) -> Side:
        """The same page again and again, as user 2."""
        load = Load(self.server.port, [(path, self.cookie(2), None)])
        return lambda _round: load

    def submit(self, _round: int) -> Load:
        """The same request filed again and again."""
        return Load(self.server.port, limit_submit(self.cookie(1)), expects=302)

    def decide(self, number: int) -> Load:
        """A part of the tasks of another user each slice."""
        user = 2 + FIRST_DECIDER + number
        add_user(self.where, user)
        made = limit_approvals(_tasks(self.where, user), self.cookie(user), self.part, 2)
        return Load(self.server.port, made, expects=302, once=True)


def add_user(where: Place, user: int) -> None:
    """The limit knows three users by itself; its tasks are spread over fifty."""
    _run(where, "insert into users values (?,?,1) on conflict do nothing", (user, f"u{user}"))


def _tasks(where: Place, user: int) -> list[int]:
    statement = "select id from task where assignee=? and state='open' and step=1 order by id"
    return [row[0] for row in _run(where, statement, (user,))]


def _run(where: Place, statement: str, given: tuple[Any, ...]) -> list[Any]:
    """One statement on the limit's database."""
    if where.limit.startswith("pg:"):
        import psycopg

        with psycopg.connect(where.limit[3:]) as connection:
            cursor = connection.execute(statement.replace("?", "%s"), given)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []
    with sqlite3.connect(where.limit[7:], timeout=30) as raw:
        return raw.execute(statement, given).fetchall()


Sides = tuple[Side, Side, Side]


def kinds(ours: Ours, bare: Limit, framed: Limit) -> dict[str, Callable[[], Sides]]:
    """Each kind of request with its three sides, made when it is its turn."""
    reader, buyer = ours.portal.cast["approvers"][0], ours.portal.cast["buyers"][0]
    _task, record = ours.portal.newest_task(reader)

    def page(path: str, limit_path: str, person: str) -> Callable[[], Sides]:
        return lambda: (
            ours.page(path, person),
            bare.page(limit_path),
            framed.page(limit_path),
        )

    return {
        "open form": page("/forms/purchase/new", "/f/new", buyer),
        "submit": lambda: (ours.submit, bare.submit, framed.submit),
        "decide": lambda: (ours.decide, bare.decide, framed.decide),
        "inbox": page("/inbox", "/inbox", reader),
        "detail": page(f"/records/{record}", "/inbox", reader),
        "list": page("/forms/purchase", "/inbox", reader),
    }


__all__ = ["Limit", "Ours", "Request", "kinds"]
