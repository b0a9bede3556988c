"""Playing a chain through: the same engine, so the same way as the examples expect."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal import paths
from portal.definitions.case_facts import case_facts, filed, with_ids
from portal.definitions.checking import check_module
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.definitions.routing import answering
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.workflows.events import Entered
from portal.workflows.facts import Facts
from portal.workflows.playing import MOST_ACTS, Act, Played, play
from portal.workflows.tree import WorkflowDefinition

FOLDERS = module_folders(paths.DEFINITIONS)
OFFERS = offers_of(FOLDERS)
Case = tuple[WorkflowDefinition, CompiledForm, dict[str, Any]]


def _cases() -> Iterator[Any]:
    for folder in FOLDERS:
        package = check_module(
            read_folder(folder), known=OFFERS.known(folder.name), run_cases=False
        ).package
        assert package is not None
        for entry in package.entries:
            file = package.files.get(f"{entry['form']}.cases.json")
            for case in (file.raw or {})["cases"] if file and entry.get("workflow") else ():
                if case.get("route") and not any(one.startswith("?") for one in case["route"]):
                    found = package.workflows[entry["workflow"]], package.compiled[entry["form"]]
                    name = case["name"] if isinstance(case["name"], str) else case["name"]["en"]
                    yield pytest.param((*found, case), id=f"{entry['form']}-{name}")


CASES = list(_cases())
EACH = pytest.mark.parametrize("given", CASES)


def _play(given: Case, acts: list[Act]) -> tuple[Played, ...]:
    workflow, form, case = given
    data = with_ids(case["given"], form)
    facts = case_facts(case.get("facts") or {}, data, form)
    stored = evaluate(form, data, facts, mode="submit").data
    answer = answering(workflow, form, stored, filed(facts))
    return play(workflow, str(facts.requester), acts, Facts(at="2026-01-01T00:00:00"), answer)


def _approving(given: Case) -> tuple[list[Act], tuple[Played, ...]]:
    """Everybody approves until it is over."""
    acts: list[Act] = []
    while len(acts) < MOST_ACTS:
        played = _play(given, acts)
        state = played[-1].state
        assert state is not None
        seat = next(state.open_seats(), None)
        if seat is None:
            return acts, played
        acts.append(Act("approve", seat[1].person))
    pytest.fail("it does not end")


def test_there_are_examples_to_play() -> None:
    assert len(CASES) > 5


@EACH
def test_everybody_approving_goes_the_way_the_example_expects(given: Case) -> None:
    _acts, played = _approving(given)
    entered = [one.step for each in played for one in each.events if isinstance(one, Entered)]
    assert entered == given[2]["route"]
    assert played[-1].state is not None
    assert played[-1].state.outcome == "approved"


@EACH
def test_a_return_to_the_requester_begins_the_same_way_again(given: Case) -> None:
    first = _play(given, [])[-1].state
    assert first is not None
    person, requester = next(first.open_seats())[1].person, first.requester
    played = _play(given, [Act("return", person, "start"), Act("resubmit", requester)])
    if played[1].refusal is not None:
        assert played[1].refusal.code == "return_not_offered"
        assert len(played) == 2
        return
    assert played[1].state is not None
    assert played[1].state.with_requester
    again = [one.step for one in played[2].events if isinstance(one, Entered)]
    assert again == [one.step for one in played[0].events if isinstance(one, Entered)]


@EACH
def test_what_is_refused_changes_nothing_and_ends_the_play(given: Case) -> None:
    played = _play(given, [Act("approve", "nobody"), Act("withdraw", "nobody")])
    assert len(played) == 2
    assert played[1].refusal is not None
    assert played[1].state == played[0].state


@EACH
def test_a_rejection_is_what_the_step_says(given: Case) -> None:
    state = _play(given, [])[-1].state
    assert state is not None
    epoch, seat = next(state.open_seats())
    last = _play(given, [Act("reject", seat.person)])[-1]
    assert last.refusal is None
    assert last.state is not None
    then = getattr(given[0].block(epoch.step), "reject_then", "end")
    if len(epoch.seats) == 1 and then == "end":
        assert last.state.outcome == "rejected"
