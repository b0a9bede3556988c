"""What the pages of the funds center call things: categories of the plan, kinds of what is due."""

from collections.abc import Mapping

from portal.definitions import queries as definitions
from portal.web.filters import text_in
from portal.web.words import gettext as _

PLAN_FORM, CATEGORY = "funds_plan", "lines[].category"


def category_titles() -> Mapping[str, str]:
    """The categories of the funds plan as its form calls them; others are shown as written."""
    found = definitions.current_form(PLAN_FORM)
    field = found.form.definition.fields.get(CATEGORY) if found else None
    choices = field.options.get("choices") or {} if field else {}
    return {value: text_in(text) for value, text in choices.items()}


def direction_title(direction: str) -> str:
    """In or out."""
    return str(_("In")) if direction == "in" else str(_("Out"))


def kind_title(kind: str, direction: str) -> str:
    """What is expected: something owed, a deposit that comes back, or a planned line."""
    if kind == "deposit":
        return str(_("Deposit to come back"))
    if kind == "plan":
        return str(_("Planned"))
    return str(_("Owed to us")) if direction == "in" else str(_("Owed by us"))
