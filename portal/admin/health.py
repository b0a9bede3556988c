"""The operators' page: does everything run, and what waits or is stuck."""

from flask import current_app, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal import __version__, clock
from portal.accounts import letters
from portal.admin import outbox_view, words
from portal.admin.area import area
from portal.admin.queries import open_sessions
from portal.audit.services import head
from portal.db import is_sqlite
from portal.migrations import runner
from portal.web.access import system_role
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

operator = system_role("operator")


@area.page("/health", access=operator)
def health() -> BaseResponse:
    """Schema, database, mail, sessions, deliveries."""
    now = clock.now()
    return page_or_fragment(
        "admin/health.html",
        version=__version__,
        database="SQLite" if is_sqlite() else "PostgreSQL",
        schema=runner.current(),
        newest=runner.newest(),
        mails=letters.can_mail(),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        sessions=open_sessions(now),
        head=head(),
        counts=outbox_view.counts(),
        late=outbox_view.late(now),
        stuck=outbox_view.stuck(),
        kinds=words.delivery_kinds(),
        problems=words.delivery_problems(),
    )


@area.action("/health/again", access=operator)
def deliver_again() -> BaseResponse:
    """Try a stuck delivery again."""
    outbox_view.try_again(
        actor=current_viewer(), row_id=request.form.get("row_id", ""), now=clock.now()
    )
    return see_other(url_for("admin.health"), _("It will be tried again in a moment."))


@area.action("/health/all-again", access=operator)
def deliver_all_again() -> BaseResponse:
    """Try every stuck delivery again, after the mail server was down for long."""
    found = outbox_view.try_all_again(actor=current_viewer(), now=clock.now())
    text = ngettext(
        "%(num)d delivery will be tried again in a moment.",
        "%(num)d deliveries will be tried again in a moment.",
        found,
    )
    return see_other(url_for("admin.health"), text)
