"""When nobody can decide: the approval is stuck, an operator is told, and frees it by the rules."""

from typing import Any

import pytest

from portal.accounts.services import deactivate_person
from portal.approvals import services as approvals
from portal.approvals.models import Approval, ApprovalEvent
from portal.approvals.shell import Refused
from portal.errors import Forbidden
from portal.notify.models import Notice
from portal.projects import services as projects
from tests.stage import Stage


def leave(stage: Stage, login: str) -> None:
    with stage.acting("paul") as paul:
        deactivate_person(actor=paul, person_id=stage.people[login], now=stage.now())


def state(stage: Stage, record_id: str) -> str:
    [approval] = stage.rows(Approval, record_id=record_id)
    return str(approval.state)


def operate(stage: Stage, verb: str, record_id: str, login: str = "oskar", **more: Any) -> None:
    more.setdefault("comment", "so that it goes on")
    with stage.acting(login) as viewer:
        act = getattr(approvals, verb)
        act(actor=viewer, record_id=record_id, now=stage.now(), **more)


@pytest.fixture
def stuck(stage: Stage) -> str:
    """A purchase whose checkers have all left."""
    record_id = stage.filed()
    leave(stage, "carl")
    assert state(stage, record_id) == "open"
    leave(stage, "chloe")
    assert state(stage, record_id) == "stuck"
    return record_id


def test_a_leavers_seat_is_vacated_and_the_rest_go_on(stage: Stage) -> None:
    record_id = stage.filed()
    leave(stage, "carl")
    assert stage.open_tasks(record_id) == {"chloe"}
    [event] = stage.rows(ApprovalEvent, kind="vacated")
    assert event.data["person"] == stage.people["carl"]
    assert stage.problems() == {}


def test_a_vote_cast_stays_when_its_voter_leaves(stage: Stage) -> None:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl", "beth")
    leave(stage, "beth")
    stage.approve(record_id, "bob")
    assert stage.open_tasks(record_id) == {"mark"}
    assert stage.problems() == {}


def test_when_the_last_one_leaves_the_operators_and_the_requester_are_told(
    stage: Stage, stuck: str
) -> None:
    kinds = {
        login: [row.kind for row in stage.rows(Notice, person_id=stage.people[login])]
        for login in ("oskar", "rita")
    }
    assert kinds == {"oskar": ["stuck_operator"], "rita": ["stuck"]}
    assert stage.open_tasks(stuck) == set()
    assert stage.problems() == {}


def test_an_operator_assigns_somebody_who_passes_every_check(stage: Stage, stuck: str) -> None:
    for login, code in (("rita", "requester_decides"), ("carl", "not_active")):
        with pytest.raises(Refused) as refused:
            operate(stage, "assign", stuck, epoch=1, to=stage.people[login])
        assert refused.value.code == code
    operate(stage, "assign", stuck, epoch=1, to=stage.people["ron"])
    assert (state(stage, stuck), stage.open_tasks(stuck)) == ("open", {"ron"})
    stage.approve(stuck, "ron", "mark")
    assert stage.record(stuck).state == "approved"
    assert stage.problems() == {}


def test_a_refresh_finds_who_came_meanwhile(stage: Stage, stuck: str) -> None:
    with pytest.raises(Refused) as refused:
        operate(stage, "refresh", stuck)
    assert refused.value.code == "nobody_found"
    with stage.system(writing=True):
        projects.add_member(
            actor=None, project_id=stage.projects["P1"], person_id=stage.people["ron"],
            role="checker", now=stage.now(),
        )  # fmt: skip
    operate(stage, "refresh", stuck)
    assert stage.open_tasks(stuck) == {"ron"}
    assert stage.problems() == {}


def test_an_operator_ends_it_with_a_reason(stage: Stage, stuck: str) -> None:
    with pytest.raises(Refused):
        operate(stage, "terminate", stuck, comment=" ")
    operate(stage, "terminate", stuck, comment="filed twice")
    assert stage.record(stuck).state == "withdrawn"
    assert stage.problems() == {}


@pytest.mark.parametrize("login", ["rita", "mark", "audrey", "paul", "olga"])
@pytest.mark.parametrize("verb", ["assign", "refresh", "terminate"])
def test_nobody_else_frees_it(stage: Stage, stuck: str, login: str, verb: str) -> None:
    more = {"epoch": 1, "to": stage.people["ron"]} if verb == "assign" else {}
    with pytest.raises(Forbidden):
        operate(stage, verb, stuck, login, **more)
    assert state(stage, stuck) == "stuck"


def test_what_is_not_stuck_is_not_assigned(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Refused) as refused:
        operate(stage, "assign", record_id, epoch=1, to=stage.people["ron"])
    assert refused.value.code == "not_stuck"


def test_a_returned_record_whose_requester_left_waits_for_an_operator(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    leave(stage, "rita")
    assert state(stage, record_id) == "stuck"
    told = [row.kind for row in stage.rows(Notice, person_id=stage.people["oskar"])]
    assert told == ["stuck_operator"]
    assert stage.problems() == {}
    operate(stage, "terminate", record_id)
    assert stage.record(record_id).state == "withdrawn"


def test_a_record_returned_to_a_requester_who_left_before_is_stuck_at_once(stage: Stage) -> None:
    record_id = stage.filed()
    leave(stage, "rita")
    assert state(stage, record_id) == "open"
    stage.decide("send_back", "carl", record_id, to="start")
    assert (state(stage, record_id), stage.record(record_id).state) == ("stuck", "returned")
    assert stage.problems() == {}


def test_a_record_that_nobody_may_decide_is_stuck_from_the_start(stage: Stage) -> None:
    leave(stage, "carl")
    record_id = stage.filed(login="chloe")
    assert (state(stage, record_id), stage.open_tasks(record_id)) == ("stuck", set())
    assert stage.record(record_id).state == "submitted"
    assert stage.problems() == {}


def test_leaving_touches_nothing_of_others(stage: Stage) -> None:
    mine, theirs = stage.filed(login="rita"), stage.filed(login="ron")
    stage.approve(mine, "carl", "mark")
    leave(stage, "rita")
    vacated = stage.rows(ApprovalEvent, kind="vacated")
    assert vacated == []
    assert stage.open_tasks(theirs) == {"carl", "chloe"}
