"""Judging a step as it is written; where its targets lead is judged with the whole tree."""

from collections.abc import Mapping
from typing import Any

from portal.errors import N_
from portal.workflows.check_people import check_people
from portal.workflows.findings import Checker, Path

REQUIRED = ("step", "title", "who", "need", "reject")
ALLOWED = ("on_deadlock", "may", "fields", "meaning")
RETURN = "return:"


def check_step(raw: Any, check: Checker, path: Path) -> None:
    """Shape, votes, rights and fields of one step."""
    step = check.keys(raw, path, required=REQUIRED, allowed=ALLOWED)
    for key in ("title", "meaning"):
        if key in step:
            check.text(step[key], (*path, key))
    if "who" in step:
        check_people(step["who"], check, (*path, "who"))
    if "need" in step:
        _check_need(step["need"], check, (*path, "need"))
    if "reject" in step:
        _check_reject(step, check, (*path, "reject"))
    _check_deadlock(step, check, path)
    if "may" in step:
        _check_may(step["may"], check, (*path, "may"))
    if "fields" in step:
        _check_fields(step["fields"], check, (*path, "fields"))


def _check_need(need: Any, check: Checker, path: Path) -> None:
    if isinstance(need, Mapping):
        count = check.keys(need, path, required=("count",)).get("count")
        if "count" in need and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
            check.add((*path, "count"), N_("The number of approvals must be 1 or more."))
    else:
        check.one_of(need, path, ("any", "all"))


def _check_reject(step: Mapping[str, Any], check: Checker, path: Path) -> None:
    reject = step["reject"]
    by = reject
    if isinstance(reject, Mapping):
        by = check.keys(reject, path, required=("by",), allowed=("then",)).get("by", "one")
        if "then" in reject:
            _check_action(reject["then"], check, (*path, "then"), ("end",))
        path = (*path, "by")
    known = check.one_of(by, path, ("one", "impossible", "all"))
    if known and by != "one" and step.get("need") == "all":
        check.add(
            path, N_("Where everybody must approve, one rejection decides."), N_("Write “one”.")
        )


def _check_deadlock(step: Mapping[str, Any], check: Checker, path: Path) -> None:
    if "on_deadlock" in step:
        _check_action(step["on_deadlock"], check, (*path, "on_deadlock"), ("reject", "hold"))
        return
    need = step.get("need")
    count = need.get("count") if isinstance(need, Mapping) else None
    if isinstance(count, int) and count > 1:
        check.add(
            path,
            N_("This step can get stuck: fewer people than needed may be found."),
            N_("Add “on_deadlock”: “reject”, “return:<step>” or “hold”."),
        )


def _check_action(action: Any, check: Checker, path: Path, words: tuple[str, ...]) -> None:
    if isinstance(action, str) and action.startswith(RETURN) and action != RETURN:
        return
    check.one_of(action, path, (*words, "return:start"))


def _check_may(raw: Any, check: Checker, path: Path) -> None:
    may = check.keys(raw, path, allowed=("return", "transfer"))
    if "transfer" in may:
        check.one_of(may["transfer"], (*path, "transfer"), ("same_rule", "any"))
    targets = may.get("return", {})
    if not isinstance(targets, Mapping):
        check.add((*path, "return"), N_("This must be an object."))
        return
    for target, how in targets.items():
        check.one_of(how, (*path, "return", target), ("rerun",))


def _check_fields(raw: Any, check: Checker, path: Path) -> None:
    for key, paths in check.keys(raw, path, allowed=("edit", "hide", "require")).items():
        if key not in ("edit", "hide", "require"):
            continue
        if not isinstance(paths, list):
            check.add((*path, key), N_("This must be a list of fields."))
            continue
        for at, one in enumerate(paths):
            if not isinstance(one, str) or not check.field_exists(one):
                check.no_field((*path, key, at), one)
