"""The list of modules, a new one from blank, and those that came with the portal."""

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, paths
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.inputs import NewModuleForm
from portal.builder.newer import newer, take_over
from portal.builder.shipped import begin_registers, shipped, with_required
from portal.builder.starters import minimal_module
from portal.definitions import queries as definitions
from portal.definitions import services
from portal.errors import Invalid, NotFound
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/modules", access=READERS)
def modules() -> BaseResponse:
    """Every module: its state, its release, what stands open on which release."""
    return _list()


def _list(status: int = 200, refused: services.Refused | None = None, key: str = "") -> Response:
    return page_or_fragment(
        "builder/modules.html",
        status=status,
        rows=queries.module_rows(),
        shipped=shipped(),
        newer=newer(),
        may_write=may_write(current_viewer()),
        refused=refused,
        refused_key=key,
    )


@area.page("/modules/new", access=AUTHORS)
def new_module() -> BaseResponse:
    """The page of a new module."""
    return _new(NewModuleForm())


@area.action("/modules", access=AUTHORS)
def create_module() -> BaseResponse:
    """Make a module that could be published as it is, and open its draft."""
    form = _offered(NewModuleForm.sent())
    if not form.validate():
        return _new(form, 422)
    blank, actor, now = form.blank, current_viewer(), clock.now()
    try:
        services.new_module(
            key=blank.key, title="-", actor=actor, now=now, files=minimal_module(blank)
        )
    except Invalid as refusal:
        form.show(refusal)
        return _new(form, 422)
    return see_other(
        url_for("builder.draft", module=blank.key),
        _("The module is there as a draft. Change its form and chain, or publish it as it is."),
    )


@area.action("/modules/shipped/<key>", access=AUTHORS)
def publish_shipped(key: str) -> BaseResponse:
    """Publish a module that came with the portal, with those it requires."""
    chosen = with_required([key])
    if not chosen:
        raise NotFound
    try:
        done = services.publish_folders(
            paths=[paths.DEFINITIONS / one for one in chosen],
            actor=current_viewer(),
            now=clock.now(),
        )
        begin_registers(chosen, actor=current_viewer(), now=clock.now())
    except services.Refused as refused:
        return _list(422, refused, key)
    said = [words.published(definitions.release(one.release_id), {}) for one in done]
    return see_other(url_for("builder.module", module=key), words.joined(said))


@area.action("/modules/<module>/newer", access=AUTHORS)
def take_over_newer(module: str) -> BaseResponse:
    """Make what the portal brings of a module its draft; it is looked over, then published."""
    take_over(module=module, actor=current_viewer(), now=clock.now())
    said = _("What came with the portal is here as a draft. This is what it would change.")
    return see_other(url_for("builder.review", module=module), said)


def _offered(form: NewModuleForm) -> NewModuleForm:
    form.group.choices = list(words.group_titles().items())
    return form


def _new(form: NewModuleForm, status: int = 200) -> Response:
    return page_or_fragment("builder/new_module.html", status=status, form=_offered(form))
