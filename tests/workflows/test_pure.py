"""The engine is pure: no framework, no clock, no input or output; what it stores is plain JSON."""

import ast
import json
from pathlib import Path

import pytest

import portal.workflows
from portal.errors import Message
from portal.workflows import commands as cmd
from portal.workflows import effects, engine, events
from portal.workflows.definition import read_workflow
from portal.workflows.effects import Effect
from portal.workflows.facts import AskActive, Facts, MissingFact
from portal.workflows.protected import fields_read_by_block, protected_fields
from portal.workflows.refusals import TEXTS, Refused
from portal.workflows.state import State
from tests.workflows.build import Chance, any_approval, any_command, step, workflow
from tests.workflows.world import Approval, World

FOLDER = Path(portal.workflows.__file__).parent
PURE = {
    "ast",
    "collections",
    "dataclasses",
    "difflib",
    "enum",
    "functools",
    "re",
    "types",
    "typing",
}


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_standard_library_and_errors_are_imported(path: Path) -> None:
    own = {n for n in _imports(path) if n.startswith("portal.")}
    assert all(n == "portal.errors" or n.startswith("portal.workflows") for n in own)
    outside = {n.split(".")[0] for n in _imports(path) - own}
    assert outside - {"portal"} <= PURE


def test_commands_events_and_effects_survive_json() -> None:
    kinds = set()
    for seed in range(200):
        at = Chance(seed)
        approval = any_approval(at)
        for _ in range(20):
            command = any_command(at, approval)
            assert cmd.Command.from_json(json.loads(json.dumps(command.to_json()))) == command
            approval.do(command)
        if approval.state is not None:
            approval.do(cmd.Carry(person="author", version=approval.state.version + 1))
        for made in (*approval.log, *approval.effects):
            base = Effect if isinstance(made, Effect) else events.Event
            assert base.from_json(json.loads(json.dumps(made.to_json()))) == made
            kinds.add(made.kind)
    assert kinds == set(events.Event.family) | set(effects.Effect.family)


def test_older_events_without_newer_keys_are_read() -> None:
    old = {"kind": "edited", "at": "t", "by": "bob", "step": "s1", "epoch": 1, "future": True}
    old |= {"paths": ["a"], "protected": [], "seen_version": 1, "version": 2}
    event = events.Event.from_json(old)
    assert isinstance(event, events.Edited)
    assert event.filled == ()


def test_the_engine_says_what_it_needs_and_refuses_to_guess() -> None:
    definition = read_workflow(workflow(step("s1")))
    command, facts = cmd.Start(person="ann", version=1), Facts("t")
    assert engine.needs(definition, None, command, facts) == (AskActive("ann"),)
    with pytest.raises(MissingFact):
        engine.decide(definition, None, command, facts)


def test_each_query_is_asked_once() -> None:
    for seed in range(100):
        at = Chance(seed)
        approval = any_approval(at)
        for _ in range(15):
            asked: list[object] = []
            command = any_command(at, approval)

            def answer(query: object, world: World = approval.world, log=asked) -> object:
                log.append(query)
                return world.answer(query)  # type: ignore[arg-type]

            engine.gather(approval.definition, approval.state, command, Facts("t"), answer)  # type: ignore[arg-type]
            assert len(asked) == len(set(asked))
            approval.do(command)


def test_deciding_changes_nothing_it_was_given() -> None:
    approval = Approval(workflow(step("s1", need="all")), World({"r1": ("bob", "cat")}))
    approval.do(cmd.Start(person="ann", version=1))
    before = approval.now.to_json()
    command = cmd.Approve(person="bob", epoch=1, version=1)
    facts = engine.gather(
        approval.definition, approval.now, command, Facts("t"), approval.world.answer
    )
    first = engine.decide(approval.definition, approval.now, command, facts)
    assert first == engine.decide(approval.definition, approval.now, command, facts)
    assert approval.now == State.from_json(before)


@pytest.mark.parametrize("code", TEXTS)
def test_every_refusal_has_its_words(code: str) -> None:
    args = dict.fromkeys(("person", "at", "seen", "current", "step", "returns", "field"), "x")
    message = Refused(code, **args, fields="f").refusal.message
    assert isinstance(message, Message)
    assert "%" not in str(message)


def test_protected_are_all_fields_read_and_those_declared() -> None:
    case = {"if": "amount > 5", "then": [step("s2", who={"field": "engineer"})]}
    raw = workflow(
        step("s1", who=[{"dept_head_of": "unit"}, {"dept_head_of": "requester"}]),
        {"choose": "c1", "when": [case], "else": []},
        {"cc": "i1", "who": {"field": "reader"}},
        protected=["note"],
        empty={"go": {"field": "backup"}},
    )
    definition = read_workflow(raw)
    found = protected_fields(
        definition, reads=lambda source: source.split()[:1], postings=["lines[].qty"]
    )
    posted = {"lines[].qty", "note"}
    assert found == {"unit", "amount", "engineer", "reader", "backup"} | posted
    by_block = fields_read_by_block(definition, lambda source: source.split()[:1])
    assert by_block["c1"] == {"amount"}
    assert "s1" in by_block
