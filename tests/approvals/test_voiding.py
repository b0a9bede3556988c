"""Voiding: what counted is taken back with a reason, unless others stand on it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from portal.approvals import voiding
from portal.audit.models import AuditRow
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledgers.models import CostEntry
from portal.notify.models import Notice
from portal.records import services as records
from portal.records.models import Record, UniqueValue, Voiding
from portal.records.transitions import VOID
from tests.approvals.racing import Act, in_between, together
from tests.approvals.test_pages import post
from tests.approvals.test_races_of_figures import bill, sending
from tests.conftest import ON_POSTGRES
from tests.stage import Stage


def signed(stage: Stage) -> str:
    """A purchase that is approved and counts."""
    record_id = stage.filed()
    stage.approve(record_id, "carl", "mark")
    return record_id


def void(stage: Stage, record_id: str, login: str = "mark", reason: str = "Filed twice") -> None:
    seen = stage.record(record_id).revision
    with stage.acting(login) as viewer:
        voiding.void(
            actor=viewer, record_id=record_id, seen_revision=seen, reason=reason, now=stage.now()
        )


def sums(stage: Stage) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in stage.rows(CostEntry):
        found[entry.bucket] = found.get(entry.bucket, 0) + int(entry.amount)
    return {bucket: amount for bucket, amount in found.items() if amount}


def billed(stage: Stage, login: str = "rita", amount: str = "400") -> str:
    """A bill of the crew that is approved."""
    record_id = bill(stage, login, amount)
    stage.submit(record_id, login)
    stage.decide("approve", "carl", record_id)
    return record_id


def test_a_void_record_counts_nowhere_and_keeps_its_signatures(stage: Stage) -> None:
    record_id = signed(stage)
    before = len(stage.rows(CostEntry))
    assert sums(stage) == {"commit": 200}
    void(stage, record_id)
    record = stage.record(record_id)
    assert (record.state, sums(stage)) == (VOID, {})
    assert len(stage.rows(CostEntry)) > before, "nothing is deleted: what was posted is taken back"
    [kept] = stage.rows(Voiding)
    assert (kept.reason, kept.actor_id, kept.with_id) == ("Filed twice", stage.people["mark"], None)
    [event] = stage.rows(AuditRow, action="record.void")
    assert (event.detail["reason"], event.detail["sha256"]) == ("Filed twice", record.sha256)
    for login in ("rita", "carl"):
        assert "voided" in [one.kind for one in stage.rows(Notice, person_id=stage.people[login])]
    assert stage.problems() == {}


@pytest.mark.parametrize("login", ["rita", "carl", "mona", "olga", "oskar", "audrey", "eve"])
def test_only_whom_the_form_names_may_void(stage: Stage, login: str) -> None:
    record_id = signed(stage)
    with pytest.raises(Forbidden):
        void(stage, record_id, login)
    assert stage.record(record_id).state == "approved"


def test_a_company_role_voids_in_every_project(stage: Stage) -> None:
    record_id = signed(stage)
    void(stage, record_id, "fin")
    assert stage.record(record_id).state == VOID


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 4_001])
def test_a_reason_that_is_one_is_needed(stage: Stage, reason: str) -> None:
    record_id = signed(stage)
    with pytest.raises(Invalid) as refused:
        void(stage, record_id, reason=reason)
    assert refused.value.errors[0].path == "reason"
    assert stage.record(record_id).state == "approved"


def test_what_does_not_count_yet_or_any_more_is_not_voided(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Conflict):
        void(stage, record_id)
    stage.decide("reject", "carl", record_id)
    with pytest.raises(Conflict):
        void(stage, record_id)
    twice = signed(stage)
    void(stage, twice)
    with pytest.raises(Conflict):
        void(stage, twice)


def test_another_version_than_was_seen_is_not_voided(stage: Stage) -> None:
    record_id = signed(stage)
    with pytest.raises(Conflict), stage.acting("mark") as mark:
        voiding.void(
            actor=mark, record_id=record_id, seen_revision=1, reason="Filed twice", now=stage.now()
        )


def test_a_record_that_others_name_stays_until_they_are_void(billing: Stage) -> None:
    crew = billing.entries["crew"]
    one, two = billed(billing), billed(billing, "ron", "500")
    with pytest.raises(Invalid) as refused:
        void(billing, crew)
    told = [str(error.message) for error in refused.value.errors]
    for record_id in (one, two):
        number = billing.record(record_id).number
        assert any(str(number) in text for text in told)
    void(billing, two)
    void(billing, one)
    void(billing, crew)
    assert billing.record(crew).state == VOID


def test_number_n_is_not_voided_while_n_plus_one_counted_it(billing: Stage) -> None:
    first, second = billed(billing), billed(billing, "ron")
    with pytest.raises(Invalid) as refused:
        void(billing, first)
    assert str(billing.record(second).number) in str(refused.value.errors[0].message)
    void(billing, second)
    void(billing, first)
    third = billed(billing)
    assert billing.record(third).data["billed"] == "0.00"


@pytest.fixture
def companions(stage: Stage) -> Iterator[Callable[[voiding.Companions], None]]:
    before = list(voiding._companions)
    yield voiding.register_companions
    voiding._companions[:] = before


def test_what_goes_together_goes_in_one_act(
    stage: Stage, companions: Callable[[voiding.Companions], None]
) -> None:
    asked, along = signed(stage), signed(stage)

    def source(record: Record) -> Sequence[Record]:
        return [records.locked(along)] if record.id == asked else []

    companions(source)
    void(stage, asked)
    assert {stage.record(one).state for one in (asked, along)} == {VOID}
    assert {one.record_id: one.with_id for one in stage.rows(Voiding)} == {
        asked: None,
        along: asked,
    }
    assert sums(stage) == {}


def test_whoever_names_what_goes_along_may_refuse(
    stage: Stage, companions: Callable[[voiding.Companions], None]
) -> None:
    record_id = signed(stage)

    def source(record: Record) -> Sequence[Record]:
        raise Invalid("It is paid already.")

    companions(source)
    with pytest.raises(Invalid):
        void(stage, record_id)
    page = stage.browser("mark").get(f"/records/{record_id}/void")
    assert "It is paid already." in page.text
    assert 'name="version"' not in page.text, "there is nothing to send"


def test_what_was_unique_is_free_again(stage: Stage) -> None:
    taken = {"code": "C-9", "name": "Nine"}
    first = stage.entry("cleo", "cost_code", None, **taken)
    with pytest.raises(Invalid):
        stage.entry("cleo", "cost_code", None, **taken)
    void(stage, first, "cleo")
    assert stage.rows(UniqueValue, record_id=first) == []
    again = stage.entry("cleo", "cost_code", None, **taken)
    assert stage.record(again).state == "approved"


def voided(stage: Stage, record_id: str, login: str = "mark") -> Act:
    seen = stage.record(record_id).revision

    def act(place: Stage) -> None:
        with place.acting(login) as viewer:
            voiding.void(
                actor=viewer, record_id=record_id, seen_revision=seen, reason="Gone",
                now=stage.now(),
            )  # fmt: skip

    return act


def is_sound(stage: Stage, crew: str, sent: str) -> None:
    states = stage.record(crew).state, stage.record(sent).state
    assert states in {(VOID, "draft"), ("approved", "submitted")}, states


def test_nobody_comes_to_stand_on_a_record_that_is_being_voided(billing: Stage) -> None:
    crew, sent = billing.entries["crew"], bill(billing, "rita")
    done = together(billing, voided(billing, crew), sending(billing, sent, "rita"))
    assert sum(one.won for one in done) == 1, done
    is_sound(billing, crew, sent)


@pytest.mark.parametrize("void_first", [True, False])
def test_wherever_one_is_interrupted_only_one_passes(billing: Stage, void_first: bool) -> None:
    at = 1
    while True:
        crew = billing.entry("rita", "crew", "P1", code=f"C-{at}", name="Crew", rate="80")
        sent = billing.draft("rita", {"title": "March", "crew": crew, "amount": "400"}, "bill")
        acts = voided(billing, crew), sending(billing, sent, "rita")
        done = in_between(billing, *(acts if void_first else acts[::-1]), at)
        if done is None:
            break
        is_sound(billing, crew, sent)
        at += 3
        if not ON_POSTGRES and at > 2:
            break
    assert at > 1


def test_the_page_shows_what_is_taken_back_and_takes_the_reason(stage: Stage) -> None:
    record_id = signed(stage)
    record, browser = stage.record(record_id), stage.browser("mark")
    detail = browser.get(f"/records/{record_id}")
    assert f"/records/{record_id}/void" in detail.text
    assert (
        f"/records/{record_id}/void" not in stage.browser("carl").get(f"/records/{record_id}").text
    )
    page = browser.get(f"/records/{record_id}/void")
    assert page.status_code == 200
    assert "Committed" in page.text
    url: str = f"/records/{record_id}/void"
    empty = post(browser, url, version=record.revision, comment=" ")
    assert (empty.status_code, stage.record(record_id).state) == (422, "approved")
    assert "Say why" in empty.text
    done = post(browser, url, version=record.revision, comment="Filed <twice>")
    assert done.status_code == 303
    after = stage.browser("carl").get(f"/records/{record_id}").text
    assert "Filed &lt;twice&gt;" in after
    assert "Mark" in after


def test_who_may_not_finds_no_page(stage: Stage) -> None:
    record_id = signed(stage)
    answers: dict[str, Any] = {
        login: stage.browser(login).get(f"/records/{record_id}/void").status_code
        for login in ("rita", "olga", "eve")
    }
    assert answers == {"rita": 403, "olga": 404, "eve": 404}
    denied = post(stage.browser("rita"), f"/records/{record_id}/void", version=3, comment="x")
    assert (denied.status_code, stage.record(record_id).state) == (403, "approved")


def test_the_page_lists_what_stands_on_a_record(billing: Stage) -> None:
    crew = billing.entries["crew"]
    on_it = billed(billing)
    page = billing.browser("mark").get(f"/records/{crew}/void")
    assert str(billing.record(on_it).number) in page.text
    assert f"/records/{on_it}" in page.text
    sent = post(billing.browser("mark"), f"/records/{crew}/void", version=2, comment="x")
    assert (sent.status_code, billing.record(crew).state) == (422, "approved")


def test_a_void_record_can_no_longer_be_chosen(billing: Stage) -> None:
    crew = billing.entries["crew"]
    void(billing, crew)
    late = bill(billing, "rita")
    with pytest.raises((Invalid, NotFound)):
        billing.submit(late)
