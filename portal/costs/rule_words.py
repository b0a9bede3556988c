"""Rules of budget control in the reader's words."""

from dataclasses import dataclass

from portal.costs.reaching import Settings
from portal.costs.rules import Rule
from portal.costs.sheet import Sheet
from portal.definitions.ledger_words import WORD_TITLES
from portal.web.filters import month
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class SaidRule:
    """One rule: what it is about, over which time, the column it looks at, what it does."""

    about: str
    over: str
    column: str
    stops: str
    warns: str


def said(sheet: Sheet, settings: Settings) -> list[SaidRule]:
    """All rules of a sheet as they hold in a project."""
    if sheet.control is None:
        return []
    return [
        SaidRule(
            _about(rule),
            _("The whole budget") if rule.horizon == "whole" else _("Accumulated until each month"),
            str(sheet.ledger_columns[rule.available or settings.available].label),
            _buckets(rule, "stop"),
            _buckets(rule, "warn"),
        )
        for rule in sheet.control.rules
    ]


def spread(settings: Settings) -> str:
    """How a budget that says no months counts in a project."""
    if settings.undated is None:
        return _("A budget without months of its own counts whole at any time.")
    return _(
        "A budget without months of its own is spread evenly from %(first)s to %(last)s, the dates "
        "of the project.",
        first=month(settings.undated.first),
        last=month(settings.undated.last),
    )


def _about(rule: Rule) -> str:
    if rule.codes:
        return _("%(codes)s with all below", codes=_(", ").join(rule.codes))
    if rule.level is None:
        return _("Each cost code by itself")
    if rule.level == 0:
        return _("The whole project")
    return _("Cost codes at level %(level)s with all below", level=rule.level)


def _buckets(rule: Rule, action: str) -> str:
    titles = WORD_TITLES["bucket"]
    words = (_(titles[key]) for key, do in rule.stages.items() if do == action)
    return _(", ").join(words) or "–"
