"""What is done to several fields of a form at once."""

from collections.abc import Sequence

from flask import request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.design.form import Design
from portal.builder.design.form_edits import opened
from portal.builder.design.form_many import copy_fields, move_fields
from portal.builder.design.removal import remove_fields
from portal.builder.form_page import FORM
from portal.builder.routes.form_design import back, in_the_way, keep, path_of, the_form
from portal.builder.routes.form_showing import show_form
from portal.definitions import queries as definitions
from portal.definitions.checking import Finding
from portal.errors import N_, Invalid, NotFound
from portal.web.answers import see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design"


@area.action(f"{_AT}/chosen", access=AUTHORS)
def change_chosen(module: str, file: str) -> BaseResponse:
    """Take the chosen fields out, move them to a section, or copy them; 422 says what stops it."""
    _draft, design = the_form(module, file)
    act = request.form.get("act", "")
    try:
        paths = [path_of(design, one) for one in request.form.getlist("pick")]
        if act == "remove":
            return _remove(module, file, paths)
        if act == "move":
            return _move(module, file, paths)
        if act == "copy":
            return _copy(module, file, design, paths)
    except NotFound:
        return _refused(module, file, _("A field you chose is not in the form any more."))
    except Invalid as refusal:
        return _refused(module, file, sentence(refusal.message))
    raise NotFound


def _remove(module: str, file: str, paths: Sequence[str]) -> BaseResponse:
    draft, design = the_form(module, file)
    made = remove_fields(design.text, paths)
    used = in_the_way(draft, file, made)
    if used:
        return _refused(module, file, _("These fields are used and stay:"), used)
    keep(draft, file, made)
    count = len(paths)
    said = ngettext(
        "%(num)d field is out of the form.", "%(num)d fields are out of the form.", count
    )
    return back(module, file, said)


def _move(module: str, file: str, paths: Sequence[str]) -> BaseResponse:
    draft, design = the_form(module, file)
    section = request.form.get("section", type=int)
    if section is None:
        raise Invalid(N_("Choose the section."))
    keep(draft, file, move_fields(design.text, paths, section))
    return back(module, file, None, paths[0])


def _copy(module: str, file: str, design: Design, paths: Sequence[str]) -> BaseResponse:
    there_module, _slash, there_file = request.form.get("target", "").partition("/")
    there = queries.draft(there_module)
    if there is None or there_file not in there.files or not there_file.endswith(FORM):
        raise Invalid(N_("Choose the form to copy them to; its draft is gone."))
    text = there.files[there_file]
    sections = [one.at for one in opened(text).sections if one.kind == "section"]
    chosen = request.form.get("section", type=int)
    is_here = (there_module, there_file) == (module, file)
    at = chosen if is_here and chosen in sections else (sections or [0])[-1]
    made = copy_fields(design.text, paths, text, at)
    lacking = in_the_way(there, there_file, made, run_cases=False)
    if lacking and not request.args.get("anyway"):
        return _refused(module, file, _("The copies would not be sound there:"), lacking, "copy")
    keep(there, there_file, made)
    said = ngettext("%(num)d field is copied.", "%(num)d fields are copied.", len(paths))
    url = url_for("builder.design_form", module=there_module, file=there_file, _anchor=f"s{at}")
    return see_other(url, said)


def _refused(
    module: str, file: str, said: str, findings: list[Finding] | None = None, anyway: str = ""
) -> BaseResponse:
    return show_form(
        module, file, status=422, refused=said, in_the_way=findings or [], anyway=anyway
    )


@area.context_processor
def _targets() -> dict[str, object]:
    return {"copy_targets": copy_targets}


def copy_targets(module: str, file: str) -> list[tuple[str, str]]:
    """(address, title) of every form of an open draft that fields can be copied to, this first."""
    language, titles = current_viewer().language, definitions.form_titles()
    found = []
    for there, name in queries.draft_forms():
        key = name.removesuffix(FORM)
        title = titles[key].in_language(language) if key in titles else key
        found.append((f"{there}/{name}", title if there == module else f"{title} ({there})"))
    here = f"{module}/{file}"
    return sorted(
        found, key=lambda one: (one[0] != here, not one[0].startswith(f"{module}/"), one[1])
    )
