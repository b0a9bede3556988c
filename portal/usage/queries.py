"""Reading what was counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.db import db
from portal.usage.models import FormDay


@dataclass(frozen=True, slots=True)
class Habit:
    """How often something was done on a form's pages, and how long the server took (ms)."""

    times: int = 0
    refused: int = 0
    mean_ms: int = 0
    most_ms: int = 0


def habits(forms: Collection[str], since: date) -> Mapping[tuple[str, str], Habit]:
    """By (form, act): what happened since a day, over all releases."""
    rows = db.session.execute(
        select(
            FormDay.form,
            FormDay.act,
            func.sum(FormDay.times),
            func.sum(FormDay.refused),
            func.sum(FormDay.total_ms),
            func.max(FormDay.most_ms),
        )
        .where(FormDay.form.in_(sorted(forms)), FormDay.day >= since)
        .group_by(FormDay.form, FormDay.act)
    )
    return {
        (form, act): Habit(int(times), int(refused), round(int(total) / int(times)), int(most))
        for form, act, times, refused, total, most in rows
        if times
    }


def sendings(release_id: str, since: date, forms: Collection[str]) -> tuple[Habit, Habit]:
    """What was sent under a release since a day, and what under all others, of these forms."""
    rows = db.session.execute(
        select(FormDay.release_id, func.sum(FormDay.times), func.sum(FormDay.refused))
        .where(FormDay.act == "send", FormDay.day >= since, FormDay.form.in_(sorted(forms)))
        .group_by(FormDay.release_id)
    ).all()
    here = [(int(times), int(refused)) for one, times, refused in rows if one == release_id]
    rest = [(int(times), int(refused)) for one, times, refused in rows if one != release_id]
    first, second = (
        Habit(sum(times for times, _ in found), sum(refused for _, refused in found))
        for found in (here, rest)
    )
    return first, second
