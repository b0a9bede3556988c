"""Filling in a form: opening writes nothing, saving keeps what was typed, sending is whole."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.records.models import Record
from tests.records.pages import FormPage, open_page, read
from tests.stage import Stage

NEW = "/forms/purchase/new?project=P1"


def counted(stage: Stage) -> int:
    with stage.system():
        return int(db.session.execute(select(func.count()).select_from(Record)).scalar_one())


def typed(stage: Stage, page: FormPage) -> FormPage:
    """A purchase that may be sent."""
    return page.fill(
        title="Concrete",
        urgency="low",
        lines__0__item="C30",
        lines__0__cost_code=stage.entries["cost_code"],
        lines__0__qty="10",
        lines__0__price="1.2万",
    )


def test_opening_a_form_writes_nothing(stage: Stage) -> None:
    before = counted(stage)
    page = open_page(stage.browser("rita"), NEW)
    assert page.values["_revision"] == ["0"]
    assert len(page.rows()) == 1, "a first row to type in"
    assert counted(stage) == before


def test_a_draft_is_kept_computed_and_opened_again(stage: Stage) -> None:
    client = stage.browser("rita")
    page = typed(stage, open_page(client, NEW))
    answer = page.post("save")
    assert answer.status_code == 303
    again = open_page(client, answer.headers["Location"])
    row = again.rows()[0]
    assert again.values[f"lines-{row}-price"] == ["12,000.00"]
    assert again.shown(f"c-lines-{row}-amount") == "120,000.00"
    assert again.shown("c-total") == "120,000.00 CNY"
    assert stage.record(page.record_id).state == "draft"


def test_a_purchase_is_sent_from_a_page_nobody_saved_before(stage: Stage) -> None:
    page = typed(stage, open_page(stage.browser("rita"), NEW))
    answer = page.post("submit")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/records/{page.record_id}")
    record = stage.record(page.record_id)
    assert (record.state, record.subject, str(record.amount)) == (
        "submitted",
        "Concrete",
        "120000.0000",
    )
    assert stage.open_tasks(record.id) == {"carl", "chloe"}


def test_sending_the_same_page_twice_files_one_record(stage: Stage) -> None:
    before = counted(stage)
    page = typed(stage, open_page(stage.browser("rita"), NEW))
    first, second = page.post("submit"), page.post("submit")
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert counted(stage) == before + 1


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(stage: Stage) -> None:
    before = counted(stage)
    client = stage.browser("rita")
    page = open_page(client, NEW).fill(urgency="high", lines__0__qty="ten", code="X-1")
    answer = page.post("submit")
    assert answer.status_code == 422
    shown = read(client, answer)
    assert "Title: This field is required." in shown.problems
    assert any("Row 1, Quantity: Write a number" in one for one in shown.problems)
    assert any("Why urgent" in one for one in shown.problems), "a rule asks for it"
    assert shown.values["code"] == ["X-1"]
    assert shown.values[f"lines-{shown.rows()[0]}-qty"] == ["ten"]
    assert counted(stage) == before


def test_a_draft_with_an_unreadable_value_is_shown_again_not_saved_over(stage: Stage) -> None:
    client = stage.browser("rita")
    answer = open_page(client, NEW).fill(title="T", lines__0__price="a lot").post("save")
    assert answer.status_code == 422
    assert read(client, answer).values["title"] == ["T"]


def test_autosave_keeps_what_can_be_read_and_says_what_it_left_out(stage: Stage) -> None:
    page = open_page(stage.browser("rita"), NEW).fill(title="T", lines__0__price="a lot")
    answer = page.post("save", htmx=True)
    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == f"/records/{page.record_id}/edit"
    text = answer.get_data(as_text=True)
    assert "except the marked fields" in text
    assert 'name="_revision" id="entry-revision" value="1"' in text
    assert stage.record(page.record_id).data["title"] == "T"


def test_a_form_nobody_typed_into_makes_no_draft(stage: Stage) -> None:
    before = counted(stage)
    client = stage.browser("rita")
    page = open_page(client, NEW)
    answer = page.post("save", htmx=True)
    assert answer.status_code == 200
    assert "HX-Replace-Url" not in answer.headers
    assert "Not saved yet" in answer.text
    assert 'id="entry-revision" value="0"' in answer.text
    answer = page.post("save")
    assert answer.status_code == 200
    assert "no draft was saved" in answer.text
    assert counted(stage) == before
    page.values.pop("_request_key")  # an autosave sends none
    assert page.fill(title="T").post("save", htmx=True).status_code == 200
    assert counted(stage) == before + 1
    page.values["_revision"] = ["1"]
    page.fill(title="")
    assert page.post("save", htmx=True).headers["HX-Replace-Url"], "what was saved once stays"


def test_a_draft_says_what_was_typed_wrong_and_not_what_is_still_to_come(stage: Stage) -> None:
    client = stage.browser("rita")
    page = open_page(client, NEW).fill(urgency="high")
    saved = page.post("save")
    assert saved.status_code == 303
    for again in (open_page(client, saved.headers["Location"]), page):
        assert again.problems == []
        assert "has-error" not in again.html
    html = page.post("recalculate", htmx=True, _changed=["urgency"]).text
    assert not re.search(r'class="field-error"(?![^>]*hidden)', html)
    wrong = open_page(client, saved.headers["Location"]).fill(lines__0__qty="-3").post("save")
    assert wrong.status_code == 303
    shown = open_page(client, wrong.headers["Location"])
    assert shown.problems == ["Lines: A purchase costs something."]
    everything = read(client, shown.post("submit")).problems
    assert "Title: This field is required." in everything


def test_saving_over_a_newer_version_shows_both_values_and_overwrites_nothing(stage: Stage) -> None:
    client = stage.browser("rita")
    record_id = stage.draft("rita")
    mine, theirs = (open_page(client, f"/records/{record_id}/edit") for _ in range(2))
    assert theirs.fill(title="Theirs", code="A").post("save").status_code == 303
    answer = mine.fill(title="Mine").post("save")
    assert answer.status_code == 409
    assert stage.record(record_id).data["title"] == "Theirs"
    page = read(client, answer)
    assert "<td>Theirs</td><td>Mine</td>" in page.html
    assert page.values["title"] == ["Mine"]
    assert page.post("save").status_code == 303, "applied again, on the newer version"
    assert stage.record(record_id).data["title"] == "Mine"


def test_an_autosave_over_a_newer_version_is_refused(stage: Stage) -> None:
    client = stage.browser("rita")
    record_id = stage.draft("rita")
    page = open_page(client, f"/records/{record_id}/edit").fill(title="Mine")
    page.values["_revision"] = ["0"]
    answer = page.post("save", htmx=True)
    assert answer.status_code == 409
    assert "Saved elsewhere" in answer.get_data(as_text=True)
    assert stage.record(record_id).data["title"] != "Mine"


@pytest.mark.parametrize("name", ["nonsense", "lines-r1-secret", "total__x", "lines-../x-qty"])
def test_a_field_the_form_does_not_have_is_refused_with_its_name(stage: Stage, name: str) -> None:
    before = counted(stage)
    page = typed(stage, open_page(stage.browser("rita"), NEW))
    page.values[name] = ["1"]
    for act in ("save", "submit", "recalculate"):
        answer = page.post(act)
        assert answer.status_code == 400, act
    assert name in answer.get_data(as_text=True)
    assert counted(stage) == before


def test_ten_thousand_rows_are_refused_in_words(stage: Stage) -> None:
    page = typed(stage, open_page(stage.browser("rita"), NEW))
    page.values["lines-order"] = [f"r{n}" for n in range(10_000)]
    answer = page.post("save")
    assert answer.status_code == 422
    assert "At most" in read(page.client, answer).problems[0]


def test_a_text_of_ten_megabytes_is_refused_in_words(stage: Stage) -> None:
    page = open_page(stage.browser("rita"), NEW).fill(title="x" * 10_000_000)
    answer = page.post("save")
    assert answer.status_code == 422
    assert "At most" in read(page.client, answer).problems[0]


def test_control_characters_and_markup_are_text_at_most(stage: Stage) -> None:
    client = stage.browser("rita")
    wild = '"><script>alert(1)</script>'
    page = open_page(client, NEW).fill(title=wild, code="a\x07b")
    answer = page.post("save")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert wild not in html
    assert "&lt;script&gt;" in html


def test_only_the_requester_opens_and_saves_a_draft(stage: Stage) -> None:
    record_id = stage.draft("rita")
    page = open_page(stage.browser("rita"), f"/records/{record_id}/edit")
    for login in ("ron", "mark", "olga", "nobody"):
        client = stage.browser(login)
        assert client.get(f"/records/{record_id}/edit").status_code == 404
        body = dict(page.values)
        body["csrf_token"] = _token(client)
        for act in ("save", "submit", "recalculate"):
            assert client.post(f"/records/{record_id}/{act}", data=body).status_code == 404
    assert stage.record(record_id).revision == 1


def _token(client: object) -> list[str]:
    import re

    html = client.get("/").get_data(as_text=True)  # type: ignore[attr-defined]
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found
    return [found[1]]


def test_an_id_somebody_else_uses_cannot_be_taken(stage: Stage) -> None:
    taken = stage.draft("rita")
    client = stage.browser("ron")
    page = open_page(client, NEW).fill(title="Mine")
    answer = client.post(f"/records/{taken}/save", data=page.values)
    assert answer.status_code == 404
    assert stage.record(taken).requester_id == stage.people["rita"]


def test_who_may_not_file_is_told_so(stage: Stage) -> None:
    assert stage.browser("rita").get("/forms/cost_code/new").status_code == 403
    assert stage.browser("rita").get("/forms/no_such_form/new").status_code == 404


def test_a_project_is_chosen_first_where_there_are_several(stage: Stage) -> None:
    with stage.system(writing=True):
        from portal.projects import services as projects

        projects.add_member(
            actor=None,
            project_id=stage.projects["P2"],
            person_id=stage.people["rita"],
            role="member",
            now=stage.now(),
        )
    answer = stage.browser("rita").get("/forms/purchase/new?title=Kept")
    html = answer.get_data(as_text=True)
    assert "/forms/purchase/new?project=P2&amp;title=Kept" in html.replace(
        "title=Kept&amp;project=P2", "project=P2&amp;title=Kept"
    )


def test_the_address_may_fill_fields_in_advance(stage: Stage) -> None:
    crew = stage.entries["crew"]
    page = open_page(stage.browser("rita"), f"{NEW}&title=Kept&crew={crew}&total=9&_x=1&no=1")
    assert page.values["title"] == ["Kept"]
    assert page.values["crew"] == [crew]
    assert page.shown("c-crew_rate") == "80.00 CNY"


def test_a_link_nobody_may_choose_is_refused_and_tells_nothing(stage: Stage) -> None:
    foreign = stage.entry("olga", "crew", "P2", code="C9", name="Secret crew", rate="999")
    client = stage.browser("rita")
    page = open_page(client, f"{NEW}&crew={foreign}")
    assert page.values["crew"] == [""]
    answer = typed(stage, page).fill(crew=foreign).post("save")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This entry cannot be chosen here" in html
    assert "Secret crew" not in html
    assert "999" not in html


def test_a_link_nobody_may_choose_is_said_in_one_sentence(stage: Stage) -> None:
    foreign = stage.entry("olga", "crew", "P2", code="C9", name="Secret crew", rate="999")
    page = typed(stage, open_page(stage.browser("rita"), NEW)).fill(lines__0__cost_code=foreign)
    answer = page.post("submit")
    assert answer.status_code == 422
    [said] = read(page.client, answer).problems
    assert said.endswith("This entry cannot be chosen here. Choose one of the list.")


def test_a_register_entry_is_revised_as_a_whole(stage: Stage) -> None:
    client = stage.browser("rita")
    entry = stage.entries["crew"]
    page = open_page(client, f"/records/{entry}/edit").fill(rate="95")
    assert page.post("save").status_code == 303
    record = stage.record(entry)
    assert (record.state, record.data["rate"]) == ("approved", "95.00")
    assert record.transition_seq == 2, "filed anew, so that postings follow"


def test_a_step_edits_only_what_it_may(stage: Stage) -> None:
    record_id = stage.filed(stage.purchase(confidential="hush"))
    task_id, _seen = stage.task("carl", record_id)
    client = stage.browser("carl")
    page = open_page(client, f"/records/{record_id}/edit?task={task_id}")
    assert "hush" not in page.html
    assert "confidential" not in page.values
    assert "title" not in page.values, "read, not written: no control at all"
    assert page.shown("c-title") == "Concrete for the pit"
    assert page.fill(site_note="Wet ground").post("save").status_code == 303
    assert stage.record(record_id).data["site_note"] == "Wet ground"
    page = open_page(client, f"/records/{record_id}/edit?task={task_id}")
    page.values["confidential"] = ["mine"]
    assert page.post("save").status_code == 400
    assert stage.record(record_id).data["confidential"] == "hush"


def test_a_seat_of_somebody_else_opens_nothing(stage: Stage) -> None:
    record_id = stage.filed()
    task_id, _seen = stage.task("carl", record_id)
    for login in ("rita", "ron", "chloe"):
        assert stage.browser(login).get(
            f"/records/{record_id}/edit?task={task_id}"
        ).status_code in {
            403,
            404,
        }


def test_a_submitted_record_is_no_longer_edited(stage: Stage) -> None:
    record_id = stage.filed()
    assert stage.browser("rita").get(f"/records/{record_id}/edit").status_code == 403


def test_the_page_says_who_will_be_asked(stage: Stage) -> None:
    html = open_page(stage.browser("rita"), NEW).html
    assert "What happens next" in html
    assert "Carl" in html
    assert "Mark" in html


def test_type_ahead_offers_what_the_viewer_may_see(stage: Stage) -> None:
    client = stage.browser("rita")
    stage.entry("olga", "crew", "P2", code="C9", name="Formwork elsewhere", rate="1")
    address = f"/forms/purchase/options?field=crew&project={stage.projects['P1']}&q=form"
    items = json.loads(client.get(address).data)["items"]
    assert [(one["text"], one["value"]) for one in items] == [
        ("Formwork crew", stage.entries["crew"])
    ]
    assert client.get(address.replace("field=crew", "field=title")).status_code == 404
    assert stage.browser("olga").get(address).status_code in {403, 404}


def test_every_template_of_a_kind_exists() -> None:
    from portal.forms.kinds import kinds

    here = Path(__file__).parents[2] / "templates" / "forms" / "kinds"
    stored = {name for name in kinds() if name != "rollup"}
    assert stored <= {path.stem for path in here.glob("*.html")}
