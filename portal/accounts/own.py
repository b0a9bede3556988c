"""What a person may read about themself: the row, and the browsers they are signed in with."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import LoginSession, Person
from portal.accounts.sessions import ABSOLUTE, IDLE
from portal.db import db, unscoped
from portal.web.viewer import Viewer

_WHY = "one's own row"
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser as its owner knows it."""

    id: str
    name: str
    address: str
    created_at: datetime
    last_seen: datetime
    current: bool


def myself(viewer: Viewer) -> Person:
    """The viewer's own row."""
    return db.session.get_one(Person, viewer.person_id, execution_options={"unscoped": _WHY})


def sessions_of(person_id: str, now: datetime, *, current: str = "") -> list[Browser]:
    """The person's living sessions, the last used first. The caller judged the right to ask."""
    rows = db.session.execute(
        unscoped(
            select(
                LoginSession.id,
                LoginSession.agent,
                LoginSession.address,
                LoginSession.created_at,
                LoginSession.last_seen,
            )
            .where(
                LoginSession.person_id == person_id,
                LoginSession.ended_at.is_(None),
                LoginSession.last_seen > now - IDLE,
                LoginSession.created_at > now - ABSOLUTE,
            )
            .order_by(LoginSession.last_seen.desc(), LoginSession.id),
            _WHY,
        )
    )
    return [
        Browser(ident, browser_name(agent), address, created, seen, ident == current)
        for ident, agent, address, created, seen in rows
    ]


def my_sessions(viewer: Viewer, now: datetime) -> list[Browser]:
    """The viewer's own living sessions."""
    return sessions_of(viewer.person_id, now, current=viewer.session_id)


def browser_name(agent: str) -> str:
    """A browser's name and system, as far as its header says; else the header's beginning."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser or system:
        return " · ".join(part for part in (browser, system) if part)
    return re.split(r"[ /]", agent)[0][:40] or "–"
