"""The pages that make a module of a spreadsheet."""

import io
import json
from typing import Any

from werkzeug.test import TestResponse

from portal.builder import queries
from tests.accounts.stage import Browser
from tests.builder.conftest import Desk
from tests.builder.sheets_made import listed, purchase
from tests.records.pages import controls

UPLOAD = "/modules/from-excel"
MAKE = f"{UPLOAD}/module"


def send(browser: Browser, content: bytes, name: str = "list.xlsx", **more: str) -> TestResponse:
    return browser.post(UPLOAD, file=(io.BytesIO(content), name), **more)


def corrected(page: TestResponse, **more: Any) -> dict[str, Any]:
    """What the page of corrections would send, with some inputs changed (None: unticked)."""
    assert page.status_code in (200, 422), page.status_code
    values = controls(page.text, "sheet-form")
    del values["csrf_token"]
    values |= {name.replace("__", "-"): value for name, value in more.items()}
    return {name: value for name, value in values.items() if value is not None}


def test_a_sheet_becomes_a_module_that_is_published_at_once(desk: Desk) -> None:
    author = desk.browser()
    assert UPLOAD in author.get("/modules").text
    assert author.get(UPLOAD).status_code == 200
    page = send(author, purchase())
    assert page.status_code == 200
    assert "a date in 5 of 5 rows" in page.text
    assert "12605.25" in page.text, "the first rows are shown"
    sent = corrected(page, title_en="Purchase list", c2__key="material", c2__en="Material")
    assert sent["title_zh"] == ["材料采购单"]
    assert "c1-take" not in sent, "a running number is left out"
    with desk.stage.look():
        assert len(queries.module_rows()) == 1, "nothing is stored before it is confirmed"
    answer = author.post(MAKE, **sent)
    assert answer.location == "/modules/purchase_list/draft"
    assert author.post(MAKE, **sent).location == answer.location, "sent twice makes one"
    draft = author.get("/modules/purchase_list/draft").text
    assert "purchase_list.cases.json" in draft
    with desk.stage.look():
        found = queries.the_draft("purchase_list")
    form = json.loads(found.files["purchase_list.form.json"])
    columns = form["data"]["properties"]["lines"]["items"]["properties"]
    assert columns["material"]["x-field"]["label"] == {"en": "Material", "zh": "材料名称"}
    assert "序号" not in found.files["purchase_list.form.json"]
    assert form["numbering"].startswith("PL-{project.code}")
    done = author.post(
        "/modules/purchase_list/draft/publish", revision=str(found.revision), note=""
    )
    assert done.location == "/modules/purchase_list"
    with desk.stage.look():
        assert queries.the_module("purchase_list").release is not None


def test_a_register_of_the_company_has_no_chain_and_no_numbers(desk: Desk) -> None:
    author = desk.browser()
    rows = [["Tool", "Day"], ["drill", "2026-03-01"], ["saw", "2026-03-02"]]
    text = "\n".join(",".join(row) for row in rows).encode()
    page = send(author, text, "tools.csv", header_row="1")
    sent = corrected(page, title_en="Tools", step="none", scope="company")
    assert author.post(MAKE, **sent).location == "/modules/tools/draft"
    with desk.stage.look():
        found = queries.the_draft("tools")
    assert set(found.files) == {"module.json", "tools.form.json", "tools.cases.json"}
    assert "numbering" not in found.files["tools.form.json"]
    done = author.post("/modules/tools/draft/publish", revision=str(found.revision), note="")
    assert done.location == "/modules/tools"


def test_what_is_wrong_is_said_at_its_input_and_nothing_typed_is_lost(desk: Desk) -> None:
    author = desk.browser()
    hostile = '"><script>alert(1)</script>'
    page = send(author, listed([["Name", hostile[:70]], ["a", hostile], ["b", "x"]]))
    assert "<script>alert" not in page.text
    sent = corrected(
        page, title_en=hostile, key="Site visit!", prefix="1", c1__key="row", c1__en=hostile,
        c2__kind="rollup", c2__key="Bad key",
    )  # fmt: skip
    again = author.post(MAKE, **sent)
    assert again.status_code == 422
    assert "<script>alert" not in again.text
    for name in ("key", "prefix", "c1-key", "c2-kind", "c2-key"):
        assert f'href="#{name}"' in again.text, name
    kept = corrected(again)
    assert kept["key"] == ["Site visit!"]
    assert kept["c1-en"] == [hostile]
    assert kept["c2-key"] == ["Bad key"]
    assert author.post(MAKE, **corrected(page, key="site_visit")).status_code == 422
    double = corrected(page, key="fine", c1__key="same", c2__key="same")
    assert "is taken" in author.post(MAKE, **double).text
    nothing = corrected(page, key="fine", c1__take=None, c2__take=None)
    assert "Take one column at least." in author.post(MAKE, **nothing).text
    assert author.post(MAKE, **corrected(page, key="fine", group="x")).status_code == 422
    assert author.post(MAKE, **corrected(page, title_en="", title_zh="")).status_code == 422
    with desk.stage.look():
        assert len(queries.module_rows()) == 1


def test_a_kind_that_does_not_fit_the_values_still_makes_a_sound_module(desk: Desk) -> None:
    author = desk.browser()
    content = listed([["Name", "Place"], ["a", "north"], ["b", "south"], ["c", "x"]])
    for kind in ("longtext", "number", "money", "percent", "date", "yes_no", "choice"):
        page = send(author, content)
        sent = corrected(page, key=f"made_{kind}", prefix=f"M{kind[:3].upper()}", c1__kind=kind)
        answer = author.post(MAKE, **{**sent, "c2-kind": kind, "group": "site"})
        assert answer.location == f"/modules/made_{kind}/draft", answer.text
        with desk.stage.look():
            revision = queries.the_draft(f"made_{kind}").revision
        done = author.post(f"/modules/made_{kind}/draft/publish", revision=str(revision), note="")
        assert done.location == f"/modules/made_{kind}"


def test_a_file_that_cannot_be_used_is_refused_and_what_was_typed_stays(desk: Desk) -> None:
    author = desk.browser()
    page = send(author, b"%PDF-1.7", "plan.pdf", sheet="Data", header_row="3")
    assert page.status_code == 422
    assert "no Excel file" in page.text
    assert 'value="Data"' in page.text
    assert author.post(UPLOAD).status_code == 422
    assert send(author, listed([["a"]]), header_row="0").status_code == 422
    other = send(author, listed([["a", "b"], [1, 2]]), sheet='<b>"x')
    assert other.status_code == 422
    assert "<b>" not in other.text.split("error-summary")[1].split("</div>")[0]


def test_what_the_page_carries_cannot_be_changed_on_the_way(desk: Desk) -> None:
    author = desk.browser()
    sent = corrected(send(author, purchase()), key="bought")
    for proposal in ("", "x" + sent["proposal"][0]):
        answer = author.post(MAKE, **{**sent, "proposal": proposal})
        assert answer.status_code == 422
        assert "Choose the file again" in answer.text


def test_only_authors_make_modules_of_sheets(desk: Desk) -> None:
    for login in ("vera", "rick"):
        browser = desk.browser(login)
        assert browser.get(UPLOAD).status_code in (403, 404)
        assert send(browser, purchase()).status_code in (403, 404)
        assert browser.post(MAKE, key="x").status_code in (403, 404)
    assert UPLOAD not in desk.browser("vera").get("/modules").text


def test_the_page_comes_as_a_fragment_too(desk: Desk) -> None:
    page = desk.browser().get(UPLOAD, headers={"HX-Request": "true"})
    assert page.status_code == 200
