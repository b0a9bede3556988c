"""The auditors' page: who did what when, newest first, and whether the chain holds."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import limits
from portal.accounts import queries as accounts
from portal.admin.area import area
from portal.admin.words import action_titles
from portal.audit import queries
from portal.audit.models import AuditRow
from portal.audit.services import head
from portal.projects import queries as projects
from portal.web.access import system_role
from portal.web.answers import page_or_fragment


@area.page("/audit", access=system_role("auditor"))
def audit() -> BaseResponse:
    """A page of the trail; `verify` also walks every link from the first row on."""
    before = request.args.get("before", type=int)
    titles = action_titles()
    action = request.args.get("action", "")
    action = action if action in titles else ""
    rows = queries.page(before=before, limit=limits.PAGE_ROWS + 1, action=action)
    more, rows = len(rows) > limits.PAGE_ROWS, rows[: limits.PAGE_ROWS]
    names = accounts.person_name(
        {i for row in rows for i in (row.actor_id, row.on_behalf_id) if i}
        | {row.object_id for row in rows if row.object_kind == "person"}
    )
    codes = {
        key: one.code
        for key, one in projects.project_briefs(
            row.object_id for row in rows if row.object_kind == "project"
        ).items()
    }
    older = url_for("admin.audit", before=rows[-1].seq, action=action or None) if more else None
    return page_or_fragment(
        "admin/audit.html",
        rows=rows,
        names=names,
        objects=names | codes,
        details={row.seq: _detail(row) for row in rows},
        titles=titles,
        action=action,
        older=older,
        newest=url_for("admin.audit", action=action or None) if before else None,
        head=head(),
        verdict=queries.verify() if request.args.get("verify") else None,
    )


def _detail(row: AuditRow) -> str:
    """The values of a row on one line, without the ids of people (they are named beside)."""
    return " · ".join(f"{key}: {_plain(value)}" for key, value in sorted(row.detail.items()))[:300]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " → ".join(_plain(one) for one in value)
    return "–" if value in (None, "") else str(value)
