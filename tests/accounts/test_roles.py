"""Nobody raises themself: who may grant, take, take over."""

import pytest

from portal import clock
from portal.accounts import queries, services
from portal.errors import Forbidden, Invalid
from portal.web.viewer import SYSTEM_ROLES
from tests.accounts.stage import SYSTEM, Stage


@pytest.mark.parametrize("actor", [*SYSTEM, "rick", "eve"])
@pytest.mark.parametrize("role", SYSTEM_ROLES)
def test_a_system_role_is_granted_only_by_somebody_who_holds_it(
    stage: Stage, actor: str, role: str
) -> None:
    now, holds = clock.now(), role in SYSTEM.get(actor, ())
    with stage.work():
        viewer = stage.viewer(actor)
        assert services.may_grant(viewer, stage.people["mia"], "system", role) is holds
        facts = {"person_id": stage.people["mia"], "kind": "system", "role": role, "now": now}
        if not holds:
            with pytest.raises(Forbidden):
                services.grant_role(actor=viewer, **facts)
            with pytest.raises(Forbidden):
                services.revoke_role(actor=viewer, **facts)
            return
        services.grant_role(actor=viewer, **facts)
        assert role in queries.roles_of(stage.people["mia"])["system"]


@pytest.mark.parametrize("actor", [*SYSTEM, "rick"])
@pytest.mark.parametrize("role", SYSTEM_ROLES)
def test_the_page_judges_as_the_service_does(stage: Stage, actor: str, role: str) -> None:
    answer = stage.browser(actor).post(
        "/admin/roles", person_id=stage.people["mia"], role=f"system:{role}"
    )
    holds = role in SYSTEM.get(actor, ())
    assert (answer.status_code == 303) is holds
    with stage.look():
        assert (role in queries.roles_of(stage.people["mia"])["system"]) is holds


@pytest.mark.parametrize("actor", ["nora", "vera", "oskar", "rick"])
def test_company_roles_are_given_by_people_administrators_only(stage: Stage, actor: str) -> None:
    with stage.work(), pytest.raises(Forbidden):
        services.grant_role(
            actor=stage.viewer(actor), person_id=stage.people["mia"], kind="company",
            role="director", now=clock.now(),
        )  # fmt: skip


def test_a_people_administrator_does_not_make_themself_director(stage: Stage) -> None:
    with stage.work(), pytest.raises(Forbidden):
        services.grant_role(
            actor=stage.viewer("otto"), person_id=stage.people["otto"], kind="company",
            role="director", now=clock.now(),
        )  # fmt: skip


def test_the_only_people_administrator_may_because_nobody_else_could(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        services.revoke_role(
            actor=None, person_id=stage.people["otto"], kind="system", role="people_admin", now=now
        )
        services.grant_role(
            actor=stage.viewer("ada"), person_id=stage.people["ada"], kind="company",
            role="director", now=now,
        )  # fmt: skip
        assert queries.holders_of_role("director") == [stage.people["ada"]]


def test_the_last_people_administrator_stays(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        ada = stage.viewer("ada")
        services.revoke_role(
            actor=ada, person_id=stage.people["otto"], kind="system", role="people_admin", now=now
        )
        with pytest.raises(Invalid, match="last people administrator"):
            services.revoke_role(
                actor=ada, person_id=ada.person_id, kind="system", role="people_admin", now=now
            )
        with pytest.raises(Invalid):
            services.deactivate_person(actor=None, person_id=ada.person_id, now=now)


def test_everybody_may_give_up_their_own_role(stage: Stage) -> None:
    with stage.work():
        services.revoke_role(
            actor=stage.viewer("nora"), person_id=stage.people["nora"], kind="system",
            role="author", now=clock.now(),
        )  # fmt: skip
        assert queries.roles_of(stage.people["nora"])["system"] == frozenset()


def test_external_people_hold_no_system_roles(stage: Stage) -> None:
    with stage.work(), pytest.raises(Invalid):
        services.grant_role(
            actor=stage.viewer("ada"), person_id=stage.people["eve"], kind="system",
            role="author", now=clock.now(),
        )  # fmt: skip


def test_who_holds_roles_one_lacks_cannot_be_taken_over(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        otto, nora = stage.viewer("otto"), stage.people["nora"]
        with pytest.raises(Forbidden):
            services.invite(actor=otto, person_id=nora, now=now)
        for change in ({"email": "otto@evil.example"}, {"login": "nora2"}):
            with pytest.raises(Forbidden):
                services.edit_person(actor=otto, person_id=nora, now=now, **change)
        services.edit_person(actor=otto, person_id=nora, now=now, title="Author")
        assert services.invite(actor=stage.viewer("ada"), person_id=nora, now=now)


def test_a_leaver_with_roles_cannot_be_brought_back_by_somebody_without(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        otto, nora = stage.viewer("otto"), stage.people["nora"]
        services.deactivate_person(actor=otto, person_id=nora, now=now)
        with pytest.raises(Forbidden):
            services.reactivate_person(actor=otto, person_id=nora, now=now)


@pytest.mark.parametrize("role", ["", "Director", "a b", "x" * 60, "root;"])
def test_a_malformed_role_is_refused(stage: Stage, role: str) -> None:
    with stage.work(), pytest.raises(Invalid):
        services.grant_role(
            actor=None, person_id=stage.people["mia"], kind="company", role=role, now=clock.now()
        )
    with stage.work(), pytest.raises(Invalid):
        services.grant_role(
            actor=None, person_id=stage.people["mia"], kind="system", role="root", now=clock.now()
        )
