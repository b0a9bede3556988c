"""What stands first in a list: the state and the amount before all else, a register by its code."""

import re
from html import unescape

from tests.stage import Stage


def heads(page: str) -> list[str]:
    head = re.search(r"<thead>.*?</thead>", page, re.S)
    assert head
    cells = re.findall(r"<th[^>]*>(.*?)</th>", head[0], re.S)
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in cells]


def test_state_and_amount_stand_before_the_other_columns(stage: Stage) -> None:
    stage.filed()
    page = stage.browser("rita").get("/forms/purchase").text
    assert heads(page) == ["Number", "Title", "State", "Total", "Urgency", "Requester", "Filed"]
    foot = re.findall(r"<td[^>]*>([^<]*)</td>", page.split("<tfoot>")[1].split("</tfoot>")[0])
    assert foot.index("200.00 CNY") == heads(page).index("Total")


def test_a_register_is_headed_by_its_own_words_and_stands_in_the_order_of_its_codes(
    stage: Stage,
) -> None:
    for code, name in (("03", "Aluminium"), ("02", "Zinc")):
        stage.entry("cleo", "cost_code", None, code=code, name=name)
    page = stage.browser("cleo").get("/forms/cost_code").text
    assert heads(page)[0] == "Name"
    assert re.findall(r"data-row-link>([^<]+)<", page) == ["Ground", "Zinc", "Aluminium"]
    other = stage.browser("cleo").get("/forms/cost_code?sort=title").text
    assert re.findall(r"data-row-link>([^<]+)<", other) == ["Aluminium", "Ground", "Zinc"]


def test_a_form_without_approval_that_is_numbered_has_the_newest_first(stage: Stage) -> None:
    for code in ("A", "B"):
        stage.entry("rita", "crew", "P1", code=code, name=f"Crew {code}", rate="10.00")
    page = stage.browser("rita").get("/forms/crew?project=P1").text
    numbers = re.findall(r"data-row-link>([^<]+)<", page)
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) >= 2
