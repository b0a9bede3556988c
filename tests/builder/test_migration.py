"""What becomes of stored values, declared without JSON: differences, likely steps, edits."""

import json
from typing import Any

from portal.builder.design.removal import remove_field
from portal.definitions.json_source import read_source
from tests.accounts.stage import Browser
from tests.builder.conftest import EDITOR, Desk

AT = f"{EDITOR}/migration"


def raw(desk: Desk) -> Any:
    return read_source(desk.text()).value


def steps(desk: Desk) -> Any:
    return raw(desk)["migrations"][0]["steps"]


def part(page: str) -> str:
    return page.split('name="part" value="')[1].split('"')[0]


def rename_amount(desk: Desk, author: Browser) -> None:
    text = desk.text().replace('"amount"', '"cost"').replace('"cost": "cost"', '"amount": "cost"')
    assert desk.save(author, text).status_code == 303


def sent(desk: Desk, author: Browser, kind: str, **more: Any) -> Any:
    page = author.get(f"{AT}/step?kind={kind}").text
    return author.post(f"{AT}/step", kind=kind, part=part(page), **more)


def test_a_field_under_another_key_is_offered_as_a_rename(desk: Desk, author: Browser) -> None:
    rename_amount(desk, author)
    page = author.get(AT).text
    for said in ("Gone", "New fields", "no step yet", "becomes"):
        assert said in page
    author.post(f"{AT}/take")
    assert steps(desk) == [{"rename": ["amount", "cost"]}]
    page = author.get(AT).text
    assert "no step yet" not in page
    assert "Likely meant" not in page


def test_a_field_that_nothing_replaces_is_offered_to_be_dropped(
    desk: Desk, author: Browser
) -> None:
    text = remove_field(desk.text(), "amount")
    assert desk.save(author, text).status_code == 303
    author.post(f"{AT}/take", step=json.dumps({"drop": "amount"}))
    assert steps(desk) == [{"drop": "amount"}]


def test_every_step_is_added_changed_moved_and_taken_out(desk: Desk, author: Browser) -> None:
    rename_amount(desk, author)
    assert sent(desk, author, "rename", first="amount", second="cost").status_code == 303
    assert sent(desk, author, "set_default", first="cost", second="1,200").status_code == 303
    assert sent(desk, author, "drop", first="title").status_code == 303
    assert steps(desk)[1] == {"set_default": ["cost", "1200.00"]}
    page = author.get(f"{AT}/step?at=1").text
    assert 'value="1200.00"' in page
    mark = part(page)
    changed = author.post(
        f"{AT}/step", kind="set_default", part=mark, at="1", first="cost", second="5"
    )
    assert changed.status_code == 303
    mark = part(author.get(AT).text)
    assert author.post(f"{AT}/steps/2/up", part=mark).status_code == 303
    assert [next(iter(one)) for one in steps(desk)] == ["rename", "drop", "set_default"]
    for _ in range(3):
        mark = part(author.get(AT).text)
        assert author.post(f"{AT}/steps/0/remove", part=mark).status_code == 303
    assert "migrations" not in raw(desk)


def test_an_expression_brings_along_what_its_fields_were(desk: Desk, author: Browser) -> None:
    rename_amount(desk, author)
    assert sent(desk, author, "set", first="cost", second="amount * 2").status_code == 303
    migration = raw(desk)["migrations"][0]
    assert migration["was"]["amount"]["x-field"]["kind"] == "money"
    assert 'class="finding finding-error"' not in author.get(AT).text


def test_what_is_typed_wrong_is_said_and_kept(desk: Desk, author: Browser) -> None:
    rename_amount(desk, author)
    wrong = sent(desk, author, "set_default", first="cost", second="a lot")
    assert wrong.status_code == 422
    assert 'value="a lot"' in wrong.text
    one = sent(desk, author, "split", first="title", by="/", into=["cost"])
    assert one.status_code == 422
    assert "two different fields" in one.text
    assert author.get(f"{AT}/step?kind=teleport").status_code == 404


def test_who_comes_second_to_the_steps_keeps_what_was_typed(desk: Desk, author: Browser) -> None:
    rename_amount(desk, author)
    page = author.get(f"{AT}/step?kind=drop").text
    sent(desk, author, "rename", first="amount", second="cost")
    late = author.post(f"{AT}/step", kind="drop", part=part(page), first="title")
    assert late.status_code == 409
    assert '<option value="title" selected>' in late.text
    assert author.post(f"{AT}/steps/0/remove", part="old").status_code == 409


def test_the_steps_are_tried_on_records_the_author_may_not_see(desk: Desk, author: Browser) -> None:
    desk.add_record("draft")
    rename_amount(desk, author)
    author.post(f"{AT}/take")
    page = author.get(f"{AT}?try=1").text
    assert "1 of 1 records looked at" in page
    assert "counted only" in page
    assert "North gate" not in page


def test_auditors_read_it_and_change_nothing(desk: Desk, author: Browser) -> None:
    auditor = desk.browser("vera")
    assert auditor.get(AT).status_code == 200
    assert auditor.get(f"{AT}/step?kind=drop").status_code == 403
    assert auditor.post(f"{AT}/take").status_code == 403
