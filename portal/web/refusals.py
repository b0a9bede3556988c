"""Refusals worth keeping: gathered while a request runs, kept once its transaction is over.

A refused request is rolled back and with it whatever it noted; these rows are written afterwards,
in a transaction of their own.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response, g
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.web.viewer import Viewer, current_viewer

log = logging.getLogger("portal.refusals")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, on which object; `detail` names places, never values."""

    action: str
    object_kind: str
    object_id: str
    detail: Mapping[str, Any]


Keeper = Callable[[Viewer, Sequence[Refusal], datetime], None]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Say who writes refusals down. Called once, from portal.wiring."""
    _keepers[:] = [keeper]


def note(refusal: Refusal) -> None:
    """Remember a refusal until the request's transaction is committed or rolled back."""
    noted: list[Refusal] = g.setdefault("refusals", [])
    if refusal not in noted:
        noted.append(refusal)


def _keep(response: Response) -> Response:
    noted: list[Refusal] = g.pop("refusals", [])
    if not noted:
        return response
    for one in noted:
        log.warning("%s %s %s %r", one.action, one.object_kind, one.object_id, dict(one.detail))
    try:
        for keeper in _keepers:
            keeper(current_viewer(), noted, clock.now())
    except OperationalError as error:  # busy: the refusal stands, the log has it
        log.error("a refusal is in the log only: %s", type(error).__name__)
    return response


def register(app: Flask) -> None:
    """Keep what was noted, after the view's transaction and before the answer leaves."""
    app.after_request(_keep)
