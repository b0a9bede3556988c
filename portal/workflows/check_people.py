"""Judging people rules as they are written in a definition."""

from collections.abc import Callable
from typing import Any

from portal.errors import N_
from portal.workflows.findings import Checker, Path
from portal.workflows.people import RULE_KINDS

NOT_A_PERSON = (
    N_("The field “%(field)s” does not name a person."),
    N_("Name a field of the kind user."),
)
NOT_A_DEPARTMENT = (
    N_("The field “%(field)s” does not name a department."),
    N_("Name a field of the kind department, or write requester or project."),
)


def check_people(raw: Any, check: Checker, path: Path) -> None:
    """A rule, or a non-empty list of rules; each an object with one key, the kind of the rule."""
    if isinstance(raw, list):
        if not raw:
            check.add(path, N_("This rule finds nobody."), N_("Name at least one rule."))
        for at, rule in enumerate(raw):
            _check_rule(rule, check, (*path, at))
    else:
        _check_rule(raw, check, path)


def _check_rule(raw: Any, check: Checker, path: Path) -> None:
    rule = check.keys(raw, path, allowed=RULE_KINDS)
    if isinstance(raw, dict) and not raw:
        check.add(path, N_("This rule finds nobody."), N_("Name at least one rule."))
    if len(rule) > 1:
        check.add(
            path,
            N_("One rule has one key."),
            N_("Write a list to ask the people of several rules."),
        )
    for kind, value in rule.items():
        if kind in RULE_KINDS:
            _check_values(kind, value, check, (*path, kind))


def _check_values(kind: str, value: Any, check: Checker, path: Path) -> None:
    values = value if isinstance(value, list) else [value]
    if not values:
        check.add(path, N_("This rule finds nobody."), N_("Name at least one rule."))
    for at, one in enumerate(values):
        place = (*path, at) if isinstance(value, list) else path
        if not isinstance(one, str) or not one:
            check.add(place, N_("A name is missing here."))
        else:
            _check_value(kind, one, check, place)


def _check_value(kind: str, value: str, check: Checker, path: Path) -> None:
    if kind == "user":
        check.add(
            path,
            N_("“%(login)s” is named as a person."),
            N_("A role stays right when people change; name a person only if it must be so."),
            warn=True,
            login=value,
        )
    elif kind in ("role", "project_role") and not check.role_exists(kind, value):
        check.add(
            path,
            N_("The role “%(role)s” is not declared."),
            N_("Declare it under “roles” in a module, or correct the name."),
            role=value,
        )
    elif kind == "field":
        _check_field(value, check, path, check.is_person_field, NOT_A_PERSON)
    elif kind == "dept_head_of" and value not in ("requester", "project"):
        _check_field(value, check, path, check.is_department_field, NOT_A_DEPARTMENT)


def _check_field(
    value: str, check: Checker, path: Path, fits: Callable[[str], bool], misfit: tuple[str, str]
) -> None:
    if not check.field_exists(value):
        check.no_field(path, value)
    elif not fits(value):
        check.add(path, *misfit, field=value)
