"""What the page of a record says of the records that point at it, and of its own standing."""

import re

from tests.records.pages import open_page
from tests.stage import Stage

NEW = re.compile(r'<a class="btn[^"]*" href="(/forms/purchase/new[^"]*)">.*?New: Purchase', re.S)


def page_of(stage: Stage, login: str, record_id: str) -> str:
    answer = stage.browser(login).get(f"/records/{record_id}")
    assert answer.status_code == 200
    return str(answer.text)


def test_the_list_names_them_and_leads_to_the_next_one_filled_in(stage: Stage) -> None:
    crew = stage.entries["crew"]
    filed = stage.record(stage.filed(stage.purchase(crew=crew)))
    page = page_of(stage, "rita", crew)
    assert filed.number in page
    (address,) = NEW.findall(page)
    opened = open_page(stage.browser("rita"), address.replace("&amp;", "&"))
    assert opened.values["crew"] == [crew]


def test_its_columns_are_those_the_field_names(stage: Stage) -> None:
    crew = stage.entries["crew"]
    stage.filed(stage.purchase(crew=crew, confidential="CanaryP7"))
    page = page_of(stage, "rita", crew)
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    assert heads == ["Number", "Urgency", "Total", "State"], "what a step hides is in no list"
    assert "CanaryP7" not in page
    assert ">Low</td>" in page
    assert ">200.00 CNY</td>" in page


def test_who_may_not_file_there_is_not_led_there(stage: Stage) -> None:
    crew = stage.entries["crew"]
    assert NEW.search(page_of(stage, "rita", crew))
    page = page_of(stage, "audrey", crew)
    assert not NEW.search(page)
    assert "None yet." in page


def test_what_nobody_approves_is_on_file_and_not_approved(stage: Stage) -> None:
    crew = stage.entries["crew"]
    page = page_of(stage, "rita", crew)
    assert "On file" in page
    assert "Approved" not in page
    register = stage.browser("rita").get("/forms/crew").text
    assert "On file" in register
    assert "Approved" not in register
    assert "On file" in stage.browser("rita").get("/forms/crew?state=approved").text
