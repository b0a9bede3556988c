"""Publish checks: what is wrong is found where it stands, with a remedy; what is sound passes."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from portal.errors import Message
from portal.workflows.definition import Finding, check_workflow, explain, read_workflow
from tests.workflows.build import Chance, any_workflow, step, workflow

FIELDS = {"amount", "note", "lines[].qty", "engineer", "unit"}
Raw = dict[str, Any]


def findings(raw: Any) -> list[Finding]:
    def check_expression(source: str, path: tuple[str | int, ...]) -> list[Finding]:
        return [] if "amount" in source else [Finding(path, Message("no field"))]

    return check_workflow(
        raw,
        check_expression=check_expression,
        field_exists=lambda path: path in FIELDS,
        is_person_field=lambda path: path == "engineer",
        is_department_field=lambda path: path == "unit",
        role_exists=lambda kind, role: role.startswith("r"),
    )


def errors(raw: Any) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [
        (f.path, str(f.message), str(f.remedy) if f.remedy else "")
        for f in findings(raw)
        if f.severity == "error"
    ]


def sound() -> Raw:
    case = {"if": "amount > 5", "then": [step("s2", may={"return": {"s1": "rerun"}})]}
    count = {"need": {"count": 2}, "reject": "impossible", "on_deadlock": "return:s1"}
    return workflow(
        step("s1", who={"project_role": ["r1", "r2"]}, fields={"edit": ["amount"]}),
        {"choose": "c1", "when": [case], "else": []},
        step("s3", who=[{"field": "engineer"}, {"dept_head_of": "requester"}], **count),
        {"cc": "i1", "who": {"dept_head_of": "unit"}},
        withdraw="until:s3",
        distinct=[["s1", "s3"]],
        on_protected_change="restart_from:c1",
        empty={"go": {"role": "r9"}},
        protected=["note"],
        self_approval="forbid",
        max_returns=3,
    )


def test_a_sound_definition_has_no_findings() -> None:
    assert findings(sound()) == []


def change(path: str, value: Any) -> Callable[[Raw], None]:
    """Set what stands at the path; `...` removes it."""

    def made(raw: Raw) -> None:
        *way, last = [int(p) if p.isdigit() else p for p in path.split("/")]
        at: Any = raw
        for key in way:
            at = at[key]
        if value is ...:
            del at[last]
        else:
            at[last] = value

    return made


BROKEN = [
    ("title", ..., (), "title", ""),
    ("titel", "x", ("titel",), "Unknown key", "title"),
    ("language", 2, ("language",), "language 1", ""),
    ("start/withdraw", "untill_end", ("start", "withdraw"), "not known", "until_end"),
    ("start/withdraw", "until:s9", ("start", "withdraw"), "no block", ""),
    ("blocks/0/need", "anyone", ("blocks", 0, "need"), "not known", "any"),
    ("blocks/0/need", {"count": 0}, ("blocks", 0, "need", "count"), "1 or more", ""),
    ("blocks/0/need", {"count": True}, ("blocks", 0, "need", "count"), "1 or more", ""),
    ("blocks/0/need", {"percent": 60}, ("blocks", 0, "need", "percent"), "Unknown", "count"),
    ("blocks/0/reject", ..., ("blocks", 0), "reject", ""),
    ("blocks/0/reject", {"by": "one", "then": "x"}, ("blocks", 0, "reject", "then"), "x", "end"),
    ("blocks/0/rejct", "one", ("blocks", 0, "rejct"), "Unknown key", "reject"),
    ("blocks/0/who", [], ("blocks", 0, "who"), "finds nobody", ""),
    ("blocks/0/who", {}, ("blocks", 0, "who"), "finds nobody", ""),
    ("blocks/0/who", {"role": []}, ("blocks", 0, "who", "role"), "finds nobody", ""),
    ("blocks/0/who", {"roll": "r1"}, ("blocks", 0, "who", "roll"), "Unknown key", "role"),
    ("blocks/0/who", {"role": "x"}, ("blocks", 0, "who", "role"), "not declared", ""),
    ("blocks/0/who", {"role": 3}, ("blocks", 0, "who", "role"), "name is missing", ""),
    ("blocks/0/who", {"role": "r1", "user": "x"}, ("blocks", 0, "who"), "one key", "list"),
    ("blocks/0/who", {"field": "nix"}, ("blocks", 0, "who", "field"), "no field", ""),
    ("blocks/0/who", {"field": "amount"}, ("blocks", 0, "who", "field"), "a person", ""),
    ("blocks/0/who", {"dept_head_of": "note"}, ("blocks", 0, "who", "dept_head_of"), "dep", ""),
    ("blocks/0/fields/edit", ["nix"], ("blocks", 0, "fields", "edit", 0), "no field", ""),
    ("blocks/0/fields/edit", "note", ("blocks", 0, "fields", "edit"), "list of fields", ""),
    ("blocks/0/may", {"return": {"s3": "rerun"}}, ("blocks", 0, "may", "return", "s3"), "s3", ""),
    ("blocks/0/may", {"transfer": "all"}, ("blocks", 0, "may", "transfer"), "all", "same_rule"),
    ("blocks/0/may", {"add": ["before"]}, ("blocks", 0, "may", "add"), "Unknown", "transfer"),
    ("blocks/0/step", "S 1", ("blocks", 0, "step"), "cannot be an id", ""),
    ("blocks/0/step", "start", ("blocks", 0, "step"), "requester", ""),
    ("blocks/0/step", ["s1"], ("blocks", 0, "step"), "name is missing", ""),
    ("blocks/0/step", "s3", ("blocks", 2, "step"), "used twice", ""),
    ("blocks/0/title", {"fr": "x"}, ("blocks", 0, "title", "fr"), "Unknown", "en"),
    ("blocks/0/title", "", ("blocks", 0, "title"), "text is missing", ""),
    ("blocks/1/else", ..., ("blocks", 1), "else", ""),
    ("blocks/1/when", [], ("blocks", 1, "when"), "at least one", ""),
    ("blocks/1/when/0/if", "x > 5", ("blocks", 1, "when", 0, "if"), "no field", ""),
    ("blocks/1/when/0/if", "", ("blocks", 1, "when", 0, "if"), "condition is missing", ""),
    ("blocks/1/when/0/then", {}, ("blocks", 1, "when", 0, "then"), "list of blocks", ""),
    ("blocks/1/when/0/then/0/may/return", {"s3": "rerun"}, None, "cannot lead", "start, s1, c1"),
    ("blocks/2/may", {"return": {"s2": "rerun"}}, None, "cannot lead", "start, s1, c1"),
    ("blocks/2/may", {"return": {"s1": "resume"}}, None, "resume", "rerun"),
    ("blocks/2/on_deadlock", ..., ("blocks", 2), "get stuck", "on_deadlock"),
    ("blocks/2/on_deadlock", "return:s9", ("blocks", 2, "on_deadlock"), "cannot lead", ""),
    ("blocks/2/on_deadlock", "wait", ("blocks", 2, "on_deadlock"), "wait", "hold"),
    ("blocks/2/need", "all", ("blocks", 2, "reject"), "one rejection decides", "one"),
    ("blocks/3", {"bcc": "x"}, ("blocks", 3), "kind of block", "cc"),
    ("blocks/3", "x", ("blocks", 3), "must be an object", ""),
    ("blocks/3/who", ..., ("blocks", 3), "who", ""),
    ("blocks", {}, ("blocks",), "list of blocks", ""),
    ("policy/distinct", [["s1", "s9"]], ("policy", "distinct", 0, 1), "no step", ""),
    ("policy/distinct", [["s1", "c1"]], ("policy", "distinct", 0, 1), "no step", ""),
    ("policy/distinct", [["s1", "s1"]], ("policy", "distinct", 0), "two different", ""),
    ("policy/distinct", ["s1", "s3"], ("policy", "distinct"), "list of lists", ""),
    ("policy/on_protected_change", "restart_from:s2", None, "restart from", "s1, c1, s3"),
    ("policy/on_protected_change", "restart", ("policy", "on_protected_change"), "", "restart_"),
    ("policy/empty", "skp", ("policy", "empty"), "not known", "skip"),
    ("policy/empty", {"to": {}}, ("policy", "empty", "to"), "Unknown", "go"),
    ("policy/self_approval", "allow", ("policy", "self_approval"), "not known", "forbid"),
    ("policy/auto", "allow", ("policy", "auto"), "not known", "forbid"),
    ("policy/protected", ["nix"], ("policy", "protected", 0), "no field", ""),
    ("policy/max_returns", 21, ("policy", "max_returns"), "0 to 20", ""),
    ("policy/maxreturns", 2, ("policy", "maxreturns"), "Unknown", "max_returns"),
    ("policy", [], ("policy",), "must be an object", ""),
]


@pytest.mark.parametrize(("where", "value", "path", "says", "remedy"), BROKEN)
def test_what_is_broken_is_found_in_its_place(
    where: str, value: Any, path: tuple[str | int, ...] | None, says: str, remedy: str
) -> None:
    raw = sound()
    change(where, value)(raw)
    found = [f for f in errors(raw) if path is None or f[0] == path]
    assert any(says in message and remedy in advice for _, message, advice in found), errors(raw)


def test_a_route_without_a_step_is_refused() -> None:
    case = {"if": "amount > 5", "then": [step("s1")]}
    only_sometimes = workflow({"choose": "c1", "when": [case], "else": []})
    assert "approved by nobody" in errors(only_sometimes)[0][1]
    assert "approved by nobody" in errors(workflow())[0][1]
    assert "approved by nobody" in errors(workflow({"cc": "i1", "who": {"role": "r1"}}))[0][1]
    always = workflow({"choose": "c1", "when": [case], "else": [step("s2")]})
    assert errors(always) == []


def test_a_count_of_one_and_any_cannot_deadlock() -> None:
    assert errors(workflow(step("s1", need={"count": 1}, reject="all"))) == []
    assert errors(workflow(step("s1", need="any", reject="impossible"))) == []


def test_a_named_person_and_skipping_are_only_warned_of() -> None:
    raw = workflow(step("s1", who={"user": "li.si"}), empty="skip")
    assert errors(raw) == []
    assert [f.severity for f in findings(raw)] == ["warning", "warning"]


@pytest.mark.parametrize("junk", [None, 3, "x", [], {"blocks": [None, [], 3]}, {"blocks": [{}]}])
def test_any_json_gets_an_answer(junk: Any) -> None:
    assert errors(junk)


def test_every_value_replaced_by_junk_is_noticed_or_harmless() -> None:
    """K3: break a sound definition everywhere; the checks answer, and never raise."""
    for seed in range(30):
        raw = any_workflow(Chance(seed))
        for path in _paths(raw):
            for junk in (None, 7, "x y", [], {}, ["nix"], {"nix": "nix"}):
                broken = copy.deepcopy(raw)
                change(path, junk)(broken)
                if not errors(broken):
                    assert explain(read_workflow(broken), "en")


def _paths(raw: Any, path: str = "") -> list[str]:
    if isinstance(raw, dict):
        items = list(raw.items())
    elif isinstance(raw, list):
        items = [(str(at), one) for at, one in enumerate(raw)]
    else:
        return []
    return [
        found for key, value in items for found in (f"{path}{key}", *_paths(value, f"{path}{key}/"))
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda steps: steps[-1].update(need={"count": 2}, reject="one", on_deadlock="gone"),
        lambda steps: steps[-1].pop("reject"),
        lambda steps: steps[-1].update(step=steps[0]["step"] if steps[1:] else "start"),
        lambda steps: steps[0].update(may={"return": {"nowhere": "rerun"}}),
        lambda steps: steps[0].update(who=[]),
        lambda steps: steps[-1].update(need="all", reject="all"),
    ],
)
def test_a_sound_random_definition_once_broken_is_refused(spoil: Any) -> None:
    for seed in range(60):
        raw = any_workflow(Chance(seed))
        steps = [b for b in raw["blocks"] if "step" in b]
        spoil(steps)
        assert errors(raw), (seed, raw)
