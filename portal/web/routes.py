"""Endpoints of the edge itself: liveness and readiness."""

from flask import Response
from sqlalchemy import literal, select

from portal.db import db, unscoped
from portal.web.access import public
from portal.web.area import Area

area = Area("web", __name__)


@area.page("/health", access=public)
def health() -> Response:
    """Alive and able to read the database; says nothing else."""
    db.session.execute(unscoped(select(literal(1)), "readiness asks no table"))
    return Response("ok\n", mimetype="text/plain")
