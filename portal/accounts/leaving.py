"""Who must hear that a person leaves: features register, and answer what the person still holds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.web.viewer import ANONYMOUS, Viewer

on_leaver: list[Callable[[str], int]] = []


def register_leaver(count_open: Callable[[str], int]) -> None:
    """Register a count of what a person (by id) still has open; asked when they leave."""
    if count_open not in on_leaver:
        on_leaver.append(count_open)


on_departure: list[Callable[..., Any]] = []


def register_departure(act: Callable[..., Any]) -> None:
    """Register what becomes of a leaver's work: called with actor, leaver (an id) and now."""
    if act not in on_departure:
        on_departure.append(act)


def depart(actor: Viewer | None, person_id: str, now: datetime) -> None:
    """The person left: everything that waited for them is freed, in the same transaction."""
    for act in on_departure:
        act(actor=actor or ANONYMOUS, leaver=person_id, now=now)


def open_tasks(person_id: str) -> int:
    """How many open tasks wait for this person."""
    return sum(count(person_id) for count in on_leaver)
