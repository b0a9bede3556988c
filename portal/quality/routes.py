"""The quality page of a project."""

from flask import render_template

from portal import clock
from portal.definitions import queries as definitions
from portal.ledgers.pages import around, project_for_figures
from portal.quality.links import Links
from portal.quality.matrix import AGES, STEPS
from portal.quality.queries import quality
from portal.quality.words import choice_words, step_word
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.viewer import current_viewer

area = Area("quality", __name__)


@area.page("/projects/<code>/quality", access=signed_in)
def sheet(code: str) -> str:
    """Open defects and hazards by age, risks by cell, what the week brought."""
    project = project_for_figures(code)
    found = quality(project, clock.now())
    language = current_viewer().language
    return render_template(
        "quality/sheet.html",
        found=found,
        links=Links(project, found.today),
        ages=AGES,
        steps=range(1, STEPS + 1),
        word=lambda form, field, value: choice_words(form, field, language).get(value, value),
        step_word=lambda form, step: step_word(form, step, language),
        known={
            one
            for one in ("defect", "hazard", "risk", "inspection", "daily_log")
            if definitions.current_form(one) is not None
        },
        **around(project),
    )
