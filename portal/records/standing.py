"""What the state of a record is called: what nobody has to approve is on file, not approved."""

from collections.abc import Callable, Mapping

from flask import Flask

from portal.definitions import queries as definitions
from portal.records.transitions import APPROVED
from portal.web.words import gettext as _

ON_FILE = "on_file"

_WORDS: Mapping[str, Callable[[], str]] = {
    "draft": lambda: _("Draft"),
    "submitted": lambda: _("In approval"),
    "returned": lambda: _("Returned"),
    "approved": lambda: _("Approved"),
    ON_FILE: lambda: _("On file"),
    "rejected": lambda: _("Rejected"),
    "withdrawn": lambda: _("Withdrawn"),
    "void": lambda: _("Void"),
    "retired": lambda: _("Out of use"),
}


def standing(state: str, form_key: str) -> str:
    """The state as pages show it: `on_file` for an accepted record of a form without approval."""
    if state != APPROVED:
        return state
    form = definitions.current_form(form_key)
    return state if form is None or form.has_workflow else ON_FILE


def standing_word(state: str, form_key: str) -> str:
    """The state in the reader's words; any other name stands as it is."""
    shown = standing(state, form_key)
    return _WORDS[shown]() if shown in _WORDS else shown


def register(app: Flask) -> None:
    """Let templates ask for it: `state_badge(standing(row.state, row.form))`."""
    app.jinja_env.globals["standing"] = standing
