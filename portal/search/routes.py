"""The search page: numbers and titles of what the viewer may see."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from sqlalchemy import or_, select

from portal import limits
from portal.db import db
from portal.definitions import queries as definitions
from portal.records.models import Record
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.area import Area

area = Area("search", __name__)


def found(text: str) -> Sequence[Any]:
    """Records whose number or title holds the text, the latest first."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    statement = (
        select(
            Record.id,
            Record.form,
            Record.number,
            Record.subject,
            Record.state,
            Record.amount,
            Record.currency,
            Record.project_id,
            Record.updated_at,
        )
        .where(
            or_(
                Record.number.ilike(like, escape="\\"),
                Record.subject.ilike(like, escape="\\"),
            )
        )
        .order_by(Record.updated_at.desc(), Record.id)
        .limit(limits.SEARCH_HITS + 1)
    )
    return db.session.execute(statement).all()


@area.page("/search", access=signed_in)
def index() -> Any:
    """Hits for `q`; an exact number leads straight to its record."""
    from flask import url_for

    text = request.args.get("q", "").strip()[:100]
    rows = found(text) if text else []
    exact = [row for row in rows if row.number and row.number.casefold() == text.casefold()]
    if len(exact) == 1 and "stay" not in request.args:
        return see_other(url_for("records.detail", record_id=exact[0].id))
    response: Response = page_or_fragment(
        "search/index.html",
        q=text,
        rows=rows[: limits.SEARCH_HITS],
        more=len(rows) > limits.SEARCH_HITS,
        titles=definitions.form_titles(),
    )
    return response
