"""An example of a form made of a record that was filed."""

from collections.abc import Mapping

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.recorded import sources
from portal.builder.recorded.services import add_example
from portal.errors import N_, FieldError, Invalid, Message, NotFound
from portal.forms.texts import Text
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/examples/<form>/record"
_MOST = 200


@area.page(_AT, access=AUTHORS)
def example_from_record(module: str, form: str) -> BaseResponse:
    """The records an example can be made of."""
    return _show(module, form, {"record": request.args.get("record", "")})


@area.action(_AT, access=AUTHORS)
def make_example(module: str, form: str) -> BaseResponse:
    """Add the example to the draft; 422 with the reason where none can be made."""
    draft = queries.the_draft(module)
    typed = {key: one_line(request.form.get(key, "")) for key in ("record", "en", "zh", "texts")}
    try:
        _demand(typed)
        file = add_example(
            draft=draft,
            record=sources.the_record(form, typed["record"]),
            name=Text(typed["en"], typed["zh"]),
            is_neutral=typed["texts"] == "plain",
            actor=current_viewer(),
            now=clock.now(),
        )
    except Invalid as refusal:
        errors = {one.path: sentence(one.message) for one in refusal.errors}
        return _show(module, form, typed, 422, errors or {"record": sentence(refusal.message)})
    return see_other(
        url_for("builder.edit_file", module=module, file=file),
        _("The example is there, the last one in this file. It holds."),
    )


def _demand(typed: Mapping[str, str]) -> None:
    errors = []
    if not typed["record"]:
        errors.append(("record", N_("Choose a record.")))
    if not typed["en"] and not typed["zh"]:
        errors.append(("en", N_("Give the example a name in one language at least.")))
    long = N_("At most %(most)s characters.")
    errors += [(one, long) for one in ("en", "zh") if len(typed[one]) > _MOST]
    if errors:
        raise Invalid(
            errors=[FieldError(at, "wrong", Message(text, {"most": _MOST})) for at, text in errors]
        )


def _show(
    module: str,
    form: str,
    typed: Mapping[str, str],
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    brief, draft = queries.the_module(module), queries.draft(module)
    if draft is not None and f"{form}.form.json" not in draft.files:
        raise NotFound
    return page_or_fragment(
        "builder/example_from_record.html",
        status=status,
        module=brief,
        form=form,
        has_draft=draft is not None,
        records=sources.offered(form),
        typed={"texts": "plain", **typed} if status == 200 else typed,
        errors=errors or {},
    )
