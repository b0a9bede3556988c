"""Publish checks that need the whole tree: ids, targets, groups, and that somebody approves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.errors import N_
from portal.workflows.findings import Checker, Path
from portal.workflows.tree import START

ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
RETURN = "return:"
Raw = Mapping[str, Any]


def check_structure(raw: Raw, check: Checker) -> None:
    """For a definition whose single keys are all well-formed."""
    places = list(_walk(raw["blocks"], ("blocks",), ()))
    _check_ids(places, check)
    known = {place.id: place for place in places}
    for place in places:
        if place.kind == "step":
            _check_targets(place, known, check)
    _check_policy(raw, known, check)
    if _may_pass_without_step(raw["blocks"]):
        check.add(
            ("blocks",),
            N_("On some route nobody is asked: the record would be approved by nobody."),
            N_("Put a step on every route."),
        )


class _Place:
    """A block, where it is written, and what lies before it on every way to it."""

    def __init__(self, raw: Raw, path: Path, before: tuple[str, ...]) -> None:
        self.raw, self.path, self.before = raw, path, before
        self.kind = next(key for key in ("step", "choose", "cc") if key in raw)
        self.id: str = raw[self.kind]


def _walk(blocks: Sequence[Raw], path: Path, before: tuple[str, ...]) -> Iterator[_Place]:
    for at, raw in enumerate(blocks):
        place = _Place(raw, (*path, at), before)
        yield place
        before = (*before, place.id)
        if place.kind == "choose":
            for case, branch in enumerate(raw["when"]):
                yield from _walk(branch["then"], (*place.path, "when", case, "then"), before)
            yield from _walk(raw["else"], (*place.path, "else"), before)


def _check_ids(places: Sequence[_Place], check: Checker) -> None:
    seen: set[str] = set()
    for place in places:
        path = (*place.path, place.kind)
        if not ID.fullmatch(place.id):
            check.add(
                path,
                N_("“%(id)s” cannot be an id."),
                N_("Use small letters, digits and _, beginning with a letter."),
                id=place.id,
            )
        elif place.id == START:
            text = N_("“start” is the requester and cannot be an id.")
            check.add(path, text, N_("Choose another id."))
        elif place.id in seen:
            text = N_("The id “%(id)s” is used twice.")
            check.add(path, text, N_("Choose another id."), id=place.id)
        seen.add(place.id)


def _check_targets(place: _Place, known: Mapping[str, _Place], check: Checker) -> None:
    reject = place.raw["reject"]
    if isinstance(reject, Mapping):
        _check_action(reject.get("then"), (*place.path, "reject", "then"), place, known, check)
    action = place.raw.get("on_deadlock")
    _check_action(action, (*place.path, "on_deadlock"), place, known, check)
    for target in place.raw.get("may", {}).get("return", {}):
        _check_target(target, (*place.path, "may", "return", target), place, known, check)


def _check_action(
    action: Any, path: Path, place: _Place, known: Mapping[str, _Place], check: Checker
) -> None:
    if isinstance(action, str) and action.startswith(RETURN):
        _check_target(action.removeprefix(RETURN), path, place, known, check)


def _check_target(
    target: str, path: Path, place: _Place, known: Mapping[str, _Place], check: Checker
) -> None:
    legal = [START, *(b for b in place.before if known[b].kind != "cc")]
    if target not in legal:
        check.add(
            path,
            N_("A return cannot lead to “%(target)s”."),
            N_("It leads back to a block that every route has passed: %(legal)s."),
            target=target,
            legal=", ".join(legal),
        )


def _check_policy(raw: Raw, known: Mapping[str, _Place], check: Checker) -> None:
    policy = raw.get("policy", {})
    steps = [one.id for one in known.values() if one.kind == "step"]
    for at, group in enumerate(policy.get("distinct", [])):
        path: Path = ("policy", "distinct", at)
        for position, step in enumerate(group):
            if step not in steps:
                check.lost((*path, position), N_("There is no step “%(name)s”."), step, steps)
        if len(set(group)) < 2:
            text = N_("A group names at least two different steps.")
            check.add(path, text, N_("Name a second step, or take the group out."))
    _check_restart(policy.get("on_protected_change", ""), raw, check)
    withdraw = raw.get("start", {}).get("withdraw", "")
    milestone = withdraw.removeprefix("until:")
    if withdraw.startswith("until:") and milestone not in known:
        text = N_("There is no block “%(name)s”.")
        check.lost(("start", "withdraw"), text, milestone, known)


def _check_restart(action: str, raw: Raw, check: Checker) -> None:
    top = [_Place(block, (), ()) for block in raw["blocks"]]
    legal = [place.id for place in top if place.kind != "cc"]
    target = action.removeprefix("restart_from:")
    if target and target not in legal:
        check.add(
            ("policy", "on_protected_change"),
            N_("The approval cannot restart from “%(block)s”."),
            N_("Name a block of the outermost list: %(legal)s."),
            block=target,
            legal=", ".join(legal),
        )


def _may_pass_without_step(blocks: Sequence[Raw]) -> bool:
    """Whether some route through the list asks nobody."""
    for raw in blocks:
        if "step" in raw:
            return False
        if "choose" in raw:
            branches = [*(case["then"] for case in raw["when"]), raw["else"]]
            if not any(_may_pass_without_step(branch) for branch in branches):
                return False
    return True
