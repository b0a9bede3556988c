"""Lists: what one sees, in which order, how much of it, and as a spreadsheet."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from portal.accounts.sessions import viewer_of
from portal.db import db
from portal.definitions import services as definitions
from portal.records import lists
from portal.records.list_query import Query
from portal.records.models import Record
from tests.stage import Stage


def numbers(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return re.findall(r"data-row-link>([^<]+)<", answer.get_data(as_text=True))


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """Three purchases of different amounts, one of them approved, and a draft of somebody else."""
    for title, price, urgency in (
        ("Concrete", "20", "low"),
        ("Steel", "90", "high"),
        ("Sand", "5", "low"),
    ):
        line = {
            "_id": "r1",
            "item": "x",
            "qty": "10",
            "price": price,
            "cost_code": stage.entries["cost_code"],
        }
        note = {"urgency_note": "now"} if urgency == "high" else {}
        stage.filed(stage.purchase(title=title, urgency=urgency, lines=[line], **note))
    stage.draft("ron", stage.purchase(title="Ron's draft"))
    return stage


def test_a_list_shows_number_title_state_amount_and_its_sum(filled: Stage) -> None:
    html = filled.browser("rita").get("/forms/purchase").get_data(as_text=True)
    for word in ("PU-P1-2026-0001", "Concrete", "In approval", "200.00", "1,150.00 CNY", "Rita"):
        assert word in html
    assert "Ron's draft" not in html
    assert "1–3 of 3" in html


def test_an_empty_list_says_what_to_do(stage: Stage) -> None:
    html = stage.browser("rita").get("/forms/purchase").get_data(as_text=True)
    assert "Nothing is filed here yet" in html
    assert "/forms/purchase/new" in html


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("amount", ["Sand", "Concrete", "Steel"]),
        ("-amount", ["Steel", "Concrete", "Sand"]),
        ("title", ["Concrete", "Sand", "Steel"]),
        ("number", ["Concrete", "Steel", "Sand"]),
        ("f.urgency", ["Steel", "Concrete", "Sand"]),
        ("", ["Sand", "Steel", "Concrete"]),
    ],
)
def test_every_column_sorts(filled: Stage, sort: str, titles: list[str]) -> None:
    html = filled.browser("rita").get(f"/forms/purchase?sort={sort}").get_data(as_text=True)
    assert re.findall(r'class="clip" title="([^"]+)"', html) == titles


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("?f.urgency=low", 2),
        ("?q=stee", 1),
        ("?q=2026-0003", 1),
        ("?state=submitted", 3),
        ("?state=approved", 0),
        ("?mine=1", 3),
        ("?project=P1", 3),
        ("?project=P2", 0),
        ("?f.urgency=low&q=sand", 1),
        ("?f.urgency=%25", 0),
    ],
)
def test_filters_narrow_the_list(filled: Stage, address: str, count: int) -> None:
    assert len(numbers(filled.browser("rita"), f"/forms/purchase{address}")) == count


def test_filters_stand_there_in_words_and_can_be_taken_away(filled: Stage) -> None:
    html = filled.browser("rita").get("/forms/purchase?f.urgency=low&q=c").get_data(as_text=True)
    assert "Urgency: </span>Low" in html
    assert 'href="/forms/purchase?q=c"' in html


@pytest.mark.parametrize(
    "address", ["?sort=data", "?f.confidential=hush", "?sort=f.confidential", "?f.title;drop=1"]
)
def test_a_name_the_list_does_not_have_is_refused(filled: Stage, address: str) -> None:
    answer = filled.browser("rita").get(f"/forms/purchase{address}")
    assert answer.status_code == 400
    assert "Take it out of the address" in answer.text
    assert "you sent" not in answer.text, "nobody sent anything"


def ranged(key: str, kind: str, label: str) -> dict[str, Any]:
    return {key: {"x-field": {"kind": kind, "label": label}}}


VISIT = {
    "$schema": "../schema/form-1.json",
    "form": "visit",
    "version": 1,
    "title": "Visit",
    "subject": "name",
    "list": {"columns": ["day", "people"], "filters": ["day", "people"]},
    "data": {
        "properties": {
            "name": {"x-field": {"kind": "text", "label": "Name", "required": True}},
            **ranged("day", "date", "Day"),
            **ranged("people", "number", "People"),
        }
    },
    "layout": [{"type": "section", "title": "Visit", "fields": ["name", "day", "people"]}],
}
VISITS = {
    "$schema": "../schema/module-1.json",
    "module": "visits",
    "format": 1,
    "title": "Visits",
    "menu": {"group": "site", "order": 91},
    "forms": [{"form": "visit"}],
}


@pytest.fixture
def visited(stage: Stage, tmp_path: Path) -> Stage:
    """Two visits: with two people in January, with nine in March."""
    (tmp_path / "visits").mkdir()
    for name, body in (("module", VISITS), ("visit.form", VISIT)):
        (tmp_path / "visits" / f"{name}.json").write_text(json.dumps(body))
    with stage.system(writing=True):
        definitions.publish_folder(path=tmp_path / "visits", actor=None, now=stage.now())
    for name, day, people in (("Owner", "2026-01-10", 2), ("Fire brigade", "2026-03-10", 9)):
        stage.entry("rita", "visit", "P1", name=name, day=day, people=people)
    return stage


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("f.day:from=2026-03-01", ["Fire brigade"]),
        ("f.people:to=5", ["Owner"]),
        ("f.people:from=1&f.people:to=5", ["Owner"]),
        ("f.day=2026-03-10", ["Fire brigade"]),
        ("f.people=2", ["Owner"]),
    ],
)
def test_a_range_narrows_the_list(visited: Stage, address: str, names: list[str]) -> None:
    assert numbers(visited.browser("rita"), f"/forms/visit?{address}") == names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f.day:from", "2026-13-01"),
        ("f.day:to", "yesterday"),
        ("f.people:from", "many"),
        ("f.people:to", "1e99"),
        ("f.people", "few"),
        ("f.day", "2026-13-01"),
    ],
)
def test_a_bound_that_cannot_be_read_is_no_filter(visited: Stage, name: str, text: str) -> None:
    client = visited.browser("rita")
    assert numbers(client, f"/forms/visit?{name}={text}") == ["Fire brigade", "Owner"]
    html = client.get(f"/forms/visit?{name}={text}").get_data(as_text=True)
    assert "filter-chip" not in html
    if ":" in name:
        [typed] = re.findall(r'<input[^>]*aria-invalid="true"[^>]*>', html)
        assert f'name="{name}"' in typed
        assert f'value="{text}"' in typed


def test_a_range_keeps_the_bound_that_can_be_read(visited: Stage) -> None:
    client = visited.browser("rita")
    address = "/forms/visit?f.people:from=many&f.people:to=5"
    assert numbers(client, address) == ["Owner"]
    assert "People: </span>≤ 5" in client.get(address).get_data(as_text=True)


def test_the_list_shows_exactly_what_can_be_opened(filled: Stage) -> None:
    everything = {row.number: row.id for row in filled.rows(Record, form="purchase") if row.number}
    for login in ("rita", "ron", "carl", "mark", "fin", "audrey", "olga", "nobody", "eve"):
        client = filled.browser(login)
        reads = client.get("/forms/purchase").status_code == 200
        listed = set(numbers(client, "/forms/purchase")) - {"Draft"} if reads else set()
        opened = {
            n for n, i in everything.items() if client.get(f"/records/{i}").status_code == 200
        }
        assert listed == opened, login


def test_pages_follow_each_other_without_gaps(stage: Stage) -> None:
    for place in range(7):
        stage.draft("rita", stage.purchase(title=f"T{place}"))
    client = stage.browser("rita")
    for sort in ("", "f.urgency", "-title"):
        seen: list[str] = []
        for page in (1, 2, 3, 4):
            html = client.get(f"/forms/purchase?size=2&page={page}&sort={sort}").get_data(
                as_text=True
            )
            seen += re.findall(r'class="clip" title="(T\d)"', html)
        assert sorted(seen) == [f"T{place}" for place in range(7)], sort


def test_what_is_shown_can_be_taken_along_as_a_spreadsheet(filled: Stage) -> None:
    answer = filled.browser("rita").get("/forms/purchase/export.xlsx?f.urgency=low&sort=amount")
    assert answer.status_code == 200
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    )
    assert [row[1] for row in sheet] == ["Title", "Sand", "Concrete"]
    assert [row[sheet[0].index("Amount")] for row in sheet[1:]] == [50.0, 200.0]
    assert numbers(filled.browser("olga"), "/forms/purchase") == []
    other = filled.browser("olga").get("/forms/purchase/export.xlsx")
    assert (
        len(
            CalamineWorkbook.from_filelike(io.BytesIO(other.data)).get_sheet_by_index(0).to_python()
        )
        == 1
    )


def test_a_list_asks_the_same_few_questions_however_long_it_is(filled: Stage) -> None:
    def asked(size: int) -> int:
        count = 0

        def note(*_rest: object) -> None:
            nonlocal count
            count += 1

        with filled.app.app_context():
            engine = db.engine
        client.get("/forms/purchase?size=1")
        event.listen(engine, "before_cursor_execute", note)
        try:
            client.get(f"/forms/purchase?size={size}")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return count

    client = filled.browser("rita")
    assert asked(1) == asked(3)


def test_counting_stops_where_it_would_cost_more_than_the_page(
    filled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    with filled.looking("rita"):
        viewer = viewer_of(filled.people["rita"])
        found = lists.summary(Query("purchase"), viewer)
    assert (found.count, found.more, found.amount) == (2, True, None)
    assert "More than 2 records" in filled.browser("rita").get("/forms/purchase").get_data(
        as_text=True
    )


LISTS = ("/forms/purchase", "/forms/purchase/export.xlsx", "/forms/purchase?f.urgency=low")


def test_a_list_one_may_not_read_is_as_one_that_does_not_exist(stage: Stage) -> None:
    mine = re.compile(r"[0-9a-f-]{36}|\"[\w.-]{60,}\"|purchase|no_such_form")
    for login in ("nobody", "eve"):
        client = stage.browser(login)
        for address in (*LISTS, "/forms/purchase/new", "/forms/purchase/options?field=crew"):
            hidden = client.get(address)
            missing = client.get(address.replace("purchase", "no_such_form"))
            assert (hidden.status_code, missing.status_code) == (404, 404), (login, address)
            assert mine.sub("", hidden.text) == mine.sub("", missing.text)


def test_whoever_takes_part_in_one_record_has_a_list_of_it_alone(filled: Stage) -> None:
    from portal.records.versions import add_participants

    record_id = filled.filed(filled.purchase(title="For Eve's eyes"))
    number = filled.record(record_id).number
    with filled.system(writing=True):
        add_participants(record_id, [(filled.people["eve"], "cc")])
    client = filled.browser("eve")
    assert numbers(client, "/forms/purchase") == [number]
    assert client.get("/forms/purchase/export.xlsx").headers["X-Rows"] == "1"
    assert client.get("/forms/purchase/new").status_code == 404


def test_whoever_may_only_file_a_form_has_its_list(stage: Stage) -> None:
    for login, status in (
        ("rita", 200),
        ("mark", 200),
        ("fin", 200),
        ("audrey", 200),
        ("eve", 200),
        ("nobody", 404),
    ):
        assert stage.browser(login).get("/forms/appraisal").status_code == status, login


def test_a_filter_tells_entries_of_one_title_apart_as_forms_do(stage: Stage) -> None:
    """Two crews of one name: their codes stand beside it, in the choice and in the chip."""
    crews = {
        code: stage.entry("rita", "crew", "P1", code=code, name="Formwork crew", rate="50")
        for code in ("C8", "C9")
    }
    for crew in crews.values():
        stage.filed(stage.purchase(crew=crew))
    client = stage.browser("rita")
    html = client.get("/forms/purchase").get_data(as_text=True)
    for code, crew in crews.items():
        offered = re.search(rf'<option value="{crew}"[^>]*>([^<]+)<', html)
        assert offered is not None
        assert code in offered[1]
        assert offered[1].startswith("Formwork crew")
        chosen = client.get(f"/forms/purchase?f.crew={crew}").get_data(as_text=True)
        assert re.search(rf"Formwork crew[^<]*{code}", chosen)


def test_the_facts_of_entries_one_may_not_see_are_not_told(stage: Stage) -> None:
    from portal.records.versions import add_participants

    record_id = stage.filed(stage.purchase(crew=stage.entries["crew"]))
    with stage.system(writing=True):
        add_participants(record_id, [(stage.people["eve"], "cc")])
    html = stage.browser("eve").get("/forms/purchase").get_data(as_text=True)
    offered = re.search(rf'<option value="{stage.entries["crew"]}"[^>]*>([^<]+)<', html)
    assert offered is not None
    assert "·" not in offered[1]
