"""On the page of an entry: that it is out of use and why, what was merged into it, and the ways."""

from portal.accounts import queries as accounts
from portal.definitions.queries import FormInRelease
from portal.errors import NotFound
from portal.masters import obstacles, queries, services
from portal.records import retirements
from portal.records.models import Record
from portal.records.names import record_name
from portal.records.routes.area import ListLink, Panel
from portal.records.services import get
from portal.records.transitions import APPROVED, RETIRED
from portal.records.views import RecordPage
from portal.web.rendering import url_for
from portal.web.viewer import Viewer
from portal.web.words import gettext as _


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """Nothing for records of other registers, and for entries nobody retires."""
    record = page.record
    if record.state == RETIRED:
        return [_gone(record, viewer)]
    if record.state != APPROVED:
        return []
    merged = queries.merged_into(record.id)
    may = services.may_keep(viewer, record)
    told = retirements.told(record.id)
    if not (merged or may or told):
        return []
    context = {
        "record": record,
        "merged": merged,
        "told": told,
        "may": may,
        "against": obstacles.against_leaving(record) if may else None,
        "may_merge": may and obstacles.is_mergeable(record),
    }
    return [Panel("masters/_in_use.html", "side", context)]


def _gone(record: Record, viewer: Viewer) -> Panel:
    found = queries.retirement_of(record.id)
    into = _seen(found.into_id) if found and found.into_id else None
    by = accounts.person_name([found.actor_id]).get(found.actor_id, "") if found else ""
    context = {
        "record": record,
        "retirement": found,
        "by": by,
        "into": into,
        "into_name": record_name(into.number, into.subject) if into else "",
        "may": services.may_keep(viewer, record),
    }
    return Panel("masters/_out_of_use.html", "top", context)


def _seen(record_id: str) -> Record | None:
    """The entry another was merged into, if the viewer may open it."""
    try:
        return get(record_id)
    except NotFound:
        return None


def of_list(form: FormInRelease, viewer: Viewer) -> list[ListLink]:
    """The way from a register to its look-alikes."""
    if not queries.keeps(viewer, form):
        return []
    return [ListLink(_("Duplicates"), url_for("masters.duplicates", form_key=form.key), "copy")]
