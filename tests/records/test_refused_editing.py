"""Why a record cannot be changed: its state is said as the state, a missing role as the role."""

import pytest

from portal.projects import services as projects
from tests.stage import Stage

ROLES = "Your roles do not allow it"
PAGE = "is on its page"


def refusal(stage: Stage, login: str, address: str) -> str:
    answer = stage.browser(login).get(address)
    assert answer.status_code == 403
    return answer.text


@pytest.mark.parametrize("login", ["rita", "carl", "audrey"])
def test_a_record_on_its_way_is_closed_by_its_state(stage: Stage, login: str) -> None:
    text = refusal(stage, login, f"/records/{stage.filed()}/edit")
    assert "This record can no longer be changed here." in text
    assert PAGE in text
    assert ROLES not in text


def test_a_returned_record_is_with_its_requester(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    text = refusal(stage, "carl", f"/records/{record_id}/edit")
    assert "This record is with its requester, who alone changes it now." in text
    assert ROLES not in text
    assert stage.browser("rita").get(f"/records/{record_id}/edit").status_code == 200


def test_an_entry_of_a_register_is_closed_by_roles(stage: Stage) -> None:
    text = refusal(stage, "rita", f"/records/{stage.entries['cost_code']}/edit")
    assert "You may not change the entries of this register." in text
    assert ROLES in text
    address = f"/records/{stage.entries['cost_code']}/edit"
    assert stage.browser("cleo").get(address).status_code == 200


def test_a_closed_project_is_closed_by_its_status(stage: Stage) -> None:
    with stage.system(writing=True):
        projects.edit_project(
            actor=None, project_id=stage.projects["P1"], status="closed", now=stage.now()
        )
    text = refusal(stage, "rita", "/forms/purchase/new?project=P1")
    assert "This project is closed" in text
    assert "not by your roles" in text
    assert ROLES not in text
