"""Trying a chain on its page: real people, act after act, nothing stored."""

import re

from portal.approvals.models import Approval
from portal.db import db
from portal.records.models import Record
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, FORM, Desk
from tests.builder.test_chain_pages import ABOVE, LIST, SPONSOR, add

TRY = f"{LIST}/try"


def ask(desk: Desk, browser: Browser, acts: str = "", **more: str) -> str:
    people, projects = desk.stage.people, desk.stage.projects
    query = f"case=&seen=&requester={people['rick']}&project={projects['P-1']}"
    query += "".join(f"&{name}={value}" for name, value in more.items()) + acts
    return browser.get(f"{TRY}?{query}").text


def person(page: str, kind: str = "approve") -> str:
    found = re.search(f'name="act" value="{kind}:([^":]+)', page)
    assert found is not None
    return found[1]


def heading(page: str) -> str:
    now = page[page.index('id="now"') :]
    return now[now.index('panel-title">') + 13 : now.index("</h2>")]


def test_the_walk_ends_approved_and_nothing_is_stored(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    page = ask(desk, author, **{"v-amount": "600000"})
    assert heading(page) == "It waits for these people"
    assert "Sponsor approves" in page
    assert "sends the request." in page
    who = person(page)
    acts = f"&act=approve:{who}"
    page = ask(desk, author, acts, **{"v-amount": "600000"})
    assert "Amount is more than 500,000" in page
    page = ask(desk, author, acts + f"&act=approve:{person(page)}", **{"v-amount": "600000"})
    assert heading(page) == "It is approved."
    small = ask(desk, author, acts, **{"v-amount": "10"})
    assert heading(small) == "It is approved."
    with desk.stage.look():
        assert db.session.query(Record).count() == 0
        assert db.session.query(Approval).count() == 0


def test_returned_sent_again_and_withdrawn(desk: Desk, author: Browser) -> None:
    page = ask(desk, author)
    who, rick = person(page, "return"), desk.stage.people["rick"]
    back = ask(desk, author, f"&act=return:{who}:start")
    assert heading(back) == "It is back with its requester"
    again = ask(desk, author, f"&act=return:{who}:start&act=resubmit:{rick}")
    assert heading(again) == "It waits for these people"
    gone = ask(desk, author, f"&act=withdraw:{rick}")
    assert heading(gone) == "It is withdrawn."
    assert heading(ask(desk, author, f"&act=reject:{who}")) == "It is rejected."


def test_a_seat_is_handed_over_as_the_step_lets(desk: Desk, author: Browser) -> None:
    page = ask(desk, author)
    who, vera = person(page), desk.stage.people["vera"]
    rick = desk.stage.people["rick"]
    assert f'<option value="transfer:{who}:{vera}">' in page
    refused = ask(desk, author, f"&act=transfer:{who}:{vera}")
    assert 'class="rule-problem"' in refused  # the usual step: within its rule alone
    assert heading(refused) == "It waits for these people"
    chain = desk.text(CHAIN).replace('"transfer": "same_rule"', '"transfer": "any"')
    assert desk.save(author, chain, CHAIN).status_code == 303
    page = ask(desk, author, f"&act=transfer:{who}:{vera}")
    assert "over to Vera" in page
    assert person(page) == vera
    assert heading(ask(desk, author, f"&act=transfer:{who}:{vera}&act=approve:{vera}")) == (
        "It is approved."
    )
    assert 'class="rule-problem"' in ask(desk, author, f"&act=transfer:{who}:{rick}")
    chain = desk.text(CHAIN).replace(', "transfer": "any"', "")
    assert desk.save(author, chain, CHAIN).status_code == 303
    assert "transfer:" not in ask(desk, author)


def test_what_the_engine_refuses_is_said_and_forgotten(desk: Desk, author: Browser) -> None:
    rick, vera = desk.stage.people["rick"], desk.stage.people["vera"]
    query = f"case=&seen=&requester={rick}&act=approve:{vera}&act=nonsense&act=approve:"
    answer = author.get(f"{TRY}?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="approve:{vera}"' not in answer.text


def test_a_missing_or_impossible_value_is_said(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    page = ask(desk, author, **{"v-amount": "<b>much"})
    assert "&lt;b&gt;much" in page
    assert "<b>much" not in page
    assert 'id="v-amount-error"' in page
    page = ask(desk, author, f"&act=approve:{person(page)}", **{"v-amount": ""})
    assert heading(page) == "It waits for an administrator"
    assert "without Amount" in page


def test_an_example_brings_its_values(desk: Desk, author: Browser) -> None:
    add(author, **SPONSOR, **ABOVE)
    page = author.get(TRY).text
    assert re.search(r'<select class="form-select" id="case".*<option value="0" selected', page)
    assert re.search(r'id="v-amount" name="v-amount" value="[0-9.,]+"', page)


def test_who_may_not_and_what_cannot_be_tried(desk: Desk, author: Browser) -> None:
    assert desk.browser("vera").get(TRY).status_code == 200
    assert desk.browser("rick").get(TRY).status_code == 403
    desk.save(author, desk.text(FORM).replace('"amount"', '"total"', 1), FORM)
    text = desk.text(CHAIN).replace("project_manager", "nobody_at_all")
    desk.save(author, text, CHAIN)
    page = author.get(TRY)
    assert page.status_code == 200
    assert "cannot be tried just now" in page.text
    assert author.get(f"{DRAFT}/nothing.workflow.json/chain/try").status_code == 404
