"""A field gets another key: everything that names it follows, in one act."""

import html
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.builder import queries
from portal.builder.design.form import read_design
from portal.builder.saving import mark_of
from portal.builder.uses.mentions import Forms
from portal.builder.uses.renaming import Renaming, renamed
from portal.definitions.checking import check_module
from portal.definitions.folders import offers_of
from portal.definitions.json_source import read_source
from tests.accounts.stage import Browser
from tests.bounds import spread
from tests.builder.conftest import CHAIN, Desk
from tests.builder.test_form_design import CASES, DESIGN, raw
from tests.builder.test_steps import step
from tests.builder.test_uses import ALL, MODULES, ROOT

FIELDS = [
    (module, name.removesuffix(".form.json"), path)
    for module, files in MODULES.items()
    for name, text in files.items()
    if name.endswith(".form.json") and (design := read_design(text))
    for path in design.fields
]


@pytest.fixture(scope="module")
def offers() -> Any:
    return offers_of([one for one in ROOT.iterdir() if (one / "module.json").is_file()])


@pytest.mark.parametrize(("module", "form", "path"), spread(FIELDS, 40))
def test_any_field_of_the_shipped_modules_gets_another_key_and_its_own_again(
    module: str, form: str, path: str, offers: Any
) -> None:
    files = MODULES[module]
    key = path.rpartition(".")[2]
    wanted = Renaming(form, path, f"zz_{key[:30]}")
    made = {**files, **renamed(files, ALL, wanted)}
    assert check_module(made, known=offers.known(module)).errors == []
    texts = {
        name.removesuffix(".form.json"): text
        for name, text in made.items()
        if name.endswith(".form.json")
    }
    back = renamed(made, Forms({**ALL.texts, **texts}), Renaming(form, wanted.now, key))
    assert {**made, **back} == files


def test_names_alone_are_written_anew() -> None:
    form = {
        "form": "walk",
        "data": {
            "properties": {
                "qty": {"x-field": {"kind": "number", "label": "qty"}},
                "lines": {
                    "x-field": {"kind": "table", "label": "Lines", "totals": {"qty": "sum"}},
                    "items": {"properties": {"qty": {"x-field": {"kind": "number"}}}},
                },
            }
        },
        "computed": {"qty": "sum(lines, row, row.qty) + count(lines, qty, qty.qty > 0)"},
        "rules": [{"id": "qty", "check": "qty > 0 and 'qty' != 'row.qty'", "on": "qty"}],
        "layout": [{"type": "section", "fields": ["qty", "lines"]}],
        "texts": {"zh": {"qty#hint": "qty", "lines[].qty": "qty"}},
    }
    files = {"walk.form.json": json.dumps(form)}
    forms = Forms({"walk": files["walk.form.json"]})
    column = json.loads(
        renamed(files, forms, Renaming("walk", "lines[].qty", "n"))["walk.form.json"]
    )
    assert column["computed"] == {"qty": "sum(lines, row, row.n) + count(lines, qty, qty.n > 0)"}
    assert column["data"]["properties"]["lines"]["x-field"]["totals"] == {"n": "sum"}
    assert column["texts"]["zh"] == {"qty#hint": "qty", "lines[].n": "qty"}
    assert column["rules"] == form["rules"]
    header = json.loads(renamed(files, forms, Renaming("walk", "qty", "n"))["walk.form.json"])
    assert header["rules"] == [{"id": "qty", "check": "n > 0 and 'qty' != 'row.qty'", "on": "n"}]
    assert header["computed"] == {"n": form["computed"]["qty"]}
    assert header["layout"][0]["fields"] == ["n", "lines"]
    assert header["texts"]["zh"] == {"n#hint": "qty", "lines[].qty": "qty"}


def change(author: Browser, address: str, key: str) -> TestResponse:
    return author.post(f"{DESIGN}/fields/{address}/key", key=key)


