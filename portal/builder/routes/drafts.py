"""A module's draft: opening, looking it over, throwing it away."""

from collections.abc import Mapping

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.checks import FileState, Judged, judge
from portal.builder.mends import mends_of
from portal.builder.posting_desk import without_rules
from portal.builder.whereabouts import file_said, file_url
from portal.builder.wording import lacking
from portal.definitions import services
from portal.web.answers import page_or_fragment, see_other
from portal.web.filters import text_in
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/modules/<module>/draft", access=READERS)
def draft(module: str) -> BaseResponse:
    """The files of the draft and the state they are in."""
    brief = queries.the_module(module)
    found = queries.draft(module)
    judged = judge(module, found.files) if found else None
    return page_or_fragment(
        "builder/draft.html",
        module=brief,
        draft=found,
        judged=judged,
        mends=mends_of(found, judged) if found and judged else None,
        rows=_rows(module, judged) if found and judged else [],
        author=_name(found.created_by) if found else "",
        forms=_forms(found.files) if found else [],
        file_titles=words.file_titles(),
        lacking=lacking(found.files) if found else 0,
        without_rules=_without_rules(found.files, judged) if found and judged else [],
        may_write=may_write(current_viewer()),
    )


def _rows(module: str, judged: Judged) -> list[tuple[FileState, str, str]]:
    """The files with what they are in words and the page on which they are edited."""
    language = current_viewer().language
    return [
        (one, file_said(one.name, judged.files, language), file_url(module, one.name))
        for one in judged.states
    ]


def _without_rules(files: Mapping[str, str], judged: Judged) -> list[tuple[str, str]]:
    """The forms of projects that post nothing, with their titles."""
    package = judged.report.package
    forms = package.forms if package else {}
    return [
        (key, text_in({"en": forms[key].title.en, "zh": forms[key].title.zh}))
        for key in without_rules(files)
        if key in forms and forms[key].scope == "project"
    ]


def _forms(files: Mapping[str, str]) -> list[str]:
    return [name.removesuffix(".form.json") for name in files if name.endswith(".form.json")]


def _name(person_id: str | None) -> str:
    return accounts.person_name([person_id]).get(person_id, "") if person_id else ""


@area.action("/modules/<module>/draft", access=AUTHORS)
def open_draft(module: str) -> BaseResponse:
    """Open the draft, from the current release where there is none yet."""
    services.open_draft(module=module, actor=current_viewer(), now=clock.now())
    return see_other(url_for("builder.draft", module=module))


@area.action("/modules/<module>/draft/discard", access=AUTHORS)
def discard_draft(module: str) -> BaseResponse:
    """Throw the draft away; a module never published goes with it."""
    brief, found = queries.the_module(module), queries.the_draft(module)
    services.discard_draft(release_id=found.id, actor=current_viewer(), now=clock.now())
    if brief.release is None:
        return see_other(url_for("builder.modules"), _("The draft and its module are gone."))
    return see_other(url_for("builder.module", module=module), _("The draft is gone."))
