"""Line tables, files and recalculation of the page on which a form is filled in."""

import io
import re

from PIL import Image
from sqlalchemy import event

from portal.db import db
from tests.records.pages import FormPage, open_page, read
from tests.stage import Stage

NEW = "/forms/purchase/new?project=P1"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    return out.getvalue()


def draft(stage: Stage, rows: int = 2) -> FormPage:
    line = {"item": "C30", "qty": "10", "price": "20", "cost_code": stage.entries["cost_code"]}
    lines = [{"_id": f"r{n}", **line} for n in range(rows)]
    record_id = stage.draft("rita", stage.purchase(lines=lines))
    return open_page(stage.browser("rita"), f"/records/{record_id}/edit")


def test_rows_are_added_moved_and_removed_without_scripts(stage: Stage) -> None:
    page = draft(stage)
    answer = page.post("save", _add="lines")
    assert answer.status_code == 303
    page = open_page(page.client, answer.headers["Location"])
    first, second, third = page.rows()
    assert (first, second) == ("r0", "r1")
    assert answer.headers["Location"].endswith(f"#r-lines-{third}")
    page = open_page(page.client, page.post("save", _up=f"lines:{second}").headers["Location"])
    assert page.rows() == ["r1", "r0", third]
    page = open_page(page.client, page.post("save", _remove="lines:r1").headers["Location"])
    assert page.rows() == ["r0", third]


def test_a_row_can_be_added_while_another_value_is_still_wrong(stage: Stage) -> None:
    page = draft(stage).fill(lines__0__qty="ten")
    answer = page.post("save", _add="lines")
    assert answer.status_code == 422
    shown = read(page.client, answer)
    assert len(shown.rows()) == 3
    assert shown.values["lines-r0-qty"] == ["ten"]


def test_a_recalculation_of_one_row_answers_that_row_and_the_totals_only(stage: Stage) -> None:
    page = draft(stage, rows=30)
    body = {name: page.values[name] for name in page.values if not name.startswith("lines-")}
    body |= {"lines-r7-qty": ["3"], "lines-r7-price": ["7"], "_changed": ["lines-r7-qty"]}
    answer = page.client.post(
        f"/records/{page.record_id}/recalculate", data={**body, "_n": "9"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.headers["X-Page-Number"] == "9"
    html = answer.get_data(as_text=True)
    assert re.findall(r'id="c-lines-([^"]+)-amount"', html) == ["r7"]
    assert ">21.00<" in html
    assert "5,821.00" in html, "29 rows of 200 and this one"
    assert "<input" not in html, "a control being typed in is never exchanged"
    assert stage.record(page.record_id).revision == 1, "nothing is written"


def test_a_change_and_back_again_shows_the_first_value_again(stage: Stage) -> None:
    page = draft(stage)
    for text, amount in (("11", "220.00"), ("10", "200.00")):
        page.fill(lines__0__qty=text)
        answer = page.post("recalculate", htmx=True, _changed=["lines-r0-qty"])
        assert amount in answer.get_data(as_text=True)


def test_fields_appear_when_a_rule_shows_them(stage: Stage) -> None:
    page = draft(stage)
    assert 'id="w-urgency_note" data-state="gone"' in page.html
    answer = page.fill(urgency="high").post("recalculate", htmx=True, _changed=["urgency"])
    html = answer.get_data(as_text=True)
    assert re.search(r'id="w-urgency_note" data-state="write"[^>]*hx-swap-oob', html)
    assert "w-title" not in html


def test_an_unreadable_number_is_said_at_its_cell(stage: Stage) -> None:
    page = draft(stage).fill(lines__1__qty="lots")
    html = page.post("recalculate", htmx=True, _changed=["lines-r1-qty"]).get_data(as_text=True)
    assert "Row 2, Quantity" in html
    assert 'data-for="lines-r1-qty"' in html


def test_what_was_typed_freely_comes_back_as_the_form_writes_it(stage: Stage) -> None:
    page = draft(stage).fill(lines__0__price="1.2万")
    html = page.post("recalculate", htmx=True, _changed=["lines-r0-price"]).get_data(as_text=True)
    assert "&#34;lines-r0-price&#34;: [&#34;1.2万&#34;, &#34;12,000.00&#34;]" in html


def test_recalculation_opens_no_write_transaction(stage: Stage) -> None:
    page = draft(stage)
    begun: list[str] = []
    with stage.app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        begun.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        page.post("recalculate", htmx=True)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert begun
    assert not [one for one in begun if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert "BEGIN IMMEDIATE" not in begun


def test_files_are_uploaded_with_the_page_and_taken_off_again(stage: Stage) -> None:
    page = draft(stage)
    body = {**page.values, "_upload": "photo", "_file-photo": (io.BytesIO(picture()), "crack.png")}
    answer = page.client.post(f"/records/{page.record_id}/upload", data=body)
    assert answer.status_code == 303
    page = open_page(page.client, answer.headers["Location"])
    key = [one for one in page.values["photo"] if one][0]
    assert "crack.png" in page.html
    assert page.client.get(f"/files/{key}/thumbnail").status_code == 200
    page = open_page(page.client, page.post("save", _detach=f"photo:{key}").headers["Location"])
    assert page.values["photo"] == [""]


def test_a_file_alone_is_stored_and_answered_as_a_line_of_the_list(stage: Stage) -> None:
    page = open_page(stage.browser("rita"), NEW)
    body = {name: page.values[name] for name in ("csrf_token", "_form", "_project", "_revision")}
    body |= {"_upload": "photo", "_file-photo": (io.BytesIO(picture()), "crack.png")}
    answer = page.client.post(
        f"/records/{page.record_id}/upload", data=body, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    found = re.search(r'name="photo" value="([^"]+)"', answer.get_data(as_text=True))
    assert found
    page.fill(title="T", photo=["", found[1]])
    assert page.post("save").status_code == 303
    assert stage.record(page.record_id).data["photo"] == [found[1]]


def test_a_file_of_the_wrong_kind_is_refused_and_the_page_kept(stage: Stage) -> None:
    page = draft(stage).fill(title="Kept")
    upload = (io.BytesIO(b"<script>alert(1)</script>"), "x.png")
    answer = page.client.post(
        f"/records/{page.record_id}/upload",
        data={**page.values, "_upload": "photo", "_file-photo": upload},
    )
    assert answer.status_code == 422
    shown = read(page.client, answer)
    assert shown.values["title"] == ["Kept"]
    assert any("Photos" in one for one in shown.problems)


def test_somebody_elses_file_cannot_be_attached(stage: Stage) -> None:
    other = open_page(stage.browser("ron"), NEW)
    body = {name: other.values[name] for name in ("csrf_token", "_form", "_project", "_revision")}
    body |= {"_upload": "photo", "_file-photo": (io.BytesIO(picture()), "crack.png")}
    made = other.client.post(
        f"/records/{other.record_id}/upload", data=body, headers={"HX-Request": "true"}
    )
    found = re.search(r'name="photo" value="([^"]+)"', made.get_data(as_text=True))
    assert found
    answer = draft(stage).fill(photo=["", found[1]]).post("save")
    assert answer.status_code == 422
    assert "crack.png" not in answer.get_data(as_text=True)


def test_a_look_up_without_scripts_saves_and_offers_what_fits(stage: Stage) -> None:
    page = draft(stage)
    answer = page.post("save", _find="crew", **{"_find-crew": "form"})
    assert answer.status_code == 303
    assert "find=crew" in answer.headers["Location"]
    found = open_page(page.client, answer.headers["Location"])
    assert "Formwork crew" in found.html
    assert 'name="_find-crew" value="form"' in found.html
