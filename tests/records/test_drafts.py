"""Drafts: kept as typed, seen by their author alone, thrown away without a trace."""

import re

import pytest
from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.records import comments, services
from portal.records.models import Record
from tests.stage import Stage


def test_a_draft_is_kept_with_its_errors_and_computed_as_far_as_possible(stage: Stage) -> None:
    line = {"_id": "r1", "item": "Sand", "qty": "3", "price": "1.5"}
    record_id = stage.draft(data={"lines": [line]})
    kept = stage.record(record_id)
    assert (kept.state, kept.number, kept.revision) == ("draft", None, 1)
    assert kept.data["total"] == "4.50"
    assert "title" not in kept.data or kept.data["title"] is None


def test_only_members_of_the_project_start_a_draft_in_it(stage: Stage) -> None:
    for login in ("olga", "nobody", "eve"):
        with pytest.raises(Forbidden):
            stage.draft(login)
    assert stage.rows(Record, form="purchase") == []


def test_nothing_new_is_filed_in_a_closed_project(stage: Stage) -> None:
    from portal.projects.models import Project

    with stage.system(writing=True):
        db.session.get_one(Project, stage.projects["P1"]).status = "closed"
    with pytest.raises(Forbidden):
        stage.draft()


def test_a_form_nobody_published_does_not_exist(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.draft(form="payment")


def test_a_draft_does_not_take_the_id_of_another_record(stage: Stage) -> None:
    taken = stage.draft("ron")
    origin = services.Origin("purchase", stage.projects["P1"], {})
    with pytest.raises(Conflict), stage.acting("rita") as rita:
        services.start_draft(actor=rita, record_id=taken, origin=origin, now=stage.now())
    assert stage.record(taken).requester_id == stage.people["ron"]


def test_a_draft_saved_elsewhere_is_not_overwritten(stage: Stage) -> None:
    record_id = stage.draft()
    with stage.acting("rita") as rita:
        mine = services.editable(actor=rita, record_id=record_id, seen_revision=1)
        services.save_draft(actor=rita, record=mine, data={"title": "first"}, now=stage.now())
    with pytest.raises(Conflict), stage.acting("rita") as rita:
        services.editable(actor=rita, record_id=record_id, seen_revision=1)
    assert stage.record(record_id).data["title"] == "first"


@pytest.mark.parametrize("login", ["ron", "mark", "fin", "audrey", "olga", "eve"])
def test_nobody_but_its_author_sees_or_edits_a_draft(stage: Stage, login: str) -> None:
    record_id = stage.draft()
    with stage.looking(login):
        assert db.session.get(Record, record_id) is None
    for act in (
        lambda who: services.editable(actor=who, record_id=record_id, seen_revision=1),
        lambda who: services.discard(actor=who, record_id=record_id, now=stage.now()),
    ):
        with pytest.raises(NotFound), stage.acting(login) as viewer:
            act(viewer)


def test_a_discarded_draft_leaves_nothing(stage: Stage) -> None:
    record_id = stage.draft()
    with stage.acting("rita") as rita:
        comments.add_comment(
            actor=rita, record=services.get(record_id), text="to do @mark", now=stage.now()
        )
    with stage.acting("rita") as rita:
        services.discard(actor=rita, record_id=record_id, now=stage.now())
    assert stage.rows(Record, id=record_id) == []
    assert stage.problems() == {}


def test_what_was_submitted_is_never_discarded(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Forbidden), stage.acting("rita") as rita:
        services.discard(actor=rita, record_id=record_id, now=stage.now())
    assert stage.record(record_id).state == "submitted"


def test_a_draft_learns_nothing_from_a_link_its_author_may_not_see(stage: Stage) -> None:
    secret = stage.entry("olga", "crew", "P2", code="X", name="Secret crew", rate="999")
    record_id = stage.draft(data=stage.purchase(crew=secret))
    kept = stage.record(record_id).data
    assert not {"crew", "crew_rate"} & {key for key, value in kept.items() if value is not None}
    with stage.acting("rita") as rita:
        mine = services.editable(actor=rita, record_id=record_id, seen_revision=1)
        outcome = services.save_draft(
            actor=rita, record=mine, data=stage.purchase(crew=secret), now=stage.now()
        )
        assert [error.path for error in outcome.errors] == ["crew"]
        assert "999" not in str(outcome.data)


def test_a_link_learnt_in_a_returned_record_is_judged_when_it_is_sent_again(stage: Stage) -> None:
    secret = stage.entry("olga", "crew", "P2", code="X", name="Secret crew", rate="999")
    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    with stage.system(writing=True):  # as if it had been saved by an older release
        record = db.session.get_one(Record, record_id)
        record.data = {**record.data, "crew": secret}
    with pytest.raises(Invalid) as refused:
        stage.submit(record_id)
    assert [error.path for error in refused.value.errors] == ["crew"]


def test_a_roll_up_counts_nothing_for_a_link_its_author_may_not_see(stage: Stage) -> None:
    secret = stage.entry("olga", "crew", "P2", code="X", name="Secret crew", rate="999")
    line = {"_id": "r1", "item": "Steel", "qty": "1", "price": "77777"}
    line["cost_code"] = stage.entries["cost_code"]
    with stage.system(writing=True):
        assert db.session.scalar(select(Record.state).where(Record.id == secret)) == "approved"
    spent = stage.draft("olga", stage.purchase(crew=secret, lines=[line]), project="P2")
    with stage.system(writing=True):
        from portal.definitions import queries as definitions
        from portal.records import indexing

        record = db.session.get_one(Record, spent)
        record.state = "approved"
        form = definitions.form_of(record.release_id, record.form).form.definition
        indexing.reindex(record, form)
    with stage.acting("rita"):
        from portal.records import facts

        current = services.definitions.current_form("purchase")
        assert current is not None
        subject = facts.Subject("new", stage.projects["P1"], stage.people["rita"], "draft")
        found = facts.gather(current.form.definition, {"crew": secret}, subject, stage.now())
        assert found.rollups["spent_before"] == "0"


def test_a_page_shows_nothing_of_a_foreign_record_whose_id_is_typed_in(stage: Stage) -> None:
    secret = stage.entry("olga", "crew", "P2", code="X", name="Secret crew", rate="987.65")
    record_id = stage.draft()
    browser = stage.browser("rita")
    page = browser.get(f"/records/{record_id}/edit")
    assert page.status_code == 200
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    data = {
        "csrf_token": token[1], "_form": "purchase", "_project": stage.projects["P1"],
        "_revision": "1", "_n": "1", "_changed": "crew", "title": "Look", "crew": secret,
    }  # fmt: skip
    answers = [
        browser.post(f"/records/{record_id}/{verb}", data=data, headers=headers)
        for verb in ("recalculate", "save", "submit")
        for headers in ({"HX-Request": "true"}, {})
    ]
    answers += [browser.get(f"/records/{record_id}{part}") for part in ("", "/edit")]
    new = browser.get(f"/forms/purchase/new?project=P1&crew={secret}")
    for answer in (*answers, new):
        assert answer.status_code in {200, 303, 409, 422}
        assert "Secret crew" not in answer.text
        assert "987.65" not in answer.text
