"""A module like another one: what it is called, and then its draft."""

from collections.abc import Mapping

from flask import Response, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import words
from portal.builder.area import AUTHORS, area
from portal.builder.clone_inputs import CloneInputs, plan_ahead, plan_from, proposed, typed
from portal.builder.cloning.making import Clone
from portal.builder.cloning.services import clone_module, left_out
from portal.builder.cloning.sources import Source, taken, the_source
from portal.definitions import queries as definitions
from portal.errors import Invalid
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/clone"


@area.page(_AT, access=AUTHORS)
def clone(module: str) -> BaseResponse:
    """What the new module would be called, with proposals."""
    source = the_source(module)
    return _show(source, proposed(source, taken()))


@area.action(_AT, access=AUTHORS)
def make_clone(module: str) -> BaseResponse:
    """Make the module and open its draft; 422 with what is wrong."""
    source, known = the_source(module), taken()
    inputs = typed(source, request.form)
    try:
        plan = plan_from(source, inputs, known)
        made = clone_module(
            source=source.key,
            files=source.files,
            plan=plan,
            actor=current_viewer(),
            now=clock.now(),
        )
    except Invalid as refusal:
        errors = {one.path: sentence(one.message) for one in refusal.errors}
        return _show(source, inputs, 422, errors or {"key": sentence(refusal.message)})
    tone = "warning" if made.errors else "success"
    return see_other(url_for("builder.draft", module=plan.key), _told(made), tone=tone)


def _told(made: Clone) -> str:
    """What was made, what was left out, what is still in the way."""
    if made.errors:
        said = [
            ngettext(
                "The module is there as a draft. %(num)d thing is in the way of its release.",
                "The module is there as a draft. %(num)d things are in the way of its release.",
                len(made.errors),
            )
        ]
    else:
        said = [
            _("The module is there as a draft. Change its form and chain, or publish it as it is.")
        ]
    if made.rules:
        said.append(
            ngettext(
                "%(num)d posting rule was left out: it needs entries of the original.",
                "%(num)d posting rules were left out: they need entries of the original.",
                made.rules,
            )
        )
    if made.fields:
        said.append(
            ngettext(
                "%(num)d list was left out: its records link to the original.",
                "%(num)d lists were left out: their records link to the original.",
                len(made.fields),
            )
        )
    return words.joined(said)


def _show(
    source: Source,
    inputs: CloneInputs,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    current = {one.key for one in definitions.modules() if one.release is not None}
    titles = words.ledger_titles()
    return page_or_fragment(
        "builder/clone.html",
        status=status,
        source=source,
        given=inputs,
        errors=errors or {},
        ledgers=[titles.get(one, one) for one in source.ledgers],
        left_out=left_out(source.key, source.files, plan_ahead(source, taken())),
        lacking=[one for one in source.requires if one not in current],
    )
