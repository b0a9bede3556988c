"""Remarks: by who sees the record, told only to who may see it."""

import pytest

from portal.errors import Invalid, NotFound
from portal.notify.models import Notice
from portal.records import comments, services
from portal.records.models import Comment
from tests.stage import Stage


def say(stage: Stage, login: str, record_id: str, text: str) -> set[str]:
    """Say it; returns who was told, by login."""
    before = {row.id for row in stage.rows(Notice)}
    with stage.acting(login) as viewer:
        comments.add_comment(
            actor=viewer, record=services.get(record_id), text=text, now=stage.now()
        )
    names = {person: name for name, person in stage.people.items()}
    return {names[row.person_id] for row in stage.rows(Notice) if row.id not in before}


def test_the_requester_and_whoever_is_named_are_told(stage: Stage) -> None:
    record_id = stage.filed()
    assert say(stage, "carl", record_id, "Please look, @Mark and @ron.") == {"rita", "mark", "ron"}
    assert say(stage, "rita", record_id, "@rita done") == set()


@pytest.mark.parametrize("login", ["olga", "mona", "eve", "nobody", "oskar", "no_such_person"])
def test_who_may_not_see_the_record_is_not_told(stage: Stage, login: str) -> None:
    assert say(stage, "carl", stage.filed(), f"@{login}: look") == {"rita"}


def test_who_takes_part_is_told_wherever_they_belong(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl", "mark")
    assert say(stage, "rita", record_id, "@fin for your books") == {"fin"}


def test_a_narrower_form_narrows_who_is_told(stage: Stage) -> None:
    record_id = stage.draft("rita", {"title": "Ron's year"}, "appraisal")
    stage.submit(record_id)
    told = say(stage, "rita", record_id, "@ron @carl @mark @fin")
    assert told == {"mark", "fin"}


def test_a_remark_on_a_draft_is_nobody_elses_business(stage: Stage) -> None:
    assert say(stage, "rita", stage.draft(), "@mark @carl soon") == set()


def test_who_does_not_see_the_record_says_nothing_on_it(stage: Stage) -> None:
    record_id = stage.filed()
    for login in ("olga", "eve", "nobody"):
        with pytest.raises(NotFound):
            say(stage, login, record_id, "hello")
    assert stage.rows(Comment) == []


@pytest.mark.parametrize("text", ["", "   \n", "x" * 4_001])
def test_nothing_and_too_much_are_refused(stage: Stage, text: str) -> None:
    record_id = stage.filed()
    with pytest.raises(Invalid):
        say(stage, "rita", record_id, text)
