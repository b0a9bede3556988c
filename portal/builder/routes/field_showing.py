"""What the page of a field shows, alone or beside the form."""

from typing import Any

from flask import Response

from portal.builder import option_words, queries, words
from portal.builder.area import may_write
from portal.builder.design.conditions import comparison_words
from portal.builder.design.examples import lacking_cases
from portal.builder.design.form import Design, Field
from portal.builder.desk import Desk, lay_out
from portal.builder.field_page import FieldPage, field_page
from portal.builder.form_page import cases_of, is_asked, places
from portal.builder.option_picks import picks
from portal.builder.routes.form_design import the_form
from portal.builder.routes.form_showing import form_context
from portal.definitions.checking import Finding
from portal.web.answers import page_or_fragment, wants_fragment
from portal.web.viewer import current_viewer


def show_opened(template: str, module: str, file: str, path: str, said: str = "") -> Response:
    """The form's fields with one of them opened beside, after it was saved or put in."""
    _draft, design = the_form(module, file)
    page = field_page(design, design.fields[path], current_viewer().language)
    return page_or_fragment(
        f"builder/design/{template}.html",
        **form_context(module, file) | field_context(module, file, page),
        just_saved=said,
    )


def field_context(
    module: str, file: str, page: FieldPage, theirs: FieldPage | None = None
) -> dict[str, Any]:
    """What the templates of a field need."""
    draft, design = the_form(module, file)
    desk = lay_out(draft, file, current_viewer().language, run_cases=False)
    cases = draft.files.get(cases_of(file), "")
    return {
        "page": page,
        "theirs": theirs,
        "desk": desk,
        "design": design,
        "findings": _findings(desk, design, page.field),
        "lacking": lacking_cases(cases, page.field) if is_asked(page.field) else 0,
        "module": queries.the_module(module),
        "kind_titles": words.kind_titles(),
        "option_titles": option_words.titles(page.field.kind),
        "option_hints": option_words.hints(),
        "answers": option_words.answers(),
        "sides": option_words.sides(),
        "picks": picks(design, page.field, current_viewer().language),
        "ops": comparison_words(),
        "text_line": next(iter(design.lines(page.field.place)), 0),
        "may_write": may_write(current_viewer()),
        "is_beside": wants_fragment(),
    }


def _findings(desk: Desk, design: Design, one: Field) -> list[Finding]:
    """What is wrong with the field as it is stored."""
    lines = [design.lines(place) for place in (one.place, *places(design, one))]
    return [each for each in desk.findings if any(each.line in span for span in lines)]
