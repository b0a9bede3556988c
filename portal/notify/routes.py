"""The bell's page."""

from flask import Response, url_for
from sqlalchemy import update
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.db import db
from portal.notify import queries, wording
from portal.notify.models import Notice
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.area import Area
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

area = Area("notify", __name__)


@area.page("/notices", access=signed_in)
def index() -> Response:
    """My notices, the latest first."""
    rows = queries.notices(current_viewer())
    return page_or_fragment("notify/index.html", rows=rows, headline=wording.headline)


@area.action("/notices/read", access=signed_in)
def read_all() -> BaseResponse:
    """Mark all my notices read."""
    db.session.execute(
        update(Notice)
        .where(Notice.person_id == current_viewer().person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
    return see_other(url_for("notify.index"), _("All notices are marked read."))
