"""The auditors' page: who did what when, newest first, and whether the chain holds."""

import re

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal import limits
from portal.accounts import queries as accounts
from portal.admin.area import area
from portal.admin.words import action_titles, detail_titles, event_titles
from portal.audit import queries
from portal.audit.models import AuditRow
from portal.audit.services import head
from portal.projects import queries as projects
from portal.web.access import system_role
from portal.web.answers import page_or_fragment

ID_LENGTH = 36
_HASH = re.compile("[0-9a-f]{64}")


@area.page("/audit", access=system_role("auditor"))
def audit() -> BaseResponse:
    """A page of the trail; `verify` also walks every link from the first row on."""
    before = _before(request.args.get("before", ""))
    titles = action_titles()
    action = request.args.get("action", "")
    action = action if action in titles else ""
    rows = queries.page(before=before, limit=limits.PAGE_ROWS + 1, action=action)
    more, rows = len(rows) > limits.PAGE_ROWS, rows[: limits.PAGE_ROWS]
    names = _names({one for row in rows for one in _ids(row)})
    older = url_for("admin.audit", before=rows[-1].seq, action=action or None) if more else None
    return page_or_fragment(
        "admin/audit.html",
        rows=rows,
        names=names,
        details={row.seq: _detail(row, names) for row in rows},
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


def _ids(row: AuditRow) -> set[str]:
    """Everything in a row that may be the id of a person, a department or a project."""
    values = (row.actor_id, row.on_behalf_id, row.object_id, *row.detail.values())
    return {one for one in values if isinstance(one, str) and len(one) == ID_LENGTH}


def _names(ids: set[str]) -> dict[str, str]:
    briefs = projects.project_briefs(ids)
    codes = {key: one.code for key, one in briefs.items()}
    return accounts.department_names(ids) | codes | accounts.person_name(ids)


def _detail(row: AuditRow, names: dict[str, str]) -> str:
    """The values of a row on one line, ids replaced by names."""
    titles, told = detail_titles(), names | event_titles()
    if row.object_kind == "department":
        titles["head"] = _("head")
    mark = _(": ")
    parts = (
        f"{titles.get(key, key)}{mark}{_plain(value, told)}"
        for key, value in sorted(row.detail.items())
        if key != "number"  # it stands beside what was done
    )
    return " · ".join(parts)[:300]


def _plain(value: object, names: dict[str, str]) -> str:
    """A value for reading; of a hash its beginning, which tells it apart."""
    if isinstance(value, list):
        return " → ".join(_plain(one, names) for one in value)
    text = "–" if value in (None, "") else names.get(str(value), str(value))
    return f"{text[:12]}…" if _HASH.fullmatch(text) else text
