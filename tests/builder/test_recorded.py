"""Examples made of records that were filed."""

import json
import re

from sqlalchemy import select

from portal.builder import queries
from portal.db import db
from portal.records.models import Record
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, Desk

PAGE = "/modules/site_visit/examples/site_visit/record"
FILE = "site_visit.cases.json"


def filed(desk: Desk, login: str = "nora") -> str:
    """The id of a record that this person filed."""
    desk.add_record()
    with desk.stage.work():
        found = db.session.scalars(select(Record).order_by(Record.id.desc())).first()
        assert found is not None
        found.subject = "North gate"
        found.requester_id = desk.stage.people[login]
        return found.id


def cases(desk: Desk) -> list[dict[str, object]]:
    with desk.stage.look():
        text = queries.the_draft("site_visit").files[FILE]
    found: list[dict[str, object]] = json.loads(text)["cases"]
    return found


def test_a_record_becomes_an_example_that_holds(desk: Desk, author: Browser) -> None:
    record, before = filed(desk), desk.text(FILE)
    page = author.get(f"{PAGE}?record={record}")
    assert page.status_code == 200
    assert "North gate" in page.text
    assert "is copied into the definition" in page.text
    answer = author.post(PAGE, record=record, en="The north gate", zh="北门")
    assert answer.location == f"{DRAFT}/{FILE}"
    case = cases(desk)[-1]
    assert case["name"] == {"en": "The north gate", "zh": "北门"}
    assert case["given"] == {"title": "North gate", "amount": "10.00"}
    assert case["route"] == ["approve"]
    assert case["facts"]["requester"] == "nora"  # type: ignore[index]
    after = desk.text(FILE)
    assert after.startswith(before[: before.rindex("}\n  ]")]), "other bytes stay"
    review = author.get(f"{DRAFT}/{FILE}").text
    assert "error" not in re.findall(r'"level": "(\w+)"', review)
    assert desk.publish(author).location == "/modules/site_visit"


def test_texts_and_people_are_replaced_where_that_is_asked(desk: Desk, author: Browser) -> None:
    record = filed(desk)
    author.post(PAGE, record=record, en="Plain", texts="plain")
    case = json.dumps(cases(desk)[-1])
    assert "North gate" not in case
    assert "nora" not in case
    assert '"amount": "10.00"' in case


def test_what_the_draft_refuses_is_said_and_nothing_is_added(desk: Desk, author: Browser) -> None:
    record = filed(desk)
    form = json.loads(desk.text())
    form["rules"] = [
        {"id": "dear", "check": "amount > 100", "on": "amount", "message": {"en": "Too cheap."}}
    ]
    desk.save(author, json.dumps(form))
    answer = author.post(PAGE, record=record, en="<b>Cheap</b>", zh="")
    assert answer.status_code == 422
    assert "Too cheap." in answer.text
    assert "<b>Cheap" not in answer.text
    assert "&lt;b&gt;Cheap" in answer.text, "what was typed stays"
    assert len(cases(desk)) == 1
    desk.save(author, "{")
    assert "Mend them first" in author.post(PAGE, record=record, en="x").text


def test_bad_input_is_said_at_its_place(desk: Desk, author: Browser) -> None:
    record = filed(desk)
    assert "Choose a record." in author.post(PAGE, en="x").text
    assert "Give the example a name" in author.post(PAGE, record=record).text
    assert author.post(PAGE, record=record, en="x" * 201).status_code == 422
    assert author.post(PAGE, record="nothing", en="x").status_code == 404
    assert author.get("/modules/site_visit/examples/other/record").status_code == 404
    assert len(cases(desk)) == 1


def test_only_authors_may_and_only_of_records_they_may_read(desk: Desk, author: Browser) -> None:
    record = filed(desk)
    for login in ("vera", "rick"):
        assert desk.browser(login).get(PAGE).status_code in (403, 404)
        assert desk.browser(login).post(PAGE, record=record, en="x").status_code in (403, 404)
    theirs = filed(desk, "rick")
    assert theirs not in author.get(PAGE).text
    assert author.post(PAGE, record=theirs, en="x").status_code == 404
    desk.add_record("draft")
    with desk.stage.look():
        unsent = db.session.scalar(select(Record.id).where(Record.state == "draft"))
    assert unsent is not None
    assert unsent not in author.get(PAGE).text
    assert author.post(PAGE, record=unsent, en="x").status_code == 404


def test_without_a_draft_one_is_offered(desk: Desk) -> None:
    filed(desk)
    page = desk.browser().get(PAGE)
    assert "No draft is open" in page.text


def test_a_records_page_leads_authors_to_it(desk: Desk) -> None:
    record = filed(desk)
    address = f"/records/{record}"
    assert f"examples/site_visit/record?record={record}" in desk.browser().get(address).text
    assert "examples/site_visit" not in desk.browser("rick").get(address).text


def test_what_the_draft_would_count_of_other_records_is_not_told(
    desk: Desk, author: Browser
) -> None:
    record = filed(desk)
    filed(desk, "rick")
    form = json.loads(desk.text())
    total = {
        "kind": "rollup", "form": "site_visit", "label": {"en": "All", "zh": "全部"}, "op": "sum",
        "field": "amount", "as": "money", "currency": "project", "states": ["submitted"],
    }  # fmt: skip
    form["data"]["properties"]["everything"] = {"x-field": total}
    seen = {"kind": "money", "label": {"en": "Seen", "zh": "所见"}, "currency": "project"}
    form["data"]["properties"]["seen"] = {"x-field": seen}
    form["computed"] = {"seen": "everything * 2"}
    form["layout"][0]["fields"] += ["everything", "seen"]
    form["version"] += 1
    desk.save(author, json.dumps(form))
    answer = author.post(PAGE, record=record, en="How much the others have")
    assert answer.status_code == 303, answer.text
    told = json.dumps(cases(desk)[-1])
    assert "everything" not in told
    assert "20.00" not in told
