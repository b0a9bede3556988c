"""Who must hear that a person leaves: features register, and answer what the person still holds."""

from collections.abc import Callable

on_leaver: list[Callable[[str], int]] = []


def register_leaver(count_open: Callable[[str], int]) -> None:
    """Register a count of what a person (by id) still has open; asked when they leave."""
    if count_open not in on_leaver:
        on_leaver.append(count_open)


def open_tasks(person_id: str) -> int:
    """How many open tasks wait for this person."""
    return sum(count(person_id) for count in on_leaver)
