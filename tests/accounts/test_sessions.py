"""Sessions end when they should, and rights are read with every request."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts import services
from portal.accounts.models import LoginSession
from portal.db import db
from tests.accounts.stage import PASSWORD, Stage


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    moment = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: moment)


def last_seen(stage: Stage) -> LoginSession:
    with stage.look():
        return db.session.scalars(select(LoginSession)).one()


def test_a_session_that_idles_too_long_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = stage.browser("rick")
    later(monkeypatch, hours=8, minutes=1)
    assert not browser.is_signed_in


def test_a_session_in_use_is_over_after_the_longest_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = stage.browser("rick")
    for _ in range(2):
        later(monkeypatch, hours=5)
        assert browser.is_signed_in
    later(monkeypatch, hours=2, minutes=1)
    assert not browser.is_signed_in


def test_the_last_use_is_noted_once_in_five_minutes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = stage.browser("rick")
    first = last_seen(stage).last_seen
    later(monkeypatch, minutes=4)
    browser.get("/me")
    assert last_seen(stage).last_seen == first
    later(monkeypatch, minutes=2)
    browser.get("/me")
    noted = last_seen(stage).last_seen
    assert noted == first.replace() + (noted - first)
    assert noted - first >= timedelta(minutes=6)


def test_the_note_is_taken_after_a_writing_request_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = stage.browser("rick")
    first = last_seen(stage).last_seen
    later(monkeypatch, minutes=6)
    assert browser.post("/theme", theme="dark", next="/me").status_code == 303
    assert last_seen(stage).last_seen > first


def test_a_made_up_token_is_nobody(stage: Stage) -> None:
    browser = stage.browser()
    browser.get("/sign-in")
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = stage.people["ada"]
    assert not browser.is_signed_in


@pytest.mark.parametrize("how", ["leave", "sign_out"])
def test_what_an_administrator_ends_is_over_with_the_next_request(stage: Stage, how: str) -> None:
    browser = stage.browser("rick")
    admin = stage.browser("otto")
    path = {"leave": "leave", "sign_out": "sign-out"}[how]
    admin.post(f"/admin/people/{stage.people['rick']}/{path}")
    for url in ("/me", "/projects", "/projects/P-1", "/people/find?q=a"):
        assert browser.get(url).status_code == 302


def test_a_system_role_taken_away_ends_at_once(stage: Stage) -> None:
    browser, ada = stage.browser("otto"), stage.browser("ada")
    assert browser.get("/admin/people").status_code == 200
    answer = ada.post(
        f"/admin/people/{stage.people['otto']}/roles", role="system:people_admin", do="revoke"
    )
    assert answer.status_code == 303
    assert browser.get("/admin/people").status_code == 302  # signed out: the role changed
    assert stage.browser("otto").get("/admin/people").status_code == 403


def test_a_membership_taken_away_ends_at_once(stage: Stage) -> None:
    browser = stage.browser("rick")
    assert browser.get("/projects/P-1").status_code == 200
    stage.browser("mia").post("/projects/P-1/members/remove", person_id=stage.people["rick"])
    assert browser.get("/projects/P-1").status_code == 404


def test_one_sees_and_ends_ones_own_sessions(stage: Stage) -> None:
    phone, desk = stage.browser("rick"), stage.browser("rick")
    with stage.look():
        sessions = db.session.scalars(
            select(LoginSession.id).order_by(LoginSession.created_at)
        ).all()
    assert desk.get("/me").text.count('/end"') == 1
    assert desk.post(f"/me/sessions/{sessions[0]}/end").status_code == 303
    assert not phone.is_signed_in
    assert desk.is_signed_in


def test_nobody_ends_the_sessions_of_others(stage: Stage) -> None:
    rick = stage.browser("rick")
    with stage.look():
        session_id = db.session.scalars(select(LoginSession.id)).one()
    assert stage.browser("mia").post(f"/me/sessions/{session_id}/end").status_code == 404
    assert rick.is_signed_in


def test_all_other_browsers_can_be_signed_out(stage: Stage) -> None:
    phone, desk = stage.browser("rick"), stage.browser("rick")
    desk.post("/me/sessions/end-others")
    assert (phone.is_signed_in, desk.is_signed_in) == (False, True)


def test_a_new_password_ends_the_other_browsers(stage: Stage) -> None:
    phone, desk = stage.browser("rick"), stage.browser("rick")
    answer = desk.post(
        "/me/password", present=PASSWORD, password="another good one", again="another good one"
    )
    assert answer.status_code == 303
    assert (phone.is_signed_in, desk.is_signed_in) == (False, True)
    assert stage.browser("rick", "another good one").is_signed_in


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"present": "wrong"}, "This is not your present password."),
        ({"again": "different one"}, "The two passwords differ."),
        ({"password": "12345678", "again": "12345678"}, "among the first ones tried"),
    ],
)
def test_a_password_is_changed_only_when_everything_is_right(
    stage: Stage, sent: dict[str, str], said: str
) -> None:
    browser = stage.browser("rick")
    fields = {"present": PASSWORD, "password": "a good new one", "again": "a good new one"}
    answer = browser.post("/me/password", **{**fields, **sent})
    assert answer.status_code == 422
    assert said in answer.text
    assert stage.browser("rick").is_signed_in


def test_an_external_persons_system_roles_do_not_count(stage: Stage) -> None:
    with stage.work():
        from portal.accounts.models import RoleGrant

        db.session.add(
            RoleGrant(
                person_id=stage.people["eve"], kind="system", role="auditor",
                granted_at=clock.now(),
            )
        )  # fmt: skip
    with stage.look():
        assert stage.viewer("eve").system_roles == frozenset()


def test_an_external_person_sees_one_project_even_if_a_second_membership_slipped_in(
    stage: Stage,
) -> None:
    from portal.projects.models import Membership

    with stage.work():
        db.session.add(
            Membership(
                project_id=stage.projects["P-2"], person_id=stage.people["eve"], role="member",
                created_at=clock.now(),
            )
        )  # fmt: skip
    browser = stage.browser("eve")
    assert browser.get("/projects/P-1").status_code == 200
    assert browser.get("/projects/P-2").status_code == 404
    names = {item["text"] for item in browser.get("/people/find?q=").json["items"]}  # type: ignore[index]
    assert names == {"Eve External", "Mia", "Rick"}


def test_a_session_is_opened_with_a_token_the_table_does_not_hold(stage: Stage) -> None:
    with stage.work():
        token = services.open_session(
            person_id=stage.people["rick"], address="::1", agent="x", now=clock.now()
        )
    row = last_seen(stage)
    assert token not in {row.token_hash, row.id}
    assert len(token) >= 43
