"""The auditors' page: who did what when, newest first, and whether the chain holds."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import limits
from portal.admin.area import area
from portal.admin.trail import Trail
from portal.admin.words import action_titles
from portal.audit import queries
from portal.audit.services import head
from portal.web.access import system_role
from portal.web.answers import page_or_fragment


@area.page("/audit", access=system_role("auditor"))
def audit() -> BaseResponse:
    """A page of the trail; `verify` also walks every link from the first row on."""
    before = _before(request.args.get("before", ""))
    titles = action_titles()
    action = request.args.get("action", "")
    action = action if action in titles else ""
    rows = queries.page(before=before, limit=limits.PAGE_ROWS + 1, action=action)
    more, rows = len(rows) > limits.PAGE_ROWS, rows[: limits.PAGE_ROWS]
    trail = Trail(rows)
    older = url_for("admin.audit", before=rows[-1].seq, action=action or None) if more else None
    return page_or_fragment(
        "admin/audit.html",
        rows=rows,
        names=trail.names,
        subjects={row.seq: trail.subject(row) for row in rows},
        details={row.seq: trail.details(row) for row in rows},
        titles=titles,
        action=action,
        older=older,
        newest=url_for("admin.audit", action=action or None) if before else None,
        head=head(),
        verdict=queries.verify() if request.args.get("verify") else None,
    )


def _before(text: str) -> int | None:
    """The number a page of the trail ends before; what is no such number is left aside."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
