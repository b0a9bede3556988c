"""Mending a draft by a button: version numbers, and what its examples give and expect."""

from collections.abc import Mapping

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.checks import judge
from portal.builder.design.examples import changed_routes, changed_values, with_routes, with_values
from portal.builder.design.samples import with_samples
from portal.builder.form_page import designs_of
from portal.builder.splicing import replace_value
from portal.definitions import services
from portal.web.answers import see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.action("/modules/<module>/draft/versions", access=AUTHORS)
def raise_versions(module: str) -> BaseResponse:
    """Write the next version number into every changed form that still has a published one."""
    draft = queries.the_draft(module)
    judged = judge(module, draft.files, run_cases=False)
    texts = {
        one.file: replace_value(draft.files[one.file], ("version",), one.following)
        for one in judged.stale_versions(queries.published_versions(module))
    }
    _save(draft, texts)
    return _back(module, _("The version numbers are raised."))


@area.action("/modules/<module>/draft/routes", access=AUTHORS)
def take_over_routes(module: str) -> BaseResponse:
    """Let the examples expect the routes their records take through the chain as it is now."""
    draft = queries.the_draft(module)
    judged = judge(module, draft.files)
    changed = changed_routes(judged.report.errors).items()
    _save(draft, {name: with_routes(draft.files[name], routes) for name, routes in changed})
    return _back(module, _("The examples expect the new routes."))


@area.action("/modules/<module>/draft/values", access=AUTHORS)
def take_over_values(module: str) -> BaseResponse:
    """Let the examples expect the values that come out as the form is now."""
    draft = queries.the_draft(module)
    changed = changed_values(judge(module, draft.files).report.errors).items()
    _save(draft, {name: with_values(draft.files[name], values) for name, values in changed})
    return _back(module, _("The examples expect the new values."))


@area.action("/modules/<module>/draft/samples", access=AUTHORS)
def fill_samples(module: str) -> BaseResponse:
    """Give the examples a plausible value for everything required that they lack."""
    draft = queries.the_draft(module)
    designs = designs_of(draft.files)
    _save(draft, {name: with_samples(draft.files[name], design) for name, design in designs})
    return _back(module, _("The examples have values now."))


def _back(module: str, said: str) -> BaseResponse:
    """To the page the button stood on: the overview of the draft, a form's fields, its review."""
    back, file = request.form.get("back"), request.form.get("file", "")
    if back == "builder.design_form" and file in queries.the_draft(module).files:
        return see_other(url_for(back, module=module, file=file), said)
    page = "builder.draft" if back == "builder.draft" else "builder.review"
    return see_other(url_for(page, module=module), said)


def _save(draft: queries.Draft, texts: Mapping[str, str]) -> None:
    services.save_draft_files(
        release_id=draft.id, texts=texts, seen_revision=draft.revision,
        actor=current_viewer(), now=clock.now(),
    )  # fmt: skip
