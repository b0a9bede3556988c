"""What the next record of a form would be called, as its pattern stands."""

from datetime import datetime

from portal.forms.numbering import check_pattern, number_prefix, number_text
from portal.projects import queries as projects
from portal.records import facts, numbering

_SOME_CODE = "P1"


def next_number(pattern: str, *, form: str, scope: str, now: datetime) -> str:
    """The next number in the first project the viewer sees, or outside projects.

    Empty where the pattern is none, or not one that numbers can be made of.
    """
    if not pattern or check_pattern(pattern):
        return ""
    found = projects.visible_projects()[:1] if scope == "project" else []
    project = facts.project_facts(found[0].id) if found else None
    today = facts.today_for(project, now)
    if scope == "project" and project is None:
        project = {"code": _SOME_CODE}
    prefix, width = number_prefix(pattern, today=today, project=project, form=form)
    return number_text(prefix, width, numbering.last_number(prefix) + 1)
