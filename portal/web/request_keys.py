"""Idempotency: a form carries a key; the same key again gets the stored answer, nothing twice."""

import hashlib

from flask import Request, g
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db, is_sqlite, unscoped
from portal.errors import N_, Invalid
from portal.web.answers import see_other
from portal.web.models import RequestKey
from portal.web.viewer import current_viewer

FIELD = "_request_key"
_OLDER = "request_key"  # as the portal's own WTForms pages name it
_IGNORED = {FIELD, _OLDER, "csrf_token"}


def _hash(request: Request) -> str:
    parts = [request.path]
    for name in sorted(request.form):
        if name not in _IGNORED:
            parts += [name, *request.form.getlist(name)]
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        parts += [name, file.filename or ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def claim(request: Request) -> Response | None:
    """Take this request's key, or give the answer the key already got.

    Raises Invalid when the same key comes with another request.
    """
    key = (request.form.get(FIELD) or request.form.get(_OLDER) or "")[:64]
    person = current_viewer().person_id
    if not key or not person:
        return None
    flavor = sqlite if is_sqlite() else postgresql
    row = {
        "person_id": person,
        "key": key,
        "request_hash": _hash(request),
        "created_at": clock.now(),
        "status": 0,
        "location": "",
    }
    # RETURNING, not rowcount: that is -1 on PostgreSQL, whether the row went in or not
    taken = db.session.execute(
        flavor.insert(RequestKey).values(row).on_conflict_do_nothing().returning(RequestKey.key)
    ).first()
    if taken is not None:
        g.request_key = key
        return None
    stored = db.session.execute(
        unscoped(
            select(RequestKey.request_hash, RequestKey.location).where(
                RequestKey.person_id == person, RequestKey.key == key
            ),
            "the key is the person's own",
        )
    ).one()
    if stored.request_hash != row["request_hash"]:
        raise Invalid(N_("This page was already sent with other contents. Open it anew."))
    return see_other(stored.location or "/")


def keep(request: Request, response: Response) -> None:
    """Store the answer under the key, in the same transaction as its effect."""
    key = g.pop("request_key", None)
    if key is None:
        return
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    stored = db.session.get_one(RequestKey, (current_viewer().person_id, key))
    stored.status, stored.location = response.status_code, location[:500]
