"""Idempotency: a form carries a key; the same key again gets the stored answer, nothing twice."""

import hashlib

from flask import Request, g
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db, is_sqlite, read_fixed, unscoped, write_fixed
from portal.errors import N_, Invalid
from portal.web.answers import see_other
from portal.web.models import RequestKey
from portal.web.viewer import current_viewer

FIELD = "_request_key"
_OLDER = "request_key"  # as the portal's own WTForms pages name it
_IGNORED = {FIELD, _OLDER, "csrf_token"}


_OWN = "the key is the person's own"
_take = {
    is_lite: unscoped(
        flavor.insert(RequestKey).on_conflict_do_nothing().returning(RequestKey.key), _OWN
    )
    for is_lite, flavor in ((True, sqlite), (False, postgresql))
}
_keep = unscoped(
    update(RequestKey).where(
        RequestKey.person_id == bindparam("person"), RequestKey.key == bindparam("of")
    ),
    _OWN,
)


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
    row = {
        "person_id": person,
        "key": key,
        "request_hash": _hash(request),
        "created_at": clock.now(),
        "status": 0,
        "location": "",
    }
    # RETURNING, not rowcount: that is -1 on PostgreSQL, whether the row went in or not
    if read_fixed(_take[is_sqlite()], row):
        g.request_key = key
        return None
    stored = db.session.execute(
        unscoped(
            select(RequestKey.request_hash, RequestKey.location).where(
                RequestKey.person_id == person, RequestKey.key == key
            ),
            _OWN,
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
    given = {"person": current_viewer().person_id, "of": key}
    write_fixed(_keep, {**given, "status": response.status_code, "location": location[:500]})
