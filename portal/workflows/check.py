"""Publish checks of a workflow: strict reading first, then the structure of the whole tree."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from portal.errors import N_
from portal.workflows.blocks import KINDS
from portal.workflows.check_people import check_people
from portal.workflows.check_structure import check_structure
from portal.workflows.findings import Checker, Finding, Path

ONLY = {
    "self_approval": ("forbid",),
    "disabled_person": ("empty",),
    "same_person_again": ("ask",),
    "auto": ("forbid",),
}
POLICY = ("distinct", "empty", "protected", "on_protected_change", "max_returns", *ONLY)
MAX_RETURNS = 20
_RESTART = "restart_from:"


def check_workflow(
    raw: Mapping[str, Any],
    *,
    check_expression: Callable[[str, Path], Sequence[Finding]],
    field_exists: Callable[[str], bool],
    fields: Collection[str] = (),
    is_person_field: Callable[[str], bool] | None = None,
    is_department_field: Callable[[str], bool] | None = None,
    role_exists: Callable[[str, str], bool] | None = None,
) -> list[Finding]:
    """Everything wrong with a workflow file; nothing of severity "error" means it may publish.

    `check_expression(source, path)` judges a condition against the form, `field_exists(path)`
    knows the form's fields (`fields` names them, for advice), `role_exists("role" or
    "project_role", name)` the declared roles.
    Never raises, whatever the JSON.
    """
    check = Checker(check_expression=check_expression, field_exists=field_exists, fields=fields)
    check.is_person_field = is_person_field or check.is_person_field
    check.is_department_field = is_department_field or check.is_department_field
    check.role_exists = role_exists or check.role_exists
    _check_top(raw, check)
    if not any(f.severity == "error" for f in check.findings):
        check_structure(raw, check)
    return check.findings


def _check_top(raw: Any, check: Checker) -> None:
    required = ("workflow", "language", "form", "title", "blocks")
    top = check.keys(raw, (), required=required, allowed=("$schema", "start", "policy"))
    if "language" in top and top["language"] != 1:
        check.add(("language",), N_("This is language 1 of workflows."), N_("Write 1."))
    for key in ("workflow", "form"):
        if key in top and not isinstance(top[key], str):
            check.add((key,), N_("A name is missing here."))
    if "title" in top:
        check.text(top["title"], ("title",))
    _check_start(top.get("start", {}), check)
    _check_policy(top.get("policy", {}), check)
    if "blocks" in top:
        _check_blocks(top["blocks"], check, ("blocks",))


def _check_blocks(raw: Any, check: Checker, path: Path) -> None:
    if not isinstance(raw, list):
        check.add(path, N_("This must be a list of blocks."))
        return
    for at, block in enumerate(raw):
        place = (*path, at)
        if not isinstance(block, Mapping):
            check.add(place, N_("This must be an object."))
            continue
        named = [key for key in KINDS if key in block]
        if len(named) != 1:
            check.add(
                place,
                N_("What kind of block is this?"),
                N_("Name it with exactly one of: %(known)s."),
                known=", ".join(KINDS),
            )
            for key in block:
                if not named and key not in _KNOWN_KEYS:
                    check.unknown_key(place, str(key), list(KINDS))
            continue
        if not isinstance(block[named[0]], str):
            check.add((*place, named[0]), N_("A name is missing here."))
        KINDS[named[0]].check(block, check, place, lambda r, p: _check_blocks(r, check, p))


_KNOWN_KEYS = ("title", "who", "need", "reject", "on_deadlock", "may", "fields", "when", "else")


def _check_start(raw: Any, check: Checker) -> None:
    start = check.keys(raw, ("start",), allowed=("withdraw",))
    withdraw = start.get("withdraw", "until_first_decision")
    if not isinstance(withdraw, str) or not withdraw.startswith("until:"):
        known = ("until_first_decision", "never", "until_end", "until:<block>")
        check.one_of(withdraw, ("start", "withdraw"), known)


def _check_policy(raw: Any, check: Checker) -> None:
    path: Path = ("policy",)
    policy = check.keys(raw, path, allowed=POLICY)
    for key, known in ONLY.items():
        if key in policy:
            check.one_of(policy[key], (*path, key), known)
    if "distinct" in policy and not _is_lists(policy["distinct"]):
        check.add((*path, "distinct"), N_("This must be a list of lists of steps."))
    if "empty" in policy:
        _check_empty(policy["empty"], check, (*path, "empty"))
    protected = policy.get("protected", [])
    for at, one in enumerate(protected if isinstance(protected, list) else [protected]):
        if not isinstance(one, str) or not check.field_exists(one):
            check.no_field((*path, "protected", at), one)
    restart = policy.get("on_protected_change", _RESTART + "x")
    if not isinstance(restart, str) or not restart.startswith(_RESTART):
        place = (*path, "on_protected_change")
        check.add(place, N_("Unknown action."), N_("Write “restart_from:<block>”."))
    returns = policy.get("max_returns", 0)
    if not isinstance(returns, int) or isinstance(returns, bool) or not 0 <= returns <= MAX_RETURNS:
        check.add((*path, "max_returns"), N_("Write a number from 0 to 20."))


def _is_lists(raw: Any) -> bool:
    return isinstance(raw, list) and all(
        isinstance(group, list) and all(isinstance(step, str) for step in group) for group in raw
    )


def _check_empty(raw: Any, check: Checker, path: Path) -> None:
    if isinstance(raw, Mapping):
        rule = check.keys(raw, path, required=("go",))
        if "go" in rule:
            check_people(rule["go"], check, (*path, "go"))
    else:
        check.one_of(raw, path, ("hold", "reject", "skip"))
    if raw == "skip":
        check.add(
            path,
            N_("Steps for which nobody is found will be skipped."),
            N_("“hold” shows them to the administrators instead."),
            warn=True,
        )
