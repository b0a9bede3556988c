"""Idempotency: a form carries a key; the same key again gets the stored answer, nothing twice."""

import hashlib
import json
from collections.abc import Iterator

from flask import Request, g
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db, is_sqlite, read_fixed, unscoped, write_fixed
from portal.errors import N_, Invalid
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
    """What was asked: the address, every value, and the content of every file."""
    return hashlib.sha256(json.dumps(list(_parts(request))).encode()).hexdigest()


def _parts(request: Request) -> Iterator[list[str]]:
    yield [request.path, request.query_string.decode("latin-1")]
    for name in sorted(request.form.keys() - _IGNORED):
        yield [name, *request.form.getlist(name)]
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        yield [name, file.filename or "", _content_hash(file)]


def _content_hash(file: FileStorage) -> str:
    """Read in portions, and rewound for whoever reads it next."""
    file.stream.seek(0)
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


def claim(request: Request) -> str | None:
    """Take this request's key; for a repeated one, where the first one led.

    That is empty where the first one showed a page instead of leading anywhere. Raises Invalid when
    the same key comes with another request.
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
    return str(stored.location)


def keep(request: Request, response: Response) -> None:
    """Store the answer under the key, in the same transaction as its effect."""
    key = g.pop("request_key", None)
    if key is None:
        return
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    given = {"person": current_viewer().person_id, "of": key}
    write_fixed(_keep, {**given, "status": response.status_code, "location": location[:500]})
