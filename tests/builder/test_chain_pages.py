"""The chain's pages: adding, editing, moving and removing without seeing JSON; two authors."""

import html
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.db import db
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, Desk

LIST = f"{DRAFT}/{CHAIN}/chain"
CASES = "site_visit.cases.json"
PM = "project_role:project_manager"
MEMBER = "project_role:member"
SPONSOR = {
    "title_en": "Sponsor approves",
    "title_zh": "发起人审批",
    "who": PM,
    "need": "any",
    "reject": "one",
    "then": "end",
    "returns": "start",
    "transfer": "same_rule",
    "meaning_en": "I release the money.",
    "meaning_zh": "",
}
ABOVE = {"only-0-field": "amount", "only-0-op": ">", "only-0-value": "500,000"}


def hidden(page: str, *names: str) -> dict[str, str]:
    """Hidden inputs as they stand on a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if not names or name in names}


def blocks(desk: Desk) -> list[Any]:
    return list(json.loads(desk.text(CHAIN))["blocks"])


def add(
    browser: Browser, kind: str = "step", where: str = "into=blocks", **data: Any
) -> TestResponse:
    page = browser.get(f"{LIST}/add/{kind}?{where}")
    assert page.status_code == 200
    sent = {**hidden(page.text, "request_key", "into", "behind", "id"), **data}
    return browser.post(f"{LIST}/add/{kind}", **sent)


def edit(browser: Browser, at: str, **data: Any) -> TestResponse:
    """Save a block as its page would after changing these inputs."""
    page = browser.get(f"{LIST}/{at}")
    assert page.status_code == 200
    return browser.post(f"{LIST}/{at}", **{**hidden(page.text, "part", "id", "kind"), **data})


def mark(browser: Browser, at: str) -> dict[str, str]:
    """What the list carries to name a block."""
    page = browser.get(LIST).text
    form = page[page.index(f'action="{LIST}/{at}/') :]
    return hidden(form[: form.index("</form>")], "part", "id")


def test_a_step_above_an_amount_is_added_and_can_be_published(desk: Desk, author: Browser) -> None:
    answer = add(author, **SPONSOR, **ABOVE)
    assert answer.status_code == 303
    assert answer.location.endswith("/chain#block-sponsor_approves")
    choice = blocks(desk)[1]
    assert choice["choose"] == "sponsor_approves_when"
    assert choice["when"][0]["if"] == "amount > 500000"
    assert choice["when"][0]["then"][0] == {
        "step": "sponsor_approves", "title": {"en": "Sponsor approves", "zh": "发起人审批"},
        "who": {"project_role": "project_manager"}, "need": "any", "reject": "one",
        "may": {"return": {"start": "rerun"}, "transfer": "same_rule"},
        "meaning": "I release the money.",
    }  # fmt: skip
    page = author.get(answer.location).text
    assert "If Amount is more than 500,000" in page
    assert "Sponsor approves" in page
    assert 'id="block-sponsor_approves"' in page
    assert desk.publish(author).status_code == 303


def test_the_same_page_sent_twice_adds_one_step(desk: Desk, author: Browser) -> None:
    page = author.get(f"{LIST}/add/step?into=blocks").text
    sent = {**hidden(page, "request_key", "into"), **SPONSOR}
    for _time in range(2):
        assert author.post(f"{LIST}/add/step", **sent).status_code == 303
    assert len(blocks(desk)) == 2


def test_a_step_is_edited_and_its_condition_taken_away(desk: Desk, author: Browser) -> None:
    before = desk.text(CHAIN)
    add(author, **SPONSOR, **ABOVE)
    at = "blocks.1.when.0.then.0"
    page = author.get(f"{LIST}/{at}").text
    assert "Amount is more than 500,000" in page
    assert 'value="500000"' in page
    answer = edit(
        author,
        at,
        **{**SPONSOR, "title_en": "Board", "who": MEMBER, "transfer": ""},
        **ABOVE,
        only=1,
    )
    assert answer.status_code == 303
    step = blocks(desk)[1]["when"][0]["then"][0]
    assert (step["step"], step["title"]["en"]) == ("sponsor_approves", "Board")
    assert step["who"] == {"project_role": "member"}
    assert step["may"] == {"return": {"start": "rerun"}}
    assert edit(author, at, **{**SPONSOR, "title_en": "Board"}).status_code == 303
    assert [one.get("step") for one in blocks(desk)] == ["approve", "sponsor_approves"]
    answer = author.post(f"{LIST}/blocks.1/remove", **mark(author, "blocks.1"))
    assert answer.status_code == 303
    assert desk.text(CHAIN) == before


def test_saving_what_is_shown_changes_nothing(desk: Desk, author: Browser) -> None:
    before = desk.text(CHAIN)
    step = {
        **SPONSOR,
        "title_en": "Project manager approves",
        "title_zh": "项目经理审批",
        "meaning_en": "",
    }
    assert edit(author, "blocks.0", **step).status_code == 303
    assert desk.text(CHAIN) == before


def test_blocks_move_and_copies_go_to_people(desk: Desk, author: Browser) -> None:
    answer = add(author, "cc", "behind=blocks.0", who=[PM, MEMBER, ""])
    assert answer.status_code == 303
    assert blocks(desk)[1] == {
        "cc": "inform",
        "who": {"project_role": ["project_manager", "member"]},
    }
    assert edit(author, "blocks.1", who=[MEMBER]).status_code == 303
    assert blocks(desk)[1]["who"] == {"project_role": "member"}
    answer = author.post(f"{LIST}/blocks.1/move/up", **mark(author, "blocks.1"))
    assert answer.location.endswith("#block-inform")
    assert [one.get("cc") for one in blocks(desk)] == ["inform", None]
    assert author.post(f"{LIST}/blocks.0/move/aside", **mark(author, "blocks.0")).status_code == 404


def test_a_removed_step_takes_the_condition_around_it_along(desk: Desk, author: Browser) -> None:
    before = desk.text(CHAIN)
    add(author, **SPONSOR, **ABOVE)
    at = "blocks.1.when.0.then.0"
    assert author.post(f"{LIST}/{at}/remove", **mark(author, at)).status_code == 303
    assert desk.text(CHAIN) == before


def test_approval_by_amount_is_a_table(desk: Desk, author: Browser) -> None:
    rows = {
        "field": "amount", "title_en": "By amount", "title_zh": "",
        "row-0-up_to": "20万", "row-0-title_en": "Small", "row-0-title_zh": "", "row-0-who": MEMBER,
        "above-title_en": "Large", "above-title_zh": "", "above-who": PM,
    }  # fmt: skip
    answer = add(author, "bands", **rows)
    assert answer.status_code == 303
    choice = blocks(desk)[1]
    assert (choice["choose"], choice["when"][0]["if"]) == ("by_amount", "amount <= 200000")
    page = author.get(f"{LIST}/blocks.1/bands").text
    assert 'value="200,000"' in page
    rows |= {"row-0-step": "small", "above-step": "large", "row-0-up_to": "200,000"}
    more = {
        "row-1-up_to": "1,000,000", "row-1-title_en": "Middle", "row-1-title_zh": "中", "row-1-who": PM
    }  # fmt: skip
    sent = hidden(page, "part", "id")
    wrong = author.post(f"{LIST}/blocks.1/bands", **sent, **rows, **{**more, "row-1-up_to": "many"})
    assert wrong.status_code == 422
    assert 'href="#row-1-up_to"' in wrong.text
    assert 'value="many"' in wrong.text
    assert "Row 2: Write an amount, such as 500,000." in wrong.text
    assert author.post(f"{LIST}/blocks.1/bands", **sent, **rows, **more).status_code == 303
    choice = blocks(desk)[1]
    assert [way["if"] for way in choice["when"]] == ["amount <= 200000", "amount <= 1000000"]
    assert choice["when"][1]["then"][0]["step"] == "middle"
    late = author.post(f"{LIST}/blocks.1/bands", **sent, **rows)
    assert late.status_code == 409
    assert "Middle" in late.text
    page = author.get(f"{LIST}/blocks.1/bands").text
    more |= {"row-1-step": "middle", "row-1-gone": "yes"}
    answer = author.post(f"{LIST}/blocks.1/bands", **hidden(page, "part", "id"), **rows, **more)
    assert answer.status_code == 303
    assert len(blocks(desk)[1]["when"]) == 1
    assert desk.publish(author).status_code == 303


@pytest.mark.parametrize(("language", "page"), [("en", "workflows#people-rules"), ("zh", "chains")])
def test_help_is_in_the_readers_language_where_it_is_written(
    desk: Desk, author: Browser, language: str, page: str
) -> None:
    author.post("/language", language=language)
    for address, help in ((f"{LIST}/blocks.0", page), (f"{LIST}/add/bands?into=blocks", "chains")):
        assert f'href="/help/administrators/{help}"' in author.get(address).text


def test_a_new_table_has_room_for_three_amounts_and_leaves_out_what_stays_empty(
    desk: Desk, author: Browser
) -> None:
    page = author.get(f"{LIST}/add/bands?into=blocks").text
    assert [f'name="row-{n}-up_to"' in page for n in range(4)] == [True, True, True, False]
    empty = {"up_to": "", "title_en": "", "title_zh": ""}
    rows = {
        "field": "amount", "title_en": "", "title_zh": "",
        **{f"row-{n}-{name}": text for n in (0, 2) for name, text in empty.items()},
        "row-1-up_to": "5万", "row-1-title_en": "Small", "row-1-title_zh": "", "row-1-who": MEMBER,
        "above-title_en": "Large", "above-title_zh": "", "above-who": PM,
    }  # fmt: skip
    assert add(author, "bands", **rows).status_code == 303
    assert [way["if"] for way in blocks(desk)[1]["when"]] == ["amount <= 50000"]


def test_rights_are_a_grid_and_only_changed_cells_are_written(desk: Desk, author: Browser) -> None:
    before = desk.text(CHAIN)
    page = author.get(f"{LIST}/rights").text
    seen = hidden(page, "seen")
    assert 'name="cell:approve:amount"' in page
    sent = {"cell:approve:title": "", "cell:approve:amount": "edit+require"}
    assert author.post(f"{LIST}/rights", **seen, **sent).status_code == 303
    assert blocks(desk)[0]["fields"] == {"edit": ["amount"], "require": ["amount"]}
    mine = {"cell:approve:title": "edit", "cell:approve:amount": ""}
    assert author.post(f"{LIST}/rights", **seen, **mine).status_code == 303
    assert blocks(desk)[0]["fields"] == {"edit": ["amount", "title"], "require": ["amount"]}
    lost = author.post(f"{LIST}/rights", **seen, **{"cell:approve:amount": "hide"})
    assert lost.status_code == 409
    assert 'value="hide" selected' in lost.text
    again = author.post(
        f"{LIST}/rights",
        **hidden(lost.text, "seen"),
        **{"cell:approve:amount": "hide", "cell:approve:title": ""},
    )
    assert again.status_code == 303
    assert blocks(desk)[0]["fields"] == {"hide": ["amount"]}
    page = author.get(f"{LIST}/rights").text
    author.post(
        f"{LIST}/rights",
        **hidden(page, "seen"),
        **{"cell:approve:amount": "", "cell:approve:nothing": "edit"},
    )
    assert json.loads(desk.text(CHAIN)) == json.loads(before)


def test_a_condition_of_a_way_is_changed(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    at = "blocks.1.when.0"
    page = author.get(f"{LIST}/{at}").text
    sent = hidden(page, "part", "id")
    assert author.post(f"{LIST}/{at}", **sent).status_code == 422
    higher = {**ABOVE, "only-0-value": "600000"}
    assert author.post(f"{LIST}/{at}", **sent, **higher).status_code == 303
    assert blocks(desk)[1]["when"][0]["if"] == "amount > 600000"
    late = author.post(f"{LIST}/{at}", **sent, **ABOVE)
    assert late.status_code == 409
    assert "Amount is more than 600,000" in late.text
    over = re.search(r'name="over" value="([^"]+)"', late.text)
    assert over is not None
    assert author.post(f"{LIST}/{at}", **sent, **ABOVE, over=over[1]).status_code == 303
    answer = author.post(f"{LIST}/blocks.1/always", **mark(author, "blocks.1"))
    assert answer.status_code == 303
    assert [one.get("step") for one in blocks(desk)] == ["approve", "sponsor_approves"]


def test_auditors_read_and_others_do_not(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    auditor, filer = desk.browser("vera"), desk.browser("rick")
    text = desk.text(CHAIN)
    for url in (LIST, f"{LIST}/blocks.0", f"{LIST}/blocks.1.when.0", f"{LIST}/rights"):
        page = auditor.get(url)
        assert page.status_code == 200
        assert ">Save" not in page.text
        assert filer.get(url).status_code in (403, 404)
    assert "Add a step" not in auditor.get(LIST).text
    assert auditor.get(f"{LIST}/add/step?into=blocks").status_code == 403
    sent = mark(author, "blocks.0")
    for url in (
        "add/step",
        "add/bands",
        "blocks.0",
        "blocks.0/move/down",
        "blocks.0/remove",
        "blocks.1/always",
        "blocks.1/bands",
        "rights",
    ):
        for browser in (auditor, filer):
            assert browser.post(f"{LIST}/{url}", **sent, **SPONSOR, into="blocks").status_code in (
                403,
                404,
            )
    assert desk.text(CHAIN) == text


def test_bad_input_keeps_what_was_typed(desk: Desk, author: Browser) -> None:
    before = desk.text(CHAIN)
    wrong = {
        **SPONSOR, "title_en": "", "title_zh": "", "who": "", "need": "count", "count": "many",
        "meaning_en": "Kept <b>words</b>", **ABOVE, "only-0-value": "a lot",
    }  # fmt: skip
    for answer in (add(author, **wrong), edit(author, "blocks.0", **wrong)):
        assert answer.status_code == 422
        assert 'value="Kept &lt;b&gt;words&lt;/b&gt;"' in answer.text
        assert 'value="many"' in answer.text
        assert 'value="a lot"' in answer.text
    answer = edit(author, "blocks.0", **wrong)
    for name in ("title_en", "who", "count", "only-0-value"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
    assert answer.status_code == 422
    assert desk.text(CHAIN) == before


def test_edits_of_different_parts_merge_wherever_they_stand(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR)
    other = desk.browser("ada")
    page = other.get(f"{LIST}/blocks.1").text
    first = {**SPONSOR, "title_en": "Manager", "title_zh": "", "who": PM, "meaning_en": ""}
    assert edit(author, "blocks.0", **first).status_code == 303
    assert author.post(f"{LIST}/blocks.1/move/up", **mark(author, "blocks.1")).status_code == 303
    sent = {**hidden(page, "part", "id"), **SPONSOR, "title_en": "Board"}
    assert other.post(f"{LIST}/blocks.1", **sent).status_code == 303
    titles = [
        (one["step"], one["title"]["en"] if isinstance(one["title"], dict) else one["title"])
        for one in blocks(desk)
    ]
    assert titles == [("sponsor_approves", "Board"), ("approve", "Manager")]


def test_the_same_part_changed_twice_asks_whose_counts(desk: Desk, author: Browser) -> None:
    other = desk.browser("ada")
    part = hidden(other.get(f"{LIST}/blocks.0").text, "part", "id")
    assert edit(author, "blocks.0", **{**SPONSOR, "title_en": "Theirs"}).status_code == 303
    mine = {**part, **SPONSOR, "title_en": "Mine", "transfer": "any"}
    late = other.post(f"{LIST}/blocks.0", **mine)
    assert late.status_code == 409
    assert "Somebody changed this step while you were at it" in late.text
    assert 'value="Mine"' in late.text
    assert "<dd>Theirs</dd>" in late.text
    assert blocks(desk)[0]["title"]["en"] == "Theirs"
    over = re.search(r'name="over" value="([^"]+)"', late.text)
    assert over is not None
    assert other.post(f"{LIST}/blocks.0", **mine, over=over[1]).status_code == 303
    assert blocks(desk)[0]["title"]["en"] == "Mine"
    for act in ("move/down", "remove"):
        late = author.post(f"{LIST}/blocks.0/{act}", **part)
        assert late.status_code == 409
        assert "Somebody changed this part of the chain meanwhile" in late.text


def test_what_was_typed_into_a_step_that_is_gone_can_be_added_anew(
    desk: Desk, author: Browser
) -> None:
    add(author, **SPONSOR)
    page = author.get(f"{LIST}/blocks.1").text
    assert author.post(f"{LIST}/blocks.1/remove", **mark(author, "blocks.1")).status_code == 303
    late = author.post(
        f"{LIST}/blocks.1", **hidden(page, "part", "id"), **{**SPONSOR, "title_en": "Typed"}
    )
    assert late.status_code == 409
    assert "no longer there" in late.text
    assert 'value="Typed"' in late.text
    assert f'action="{LIST}/add/step"' in late.text
    for url in ("blocks.1/remove", "blocks.1/move/up"):
        assert author.post(f"{LIST}/{url}", **hidden(page, "part", "id")).status_code == 409


def test_hostile_texts_are_only_texts(desk: Desk, author: Browser) -> None:
    hostile = "<script>alert(1)</script>'\"{{ 7*7 }}"
    answer = add(author, **{**SPONSOR, "title_en": hostile, "meaning_en": hostile}, **ABOVE)
    assert answer.status_code == 303
    text = json.loads(desk.text(CHAIN))
    text["blocks"].append(
        {"step": "x<b>", "title": hostile, "who": {"<i>": hostile}, "need": {"<u>": 1}, "reject": 5}
    )
    text["blocks"].append({hostile: hostile})
    desk.save(author, json.dumps(text, indent=2), CHAIN)
    for url in (LIST, f"{LIST}/blocks.1.when.0.then.0", f"{LIST}/blocks.2", f"{LIST}/rights"):
        page = author.get(url)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<b>" not in page.text
        assert "<i>" not in page.text
        assert "{{ 7*7 }}" in html.unescape(page.text)


@pytest.mark.parametrize(
    "text", ["{", "[]", "7", '{"blocks": 3}', '{"blocks": [null, [], {"choose": "x"}]}', "{}"]
)
def test_no_text_is_too_odd_for_the_list(desk: Desk, author: Browser, text: str) -> None:
    desk.save(author, text, CHAIN)
    page = author.get(LIST)
    assert page.status_code == 200
    assert "As JSON" in page.text
    for url in ("blocks.0", "rights", "add/step?into=blocks", "blocks.0/bands", "blocks.0.when.0"):
        assert author.get(f"{LIST}/{url}").status_code in (200, 404)
    for url in (
        "blocks.0",
        "rights",
        "add/step",
        "blocks.0/bands",
        "blocks.0.when.0",
        "blocks.0/remove",
    ):
        answer = author.post(f"{LIST}/{url}", into="blocks", seen="{}", **SPONSOR)
        assert answer.status_code in (303, 404, 409, 422)


def test_addresses_that_lead_nowhere_are_not_found(desk: Desk, author: Browser) -> None:
    for at in (
        "blocks.7",
        "blocks",
        "x",
        "blocks.0.when.3",
        "blocks.-1",
        "blocks.0.then.0",
        "9" * 50,
    ):
        assert author.get(f"{LIST}/{at}").status_code == 404
    assert author.get(f"{LIST}/add/step").status_code == 404
    assert author.get(f"{LIST}/add/stamp?into=blocks").status_code == 404
    assert author.get(f"{DRAFT}/site_visit.form.json/chain").status_code == 404
    assert author.get(f"{DRAFT}/none.workflow.json/chain").status_code == 404


def test_what_the_check_finds_stands_at_its_block(desk: Desk, author: Browser) -> None:
    text = json.loads(desk.text(CHAIN))
    text["blocks"][0]["who"] = {"role": "nobody_has_it"}
    text["policy"] = {"max_returns": 99}
    desk.save(author, json.dumps(text, indent=2), CHAIN)
    page = author.get(LIST).text
    block = page[page.index('id="block-approve"') :]
    assert "nobody_has_it" in block[: block.index("</li></ol>") if "</li></ol>" in block else None]
    assert "max_returns" in page[: page.index('id="block-approve"')]


def test_the_editor_of_a_chain_leads_here_and_back(author: Browser) -> None:
    assert f'href="{LIST}"' in author.get(f"{DRAFT}/{CHAIN}").text
    assert f'href="{DRAFT}/{CHAIN}"' in author.get(LIST).text


def test_the_pages_speak_chinese(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    with desk.stage.work():
        person = db.session.get(Person, desk.stage.people["nora"])
        assert person is not None
        person.language = "zh"
    page = author.get(LIST).text
    assert "如果金额大于500,000" in page
    assert "添加审批环节" in page
    assert "发起人审批" in page


def test_examples_take_over_the_routes_of_a_changed_chain(desk: Desk, author: Browser) -> None:
    routed = desk.text(CASES).replace('"given": {', '"route": ["approve"], "given": {', 1)
    assert desk.save(author, routed, CASES).status_code == 303
    add(author, where="into=blocks", **{**SPONSOR, "who": MEMBER})
    page = author.get(f"{DRAFT}/publish").text
    assert "1 example takes another route now" in page
    assert desk.publish(author).status_code == 422
    assert author.post(f"{DRAFT}/routes").status_code == 303
    (case,) = json.loads(desk.text(CASES))["cases"]
    assert case["route"][-1] == "sponsor_approves"
    assert "another route" not in author.get(f"{DRAFT}/publish").text
    assert desk.publish(author).status_code == 303


def test_a_step_that_asks_nobody_yet_is_shown_so(desk: Desk, author: Browser) -> None:
    chain = json.loads(desk.text(CHAIN))
    del chain["blocks"][0]["who"]
    desk.save(author, json.dumps(chain), CHAIN)
    page = author.get(f"{DRAFT}/{CHAIN}/chain")
    assert page.status_code == 200
    assert "nobody yet" in page.text