def test_the_key_changes_everywhere_in_one_act_with_a_step_for_stored_values(
    desk: Desk, author: Browser
) -> None:
    chain = desk.text(CHAIN).replace('"who"', '"fields": {"edit": ["amount"]}, "who"', 1)
    assert desk.save(author, chain, CHAIN).status_code == 303
    before = {name: desk.text(name) for name in ("site_visit.form.json", CHAIN, CASES)}
    page = author.get(f"{DESIGN}/fields/amount").text
    assert f'href="{DESIGN}/fields/amount/key"' in page
    asked = author.get(f"{DESIGN}/fields/amount/key").text
    assert "a step under “Stored values” moves" in html.unescape(asked)
    answer = change(author, "amount", "cost")
    assert answer.status_code == 303
    assert answer.location.endswith(f"{DESIGN}/fields/cost")
    form = raw(desk)
    assert "amount" not in form["data"]["properties"]
    assert form["amount"] == "cost"
    assert form["migrations"] == [{"from": 1, "steps": [{"rename": ["amount", "cost"]}]}]
    assert form["version"] == 2
    assert '"edit": ["cost"]' in desk.text(CHAIN)
    case = read_source(desk.text(CASES)).value["cases"][0]
    assert (case["given"]["cost"], case["expect"]) == ("1000.00", {"cost": "1000.00"})
    step(author, "undo")
    assert {name: desk.text(name) for name in before} == before
    step(author, "redo")
    assert desk.publish(author).status_code == 303


def test_a_key_changed_twice_is_one_step_and_changed_back_is_none(
    desk: Desk, author: Browser
) -> None:
    change(author, "amount", "cost")
    change(author, "cost", "price")
    assert raw(desk)["migrations"][0]["steps"] == [{"rename": ["amount", "price"]}]
    change(author, "price", "amount")
    assert "migrations" not in raw(desk)
    assert desk.text(CASES).count("amount") == 2


def test_a_field_not_published_yet_needs_no_step(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="table", key="lines", label_en="Lines", section="0")
    asked = html.unescape(author.get(f"{DESIGN}/fields/lines.item/key").text)
    assert "not published yet" in asked
    assert change(author, "lines.item", "what").location.endswith("/fields/lines.what")
    assert change(author, "lines", "parts").location.endswith("/fields/parts")
    assert "what" in raw(desk)["data"]["properties"]["parts"]["items"]["properties"]
    assert "migrations" not in raw(desk)


@pytest.mark.parametrize(
    ("key", "says"),
    [("title", "is taken"), ("Ünfit", "small letters"), ("", "small letters")],
)
def test_a_key_that_cannot_be_is_refused(desk: Desk, author: Browser, key: str, says: str) -> None:
    before = desk.text()
    answer = change(author, "amount", key)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert f'value="{key or "amount"}"' in answer.text
    assert desk.text() == before


def test_the_same_key_changes_nothing(desk: Desk, author: Browser) -> None:
    before = desk.text()
    assert change(author, "amount", "amount").status_code == 303
    assert desk.text() == before


def test_what_another_module_reads_keeps_its_key(desk: Desk, author: Browser) -> None:
    author.post("/modules", title_en="Walk", title_zh="巡检", key="walk", group="site", prefix="WK")
    form = "/modules/walk/draft/walk.form.json"
    new = {"kind": "record", "key": "visit", "label_en": "Visit", "target": "site_visit"}
    assert author.post(f"{form}/design/new-field", **new, section="0").status_code == 303
    field = {"kind": "money", "key": "paid", "label_en": "Paid", "section": "0"}
    author.post(f"{form}/design/new-field", **field)
    with desk.stage.look():
        draft = queries.the_draft("walk")
    text = draft.files["walk.form.json"].replace(
        '"data": {', '"computed": {"paid": "visit.amount"}, "data": {', 1
    )
    seen = mark_of(draft.files["walk.form.json"])
    assert author.post(form, seen=seen, text=text).status_code == 303
    answer = author.post("/modules/walk/draft/publish", revision=str(draft.revision + 1), note="")
    assert answer.status_code == 303, html.unescape(answer.text)
    before = desk.text()
    asked = html.unescape(author.get(f"{DESIGN}/fields/amount/key").text)
    assert "1 place in another module names it" in asked
    refused = change(author, "amount", "cost")
    assert refused.status_code == 422
    assert "“walk” would no longer work" in html.unescape(refused.text)
    assert desk.text() == before


def test_only_authors_change_keys(desk: Desk, author: Browser) -> None:
    auditor = desk.browser("vera")
    assert auditor.get(f"{DESIGN}/fields/amount/key").status_code == 403
    assert change(auditor, "amount", "cost").status_code == 403
    assert "/fields/amount/key" not in auditor.get(f"{DESIGN}/fields/amount").text
