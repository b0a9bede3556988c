"""What became of an entry of a register: out of use, merged, and back, told like its decisions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.accounts import queries as accounts
from portal.db import db
from portal.records.models import Record, Retirement
from portal.records.names import record_name
from portal.web.filters import ago, moment
from portal.web.rendering import url_for
from portal.web.words import gettext as _

Act = tuple[datetime, str, str, str, str | None]  # when, who, what, why, the other entry


def told(record_id: str) -> list[dict[str, Any]]:
    """Each act with who did it and why, the latest first, ready for the history component."""
    rows = db.session.scalars(
        select(Retirement)
        .where(or_(Retirement.record_id == record_id, Retirement.into_id == record_id))
        .order_by(Retirement.at, Retirement.id)
    ).all()
    others = {one.into_id if one.record_id == record_id else one.record_id for one in rows}
    names = _names({one for one in others if one})
    acts = sorted(
        (act for row in rows for act in _acts(row, record_id, names)), key=lambda act: act[0]
    )
    people = accounts.person_name(sorted({act[1] for act in acts}))
    return [_item(act, people, names) for act in reversed(acts)]


def _names(record_ids: set[str]) -> dict[str, str]:
    """What the reader may see of them."""
    statement = select(Record.id, Record.number, Record.subject).where(
        Record.id.in_(sorted(record_ids))
    )
    return {row.id: record_name(row.number, row.subject) for row in db.session.execute(statement)}


def _acts(row: Retirement, record_id: str, names: dict[str, str]) -> Iterator[Act]:
    other = row.into_id if row.record_id == record_id else row.record_id
    name = names.get(other or "") or _("another entry")
    if other is None:
        began, ended = _("took it out of use"), _("took it back into use")
    elif row.into_id == record_id:
        began = _("merged “%(name)s” into it", name=name)
        ended = _("took the merge of “%(name)s” into it back", name=name)
    else:
        began = _("merged it into “%(name)s”", name=name)
        ended = _("took its merge into “%(name)s” back", name=name)
    yield row.at, row.actor_id, began, row.reason, other
    if row.ended_at is not None:
        yield row.ended_at, row.ended_by or "", ended, row.ended_reason, other


def _item(act: Act, people: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    at, actor_id, text, why, other = act
    return {
        "who": people.get(actor_id, ""),
        "text": text,
        "url": url_for("records.detail", record_id=other) if other in names else None,
        "moment": ago(at),
        "moment_title": moment(at),
        "comment": why or None,
        "icon": "git-merge" if other else "archive",
        "tone": "grey",
    }
