"""Telling whoever looks after a form what is wrong with it: an ordinary form of a module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.models import ModuleRelease
from portal.records.models import Record, RecordIndex
from portal.web.viewer import Viewer, current_viewer

FORM = "form_feedback"
MOST = 20


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of feedback: the record, what it says in one sentence, where, since when."""

    record_id: str
    number: str
    state: str
    summary: str
    part: str
    at: datetime


def is_offered(form_key: str) -> bool:
    """Whether the reader may say something about this form."""
    if form_key == FORM:
        return False
    form = definitions.form_in(FORM, None)
    return form is not None and definitions.may_file(current_viewer(), form, None)


def owner_of(form_key: str, viewer: Viewer) -> str | None:
    """Who looks after a form: the author who published it last, else another author.

    Never the viewer, who would answer themselves; None where there is no other.
    """
    form = definitions.current_form(form_key)
    authors = accounts.holders_of_role("author", kind="system")
    others = [one for one in authors if one != viewer.person_id]
    release = db.session.get(ModuleRelease, form.release_id) if form else None
    publisher = release.published_by if release else None
    return publisher if publisher in others else next(iter(others), None)


def said_of(form_key: str, *parts: str) -> Sequence[Said]:
    """What was said about a form, the latest first, as far as the reader may see it.

    With `parts` only what names one of them as the place.
    """
    about = select(RecordIndex.record_id).where(
        RecordIndex.form == FORM, RecordIndex.field == "about", RecordIndex.text == form_key
    )
    rows = db.session.scalars(
        select(Record)
        .where(Record.form == FORM, Record.id.in_(about), Record.submitted_at.is_not(None))
        .order_by(Record.submitted_at.desc(), Record.id.desc())
        .limit(200)
    )
    wanted = {one.strip().casefold() for one in parts if one.strip()}
    found = [
        Said(
            one.id,
            one.number or "",
            one.state,
            one.subject,
            str(one.data.get("part") or ""),
            one.submitted_at or one.created_at,
        )
        for one in rows
    ]
    return [one for one in found if not wanted or one.part.strip().casefold() in wanted][:MOST]


def register(app: Flask) -> None:
    """Let templates ask: `feedback_is_offered(form_key)`, `feedback_said(form_key, *parts)`."""
    app.jinja_env.globals["feedback_is_offered"] = is_offered
    app.jinja_env.globals["feedback_said"] = said_of
