"""What the page of a form shows, whole or as its parts."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from portal.builder import queries, words
from portal.builder.area import may_write
from portal.builder.design.form import Design, Section
from portal.builder.design.migration import differences
from portal.builder.form_page import FORM, form_page
from portal.builder.saving import mark_of
from portal.builder.snippets import KINDS
from portal.definitions.checking import Finding
from portal.definitions.queries import ModuleBrief
from portal.errors import N_, ChangedMeanwhile
from portal.web.answers import page_or_fragment
from portal.web.viewer import current_viewer


def show_form(
    module: str,
    file: str,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
    in_the_way: list[Finding] | None = None,
    anyway: str = "",
) -> Response:
    """The form's page, or what changes in it with every edit."""
    return page_or_fragment(
        "builder/design/form.html",
        "builder/design/canvas.html",
        status=status,
        **form_context(module, file)
        | {
            "errors": errors or {},
            "refused": refused,
            "in_the_way": in_the_way or [],
            "anyway": anyway,
        },
    )


def form_context(module: str, file: str) -> dict[str, Any]:
    """What the templates of a form's parts need; raises NotFound."""
    parts = form_page(queries.the_draft(module), file, current_viewer().language)
    mark: Callable[[Section], str] = section_mark
    titles, brief = words.kind_titles(), queries.the_module(module)
    return {
        "parts": parts,
        "desk": parts.desk,
        "design": parts.design,
        "module": brief,
        "loose": _loose(brief, file, parts.design),
        "kind_titles": titles,
        "kinds": [(one, titles[one]) for one in KINDS],
        "group_titles": words.group_titles(),
        "may_write": may_write(current_viewer()),
        "section_mark": mark,
        "errors": {},
        "typed": request.form,
        "refused": "",
        "in_the_way": [],
        "anyway": "",
        "picked": request.form.getlist("pick"),
    }


def _loose(brief: ModuleBrief, file: str, design: Design | None) -> int:
    """How many fields of the published version no step says anything of, though they are gone."""
    published = brief.release.forms.get(file.removesuffix(FORM)) if brief.release else None
    if published is None or design is None:
        return 0
    return len(differences(published.form.definition, design).loose)


def section_mark(section: Section) -> str:
    """Which block of the layout a page showed; its fields are edited by themselves."""
    return mark_of(repr((section.kind, section.title, section.note)))


def the_section(design: Design, at: int) -> Section:
    """The block of the layout a request is about; raises Conflict if it is another now."""
    found = next((one for one in design.sections if one.at == at), None)
    if found is None or request.form.get("part") != section_mark(found):
        raise ChangedMeanwhile(
            N_("Somebody changed the sections of this form meanwhile."),
            hint=N_("Go back, look at it as it is now, and try again."),
        )
    return found
