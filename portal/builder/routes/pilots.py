"""Releases in pilot are let out to everybody or taken back; modules on and off by project."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.routes.module import said_of, show
from portal.definitions import pilots, services
from portal.errors import NotFound
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_CHOICES = {"as_company": None, "on": True, "off": False}


@area.action("/modules/<module>/pilot/promote", access=AUTHORS)
def promote(module: str) -> BaseResponse:
    """Let everybody work under the release in pilot; 422 with what is in the way."""
    try:
        done = services.promote(module=module, actor=current_viewer(), now=clock.now())
    except services.Refused as refused:
        return show(module, 422, refused)
    return see_other(url_for("builder.module", module=module), said_of(done))


@area.action("/modules/<module>/pilot/end", access=AUTHORS)
def end_pilot(module: str) -> BaseResponse:
    """Take the release in pilot back; what was filed under it goes on under it."""
    ended = pilots.end(module=module, actor=current_viewer(), now=clock.now())
    text = _(
        "The pilot is over. What was filed under release %(number)s goes on under it.",
        number=ended.number,
    )
    return see_other(url_for("builder.module", module=module), text)


@area.page("/modules/<module>/projects", access=READERS)
def module_projects(module: str) -> BaseResponse:
    """In which projects the module is on, off, or as in the company."""
    found = queries.the_module(module)
    off, on = (set(pilots.switched(module, enabled=one)) for one in (False, True))
    pilot = pilots.pilot_of(module)
    return page_or_fragment(
        "builder/projects.html",
        module=found,
        projects=pilots.open_projects(),
        off=off,
        on=on,
        tried=set(pilot.projects) if pilot else set(),
        may_write=may_write(current_viewer()),
    )


@area.action("/modules/<module>/projects", access=AUTHORS)
def save_module_projects(module: str) -> BaseResponse:
    """Switch the module on or off in single projects, as chosen for each."""
    for project in pilots.open_projects():
        chosen = request.form.get(f"project-{project}", "")
        if not chosen:
            continue
        if chosen not in _CHOICES:
            raise NotFound
        pilots.switch_in_project(
            module=module,
            project_id=project,
            enabled=_CHOICES[chosen],
            actor=current_viewer(),
            now=clock.now(),
        )
    return see_other(url_for("builder.module", module=module), _("It is saved."))
