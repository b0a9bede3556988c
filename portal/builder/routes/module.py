"""One module: what it holds, its releases, switching it on and off, going back."""

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.contents import contents
from portal.builder.newer import newer
from portal.builder.pilot_report import pilot_report
from portal.definitions import pilots, services
from portal.definitions import queries as definitions
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/modules/<module>", access=READERS)
def module(module: str) -> BaseResponse:
    """What the module holds and how it came to be."""
    return show(module)


def show(key: str, status: int = 200, refused: services.Refused | None = None) -> Response:
    """The module's page."""
    found = queries.the_module(key)
    history = definitions.history(key)
    by = accounts.person_name(sorted({one.published_by for one in history if one.published_by}))
    return page_or_fragment(
        "builder/module.html",
        status=status,
        module=found,
        contents=contents(found.shown, definitions.files_of(found.shown.id)) if found.shown else [],
        pilot=pilot_report(key),
        off_in=words.projects_of(pilots.switched(key, enabled=False)),
        on_in=words.projects_of(pilots.switched(key, enabled=True)),
        history=history,
        is_outdated=key in newer(),
        people=by,
        records=queries.records_on(key),
        open_records=queries.open_records(key),
        plural=words.plural(found.shown) if found.shown else "",
        draft=definitions.draft_of(key),
        may_write=may_write(current_viewer()),
        refused=refused,
    )


@area.action("/modules/<module>/enable", access=AUTHORS)
def enable(module: str) -> BaseResponse:
    """Show the module in menus and let people file its forms."""
    services.enable(module=module, actor=current_viewer(), now=clock.now())
    return see_other(
        url_for("builder.module", module=module),
        _("The module is on: it stands in the menu and its forms can be filed."),
    )


@area.action("/modules/<module>/disable", access=AUTHORS)
def disable(module: str) -> BaseResponse:
    """Take the module out of menus and stop new records; those that exist go on."""
    services.disable(module=module, actor=current_viewer(), now=clock.now())
    return see_other(
        url_for("builder.module", module=module),
        _("The module is off: nothing new is filed; existing records can be read and decided."),
    )


@area.action("/modules/<module>/releases/<int:number>/again", access=AUTHORS)
def roll_back(module: str, number: int) -> BaseResponse:
    """Publish the content of an earlier release under a new number."""
    queries.release_files(module, number)  # NotFound, also for a number no database holds
    try:
        done = services.roll_back(
            module=module, to_number=number, actor=current_viewer(), now=clock.now()
        )
    except services.Refused as refused:
        return show(module, 422, refused)
    url = url_for("builder.module", module=module)
    if not done.changed:
        return see_other(
            url, _("Release %(number)s is current already.", number=number), tone="info"
        )
    return see_other(url, said_of(done))


def said_of(done: services.Published) -> str:
    """What publishing did, in a sentence."""
    release = definitions.release(done.release_id)
    if done.projects:
        return words.piloted(release, done.projects)
    return words.published(release, done.open_records_by_release)
