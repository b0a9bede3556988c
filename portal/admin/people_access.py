"""A person's access: invitation link, company roles, sessions, leaving and returning."""

from flask import request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import letters, services
from portal.admin.area import area
from portal.admin.person_page import person_page
from portal.errors import Invalid
from portal.web.access import system_role
from portal.web.answers import see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

people_admin = system_role("people_admin")


@area.action("/people/<person_id>/invite", access=people_admin)
def invite(person_id: str) -> BaseResponse:
    """A one-use link with which the person chooses a password: shown once, mailed if possible."""
    now = clock.now()
    token = services.invite(actor=current_viewer(), person_id=person_id, now=now)
    person = services.the_person(person_id)
    letters.send_invitation(person, token, now=now)
    return person_page(person, link=letters.link_url(token))


@area.action("/people/<person_id>/sign-out", access=people_admin)
def sign_out_person(person_id: str) -> BaseResponse:
    """End all sessions of a person."""
    services.the_person(person_id)
    services.end_sessions(person_id=person_id, now=clock.now(), keep=current_viewer().session_id)
    return _back(person_id, _("All browsers of this person are signed out."))


@area.action("/people/<person_id>/leave", access=people_admin)
def leave(person_id: str) -> BaseResponse:
    """The person leaves: no sign-in any more, sessions end, open tasks are named."""
    try:
        held = services.deactivate_person(
            actor=current_viewer(), person_id=person_id, now=clock.now()
        )
    except Invalid as refusal:
        return _back(person_id, sentence(refusal.message), "warning")
    parts = [_("Access has ended, and all browsers are signed out.")]
    if held.open_tasks:
        parts.append(
            ngettext(
                "%(num)d task still waits for this person: transfer it.",
                "%(num)d tasks still wait for this person: transfer them.",
                held.open_tasks,
            )
        )
    if held.heads:
        parts.append(_("Departments without a head now: %(names)s.", names=", ".join(held.heads)))
    tone = "warning" if held.open_tasks or held.heads else "success"
    return _back(person_id, " ".join(parts), tone)


@area.action("/people/<person_id>/return", access=people_admin)
def come_back(person_id: str) -> BaseResponse:
    """Somebody who left is back."""
    services.reactivate_person(actor=current_viewer(), person_id=person_id, now=clock.now())
    return _back(person_id, _("Access is open again, with the roles still held."))


@area.action("/people/<person_id>/roles", access=people_admin)
def change_role(person_id: str) -> BaseResponse:
    """Give (`do=grant`) or take (`do=revoke`) a role of the person."""
    kind, _colon, role = request.form.get("role", "").partition(":")
    verb = services.grant_role if request.form.get("do") == "grant" else services.revoke_role
    try:
        verb(actor=current_viewer(), person_id=person_id, kind=kind, role=role, now=clock.now())
    except Invalid as refusal:
        return _back(person_id, sentence(refusal.message), "warning")
    return _back(person_id, _("The roles are changed; this holds from now on."))


def _back(person_id: str, notice: str, tone: str = "success") -> BaseResponse:
    return see_other(url_for("admin.person", person_id=person_id), notice, tone=tone)
