"""The picture, branches and settings of a chain on its pages: works, who may not, two authors."""

import json
import re
from typing import Any

from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, Desk
from tests.builder.test_chain_pages import ABOVE, LIST, SPONSOR, add, blocks, hidden

SMALL = {"only-0-field": "amount", "only-0-op": "<=", "only-0-value": "1000"}
LARGE = {"title_en": "Large sums", "title_zh": "大额", **ABOVE}


def branch(browser: Browser, where: str = "into=blocks", **data: Any) -> Any:
    page = browser.get(f"{LIST}/add/branch?{where}")
    assert page.status_code == 200
    sent = hidden(page.text, "request_key", "into", "behind", "before", "around", "id")
    return browser.post(f"{LIST}/add/branch", **{**sent, **data})


def marks(browser: Browser, url: str, action: str) -> dict[str, str]:
    page = browser.get(url).text
    form = page[page.index(f'action="{action}"') :]
    return hidden(form[: form.index("</form>")], "part", "id", "stay", "title")


def test_the_picture_links_every_block_condition_and_place(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    page = author.get(LIST).text
    drawn = page[page.index('<svg class="drawn-chain') : page.index("</svg></div>")]
    assert "style=" not in drawn
    for at in ("blocks.0", "blocks.1.when.0", "blocks.1.when.0.then.0"):
        assert f'href="{LIST}/{at}"' in drawn
    assert f'href="{LIST}/add/step?before=blocks.0"' in drawn
    assert f'href="{LIST}/add/step?behind=blocks.1"' in drawn
    assert f'href="{LIST}/add/step?into=blocks.1.else"' in drawn
    assert re.search("<title>Sponsor approves, [^<]+, one of them is enough", drawn)
    assert "<title>If Amount is more than 500,000</title>" in drawn
    bar = author.get(f"{LIST}?at=blocks.1.when.0.then.0").text
    assert 'class="drawn-bar"' in bar
    assert 'class="drawn-bar"' not in author.get(f"{LIST}?at=blocks.9").text


def test_who_only_reads_sees_the_picture_without_places(desk: Desk, author: Browser) -> None:
    page = desk.browser("vera").get(f"{LIST}?at=blocks.0").text
    assert "drawn-chain" in page
    assert "drawn-plus" not in page
    assert 'class="drawn-bar"' not in page
    vera, rick = desk.browser("vera"), desk.browser("rick")
    for url in (f"{LIST}/add/branch?into=blocks", f"{LIST}/blocks.0/ways/add"):
        assert vera.get(url).status_code == 403
    assert vera.post(f"{LIST}/settings", part="x").status_code == 403
    for url in (f"{LIST}/settings", f"{LIST}/blocks.0/branch"):
        assert rick.get(url).status_code == 403


def test_a_step_goes_before_another_and_moves_in_the_picture(desk: Desk, author: Browser) -> None:
    page = author.get(f"{LIST}/add/step?before=blocks.0").text
    sent = hidden(page, "request_key", "before", "id")
    assert author.post(f"{LIST}/add/step", **sent, **SPONSOR).status_code == 303
    assert [one["step"] for one in blocks(desk)] == ["sponsor_approves", "approve"]
    move = f"{LIST}/blocks.0/move/down"
    answer = author.post(move, **marks(author, f"{LIST}?at=blocks.0", move))
    assert answer.location.endswith("/chain?at=blocks.1#block-sponsor_approves")
    assert [one["step"] for one in blocks(desk)] == ["approve", "sponsor_approves"]


def test_a_branch_is_made_filled_and_published_without_json(desk: Desk, author: Browser) -> None:
    answer = branch(author, **LARGE)
    assert answer.location.endswith("/chain#block-large_sums")
    assert add(author, where="into=blocks.1.when.0.then", **SPONSOR).status_code == 303
    page = author.get(f"{LIST}/blocks.1/ways/add")
    sent = hidden(page.text, "request_key", "id")
    assert author.post(f"{LIST}/blocks.1/ways/add", **sent, **SMALL).status_code == 303
    here = f"{LIST}/blocks.1/branch"
    up = f"{LIST}/blocks.1/ways/1/up"
    assert author.post(up, **marks(author, here, up)).location.endswith("/branch")
    choice = blocks(desk)[1]
    assert [one["if"] for one in choice["when"]] == ["amount <= 1000", "amount > 500000"]
    assert choice["when"][1]["then"][0]["step"] == "sponsor_approves"
    assert choice["else"] == []
    assert desk.publish(author).status_code == 303


def test_a_block_is_put_into_a_branch_and_the_way_is_taken_out(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR)
    assert branch(author, "around=blocks.1", **LARGE).status_code == 303
    assert blocks(desk)[1]["when"][0]["then"][0]["step"] == "sponsor_approves"
    here, only = f"{LIST}/blocks.1/branch", f"{LIST}/blocks.1/ways/0/remove"
    refused = author.post(only, **marks(author, f"{LIST}?at=blocks.1", f"{LIST}/blocks.1/remove"))
    assert refused.status_code == 422
    assert "Take out the whole branch" in refused.text
    page = author.get(f"{LIST}/blocks.1/ways/add")
    author.post(f"{LIST}/blocks.1/ways/add", **hidden(page.text, "request_key", "id"), **SMALL)
    assert author.post(only, **marks(author, here, only)).status_code == 303
    assert [one["if"] for one in blocks(desk)[1]["when"]] == ["amount <= 1000"]


def test_what_is_wrong_with_a_branch_stays_typed(desk: Desk, author: Browser) -> None:
    answer = branch(author, title_en="<i>Only English", title_zh="")
    assert answer.status_code == 422
    assert "Say when this way is taken." in answer.text
    assert "&lt;i&gt;Only English" in answer.text
    assert "<i>Only" not in answer.text
    assert [one["step"] for one in blocks(desk)] == ["approve"]
    assert author.get(f"{LIST}/add/branch?around=blocks.7").status_code == 404
    assert author.get(f"{LIST}/blocks.0/branch").status_code == 404


def test_two_authors_of_one_branch(desk: Desk, author: Browser) -> None:
    branch(author, **LARGE)
    here = f"{LIST}/blocks.1/branch"
    seen = marks(author, here, here)
    author.post(here, **seen, title_en="Big", title_zh="大")
    late = author.post(here, **seen, title_en="Mine", title_zh="我")
    assert late.status_code == 409
    assert "Big / 大" in late.text
    assert 'value="Mine"' in late.text
    over = author.post(here, id=seen["id"], title="over", title_en="Mine", title_zh="我")
    assert over.status_code == 303
    assert blocks(desk)[1]["title"] == {"en": "Mine", "zh": "我"}
    stale = {"id": "large_sums", "part": "another"}
    assert author.post(f"{LIST}/blocks.1/ways/0/remove", **stale).status_code == 409


def settings(browser: Browser, **data: Any) -> Any:
    page = browser.get(f"{LIST}/settings")
    chosen = {
        "part": hidden(page.text, "part")["part"],
        "title_en": "Site visit",
        "title_zh": "现场巡查",
        "withdraw": "until_first_decision",
        "empty": "hold",
        "restart": "",
        "max_returns": "5",
    }
    return browser.post(f"{LIST}/settings", **{**chosen, **data})


def test_the_settings_of_a_chain_are_written_and_taken_back(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR)
    assert settings(author).status_code == 303
    before = desk.text(CHAIN)
    answer = settings(
        author,
        withdraw="until:sponsor_approves",
        **{"distinct-0": ["approve", "sponsor_approves"]},
        empty="go",
        empty_who="project_role:member",
        protected=["title"],
        restart="sponsor_approves",
        max_returns="3",
    )
    assert answer.status_code == 303
    raw = json.loads(desk.text(CHAIN))
    assert raw["start"] == {"withdraw": "until:sponsor_approves"}
    assert raw["policy"] == {
        "distinct": [["approve", "sponsor_approves"]],
        "empty": {"go": {"project_role": "member"}},
        "protected": ["title"],
        "on_protected_change": "restart_from:sponsor_approves",
        "max_returns": 3,
    }
    page = author.get(f"{LIST}/settings").text
    assert re.search(r'value="until:sponsor_approves" selected', page)
    assert desk.publish(author).status_code == 303
    desk.open_draft(author)
    assert settings(author).status_code == 303
    assert desk.text(CHAIN) == before


def test_settings_that_are_wrong_or_overtaken_stay_typed(desk: Desk, author: Browser) -> None:
    answer = settings(
        author, **{"distinct-0": ["approve"]}, empty="go", max_returns="many", title_zh=""
    )
    assert answer.status_code == 422
    for text in ("at least two different steps", "Say who is asked instead.", "from 0 to 20"):
        assert text in answer.text
    assert 'value="many"' in answer.text
    seen = hidden(author.get(f"{LIST}/settings").text, "part")["part"]
    assert settings(author, max_returns="7").status_code == 303
    late = settings(author, part=seen, withdraw="never")
    assert late.status_code == 409
    assert "How often it may be returned" in late.text
    assert json.loads(desk.text(CHAIN))["policy"] == {"max_returns": 7}
    over = hidden(author.get(f"{LIST}/settings").text, "part")["part"]
    assert settings(author, part=seen, over=over, withdraw="never").status_code == 303
    assert json.loads(desk.text(CHAIN))["start"] == {"withdraw": "never"}


def test_a_text_that_is_no_chain_has_no_picture(desk: Desk, author: Browser) -> None:
    desk.save(author, "{", CHAIN)
    page = author.get(LIST)
    assert page.status_code == 200
    assert "drawn-chain" not in page.text
    assert author.get(f"{DRAFT}/{CHAIN}/chain/settings").status_code == 404
