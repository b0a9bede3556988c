"""A form of the draft as somebody else will see it: their rights, language and width."""

from collections.abc import Mapping

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder import queries, words
from portal.builder.area import READERS, area, may_write
from portal.builder.checks import Judged, judge
from portal.builder.form_page import FORM
from portal.builder.preview.form import EMPTY, FIRST, Seat, examples, live_form, steps_of
from portal.builder.preview.outline import outline
from portal.definitions.checking.findings import Package
from portal.errors import NotFound
from portal.web.answers import page_or_fragment
from portal.web.filters import text_in
from portal.web.policy import framed, framing
from portal.web.rendering import worded_in
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _
from portal.workflows.tree import in_language

_AT = "/modules/<module>/draft/<file>/design/preview"
WIDTHS = ("desk", "phone")
LANGUAGES = ("en", "zh")


@area.page(_AT, access=READERS)
def preview_form(module: str, file: str) -> BaseResponse:
    """Choose as whom, in which language and how wide to look; the form stands in a frame."""
    draft = queries.the_draft(module)
    if file not in draft.files or not file.endswith(FORM):
        raise NotFound
    judged = judge(module, draft.files, run_cases=False)
    key = file.removesuffix(FORM)
    package = judged.report.package
    shown: Response = page_or_fragment(
        "builder/design/preview.html",
        module=queries.the_module(module),
        draft=draft,
        file=file,
        title=_title(package, key),
        chosen=_chosen(),
        seats=_seats(package, key),
        examples=_examples(package, key),
        is_sound=package is not None and key in package.compiled,
        may_write=may_write(current_viewer()),
    )
    return framing(shown)


@area.page(f"{_AT}/frame", access=READERS)
def preview_frame(module: str, file: str) -> BaseResponse:
    """The form alone, to be shown in a frame. Nothing in it can be sent."""
    draft = queries.the_draft(module)
    if file not in draft.files or not file.endswith(FORM):
        raise NotFound
    judged, chosen = judge(module, draft.files, run_cases=False), _chosen()
    with worded_in(chosen["language"]):
        page = render_template(
            "builder/design/preview_frame.html",
            shown=_shown(judged, file.removesuffix(FORM), chosen),
            kind_titles=words.kind_titles(),
            group_titles=words.group_titles(),
            html_lang="zh-CN" if chosen["language"] == "zh" else "en",
        )
    return framed(make_response(page))


def _shown(judged: Judged, key: str, chosen: Mapping[str, str]) -> Mapping[str, object] | None:
    package = judged.report.package
    if package is None:
        return None
    if key in package.compiled:
        seat = Seat(chosen["as"])
        return live_form(package, key, chosen["language"], seat=seat, example=chosen["example"])
    if key in package.forms:
        return outline(package.forms[key], chosen["language"])
    return None


def _chosen() -> dict[str, str]:
    asked = request.args
    language, width = asked.get("language", ""), asked.get("width", "")
    return {
        "language": language if language in LANGUAGES else current_viewer().language,
        "width": width if width in WIDTHS else WIDTHS[0],
        "as": asked.get("as", "requester")[:80],
        "example": asked.get("example", FIRST)[:8],
    }


def _title(package: Package | None, key: str) -> str:
    form = package.forms.get(key) if package else None
    return form.title.in_language(current_viewer().language) if form else key


def _seats(package: Package | None, key: str) -> list[tuple[str, str]]:
    language = current_viewer().language
    steps = steps_of(package, key) if package else {}
    return [
        ("requester", _("Whoever fills it in")),
        *(
            (f"step:{one.id}", _("Step “%(title)s”", title=in_language(one.title, language)))
            for one in steps.values()
        ),
        ("reader", _("Anybody who may read it")),
    ]


def _examples(package: Package | None, key: str) -> list[tuple[str, str]]:
    found = examples(package, key) if package else []
    named = [(str(at), text_in(one["name"])) for at, one in enumerate(found)]
    return [(FIRST, _("The first example without errors")), *named, (EMPTY, _("Empty"))]
