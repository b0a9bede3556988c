"""The plain builder's pages: sections and fields edited without seeing JSON."""

import html
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal import clock
from portal.builder.snippets import KINDS, NOT_IN_TABLE, NewField, insert_field
from portal.definitions.json_source import read_source
from portal.projects import services as project_services
from portal.records.numbering import take_number
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, Desk
from tests.records.pages import controls

DESIGN = f"{EDITOR}/design"
CASES = "site_visit.cases.json"


def raw(desk: Desk) -> Any:
    return read_source(desk.text()).value


def sent(browser: Browser, address: str, **more: Any) -> dict[str, Any]:
    """What the page of a field would send, with some inputs filled in."""
    page = browser.get(f"{DESIGN}/fields/{address}")
    assert page.status_code == 200
    values = controls(page.text, "field-form")
    del values["csrf_token"]
    return {**values, **{name.replace("__", "-"): value for name, value in more.items()}}


def save(browser: Browser, address: str, **more: Any) -> TestResponse:
    return browser.post(f"{DESIGN}/fields/{address}", **sent(browser, address, **more))


def every_kind(desk: Desk, author: Browser) -> list[str]:
    """A draft with a field of every kind, in the record and in a table; their addresses."""
    text = insert_field(desk.text(), NewField("table", "rows", "Rows", "明细"))
    for kind in KINDS:
        text = insert_field(text, NewField(kind, f"f_{kind}", kind, "字段", target="site_visit"))
        if kind not in NOT_IN_TABLE:
            field = NewField(kind, f"c_{kind}", kind, "列", "rows", target="site_visit")
            text = insert_field(text, field)
    assert desk.save(author, text).status_code == 303
    columns = [f"rows.c_{kind}" for kind in KINDS if kind not in NOT_IN_TABLE]
    return [*(f"f_{kind}" for kind in KINDS), *columns]


def test_the_form_is_listed_part_by_part(desk: Desk, author: Browser) -> None:
    page = author.get(DESIGN).text
    for part in ("Title", "Amount", 'id="f-title"', 'id="s0"', "Add a field", "Add a section"):
        assert part in page


def test_a_page_of_every_kind_sent_back_as_it_stands_changes_no_byte(
    desk: Desk, author: Browser
) -> None:
    addresses = every_kind(desk, author)
    before = desk.text()
    for address in addresses:
        assert save(author, address).status_code == 303, address
        assert desk.text() == before, address


def test_a_field_is_added_with_a_proposed_key_and_set(desk: Desk, author: Browser) -> None:
    answer = author.post(
        f"{DESIGN}/new-field", kind="choice", label_en="Weather on site", label_zh="现场天气",
        hint_en="As at noon", section="0",
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.location.endswith("/design/fields/weather_on_site")
    more = {
        "o-options-value": ["sun", "rain", ""],
        "o-options-en": ["Sun", "Rain", ""],
        "o-options-zh": ["晴", "雨", ""],
        "o-in_list": "yes",
    }
    assert save(author, "weather_on_site", **more).status_code == 303
    node = raw(desk)["data"]["properties"]["weather_on_site"]["x-field"]
    assert node == {
        "kind": "choice",
        "label": {"en": "Weather on site", "zh": "现场天气"},
        "hint": "As at noon",
        "in_list": True,
        "options": [
            {"value": "sun", "label": {"en": "Sun", "zh": "晴"}},
            {"value": "rain", "label": {"en": "Rain", "zh": "雨"}},
        ],
    }
    assert raw(desk)["layout"][0]["fields"][-1] == "weather_on_site"
    assert raw(desk)["version"] == 2
    assert desk.publish(author).status_code == 303


def test_a_new_quantity_is_asked_for_its_unit_and_none_is_made_up(
    desk: Desk, author: Browser
) -> None:
    page = author.get(f"{DESIGN}/new-field?kind=quantity").text
    assert 'name="unit" value=""' in page
    assert "Only for a quantity" in page
    for key, unit in (("volume", "m³"), ("hours", "")):
        answer = author.post(
            f"{DESIGN}/new-field", kind="quantity", key=key, label_en="Q", unit=unit
        )
        assert answer.status_code == 303
    author.post(f"{DESIGN}/new-field", kind="number", key="count", label_en="N", unit="m³")
    fields = raw(desk)["data"]["properties"]
    assert fields["volume"]["x-field"]["unit"] == "m³"
    assert "unit" not in fields["hours"]["x-field"]
    assert "unit" not in fields["count"]["x-field"]
    assert desk.publish(author).status_code == 303


def test_a_required_field_asks_for_a_value_in_the_examples(desk: Desk, author: Browser) -> None:
    author.post(
        f"{DESIGN}/new-field", kind="date", label_en="Due on", label_zh="应办日期", required="yes"
    )
    assert "1 example has no value for it" in author.get(DESIGN).text
    assert desk.publish(author).status_code == 422
    place = f"{DESIGN}/fields/due_on/examples"
    for value in ("", "x" * 9):
        assert author.post(place, value=value).status_code == 303
    assert author.post(place, value="").status_code == 303
    desk.save(author, desk.text(CASES).replace("x" * 9, "2026-03-01"), CASES)
    assert read_source(desk.text(CASES)).value["cases"][0]["given"]["due_on"] == "2026-03-01"
    assert "has no value for it" not in author.get(DESIGN).text
    assert desk.publish(author).status_code == 303


def test_conditions_and_checks_are_rows_and_read_back_as_sentences(
    desk: Desk, author: Browser
) -> None:
    author.post(f"{DESIGN}/new-field", kind="longtext", label_en="Reason", label_zh="理由")
    more = {
        "show-0-field": "amount", "show-0-op": ">", "show-0-value": "1000",
        "require-0-field": "amount", "require-0-op": ">=", "require-0-value": "5000",
        "check-0-0-field": "reason", "check-0-0-op": "!=", "check-0-0-value": "none",
        "check-0-message_en": "Say why.", "check-0-message_zh": "请写明原因。",
    }  # fmt: skip
    assert save(author, "reason", **more).status_code == 303
    assert raw(desk)["rules"] == [
        {"id": "reason_show", "when": "amount > 1000", "show": ["reason"]},
        {"id": "reason_require", "when": "amount >= 5000", "require": ["reason"]},
        {
            "id": "reason_check",
            "check": "reason != 'none'",
            "on": "reason",
            "message": {"en": "Say why.", "zh": "请写明原因。"},
        },
    ]
    page = html.unescape(author.get(DESIGN).text)
    assert "Shown only when Amount" in page
    assert "1 check" in page
    assert desk.publish(author).status_code == 303
    desk.open_draft(author)
    taken_back = {name: "" for name in more if name.endswith("field")}
    assert save(author, "reason", **taken_back).status_code == 303
    assert "rules" not in raw(desk)


def test_wrong_input_keeps_all_that_was_typed(desk: Desk, author: Browser) -> None:
    before = desk.text()
    more = {
        "label_en": "<script>alert(1)</script>", "o-max": "many", "show-0-field": "amount",
        "show-0-op": ">", "show-0-value": "plenty", "check-0-message_en": "Why",
    }  # fmt: skip
    answer = save(author, "title", **more)
    assert answer.status_code == 422
    assert desk.text() == before
    assert "<script>alert(1)" not in answer.text
    typed = controls(answer.text, "field-form")
    for name, value in more.items():
        assert typed[name] == [value]
    for id in ("o-max", "show-0-value"):
        assert f'href="#{id}"' in answer.text
        assert f'id="{id}-error"' in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Show only when: Write the value to compare with.",
                "Required when: Write the value to compare with.",
                "Least: Write a number, for example 1200 or 0.5."]),
        ("zh", ["仅当满足以下条件时显示：", "满足以下条件时必填：", "最小值：请填写数字，例如 1200 或 0.5。"]),
    ],
)  # fmt: skip
def test_what_is_wrong_says_of_which_part(
    desk: Desk, author: Browser, language: str, said: list[str]
) -> None:
    before = desk.text()
    author.post("/language", language=language)
    wrong = {"show-0-field": "title", "require-0-field": "title", "o-min": "0,5",
             "show-0-op": "==", "require-0-op": "=="}  # fmt: skip
    answer = save(author, "amount", **wrong)
    assert answer.status_code == 422
    summary = answer.text.split("data-error-summary")[1].split("</ul>")[0]
    assert [one for one in said if one not in summary] == []
    assert desk.text() == before
    assert save(author, "amount", **{"o-min": "１，２００．５"}).status_code == 303
    assert raw(desk)["data"]["properties"]["amount"]["x-field"]["min"] == "1200.5"


@pytest.mark.parametrize(("language", "label"), [("en", "Sunny"), ("zh", "晴天")])
def test_a_condition_on_a_choice_is_told_by_its_name(
    desk: Desk, author: Browser, language: str, label: str
) -> None:
    author.post(f"{DESIGN}/new-field", kind="choice", label_en="Weather", label_zh="天气")
    names = {
        "o-options-value": ["s", "r"], "o-options-en": ["Sunny", "Rainy"],
        "o-options-zh": ["晴天", "雨天"],
    }  # fmt: skip
    assert save(author, "weather", **names).status_code == 303
    author.post("/language", language=language)
    when = {"show-0-field": "weather", "show-0-op": "==", "show-0-value": label}
    assert save(author, "title", **when).status_code == 303
    assert raw(desk)["rules"][0]["when"] == "weather == 's'"
    assert f"{label}”" in html.unescape(author.get(DESIGN).text)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "text"}, "label_en"),
        ({"kind": "text", "label_zh": "名称"}, "key"),
        ({"kind": "nothing", "label_en": "Name"}, "kind"),
        ({"kind": "record", "label_en": "Name"}, "target"),
        ({"kind": "text", "label_en": "Name", "key": "title"}, "key"),
        ({"kind": "quantity", "label_en": "Depth", "unit": "m" * 91}, "unit"),
        ({"kind": "text", "label_en": "Name", "key": "Ünfit"}, "key"),
        ({"kind": "text", "label_en": "Name", "table": "no_table"}, "table"),
        ({"kind": "text", "label_en": "Name", "section": "77"}, "kind"),
    ],
)
def test_a_new_field_that_cannot_be_is_refused_where_it_is_wrong(
    desk: Desk, author: Browser, values: dict[str, str], wrong: str
) -> None:
    before = desk.text()
    answer = author.post(f"{DESIGN}/new-field", **values)
    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert desk.text() == before


def test_fields_move_are_copied_and_taken_out(desk: Desk, author: Browser) -> None:
    def act(address: str, name: str) -> TestResponse:
        return author.post(f"{DESIGN}/fields/{address}/{name}")

    assert act("amount", "up").status_code == 303
    assert raw(desk)["layout"][0]["fields"] == ["amount", "title"]
    assert act("amount", "duplicate").location.endswith("#f-amount_2")
    assert raw(desk)["layout"][0]["fields"] == ["amount", "amount_2", "title"]
    assert act("amount_2", "remove").status_code == 303
    assert "amount_2" not in desk.text()
    assert act("amount", "burn").status_code == 404
    assert act("nothing", "up").status_code == 404


def test_a_field_that_is_used_stays_and_says_where(desk: Desk, author: Browser) -> None:
    before = desk.text()
    asked = author.get(f"{DESIGN}/fields/title/remove").text
    assert "is used and stays" in asked
    assert "Remove the field" not in asked
    author.post(f"{DESIGN}/new-field", kind="text", label_en="Extra")
    assert "Remove the field" in author.get(f"{DESIGN}/fields/extra/remove").text
    desk.save(author, before)
    answer = author.post(f"{DESIGN}/fields/title/remove")
    assert answer.status_code == 422
    assert "is used and stays" in answer.text
    assert "subject" in answer.text
    assert desk.text() == before


def test_sections_are_added_renamed_moved_and_removed(desk: Desk, author: Browser) -> None:
    assert author.post(f"{DESIGN}/sections").status_code == 422
    answer = author.post(f"{DESIGN}/sections", title_en="Further", columns="2")
    assert answer.location.endswith("#s1")
    marks = _marks(author)
    first = {"part": marks[0], "title_en": "Head", "title_zh": "抬头", "collapsed": "yes"}
    assert author.post(f"{DESIGN}/sections/0/save", **first).status_code == 303
    assert raw(desk)["layout"][0]["title"] == {"en": "Head", "zh": "抬头"}
    assert raw(desk)["layout"][0]["collapsed"] is True
    gone = author.post(f"{DESIGN}/sections/0/remove", part=_marks(author)[0])
    assert gone.status_code == 422
    assert author.post(f"{DESIGN}/sections/1/up", part=_marks(author)[1]).status_code == 303
    assert raw(desk)["layout"][0]["title"] == "Further"
    assert author.post(f"{DESIGN}/sections/0/remove", part=_marks(author)[0]).status_code == 303
    assert len(raw(desk)["layout"]) == 1
    assert author.post(f"{DESIGN}/sections/0/up", part="another").status_code == 409


def _marks(browser: Browser) -> list[str]:
    """The mark of each section, as the page carries it."""
    page = browser.get(DESIGN).text
    return [piece.split('name="part" value="')[1].split('"')[0] for piece in page.split(' id="s')
            if 'name="part"' in piece and piece[0].isdecimal() and 'aria-label' in piece[:40]]  # fmt: skip


def test_a_text_too_long_is_refused_and_never_cut(desk: Desk, author: Browser) -> None:
    before = desk.text()
    answer = save(author, "title", label_en="x" * 501, hint_zh="长" * 1001)
    assert answer.status_code == 422
    typed = controls(answer.text, "field-form")
    assert typed["label_en"] == ["x" * 501]
    assert typed["hint_zh"] == ["长" * 1001]
    long = {"title_en": "y" * 501, "part": _marks(author)[0]}
    answer = author.post(f"{DESIGN}/sections/0/save", **long)
    assert answer.status_code == 422
    assert "y" * 501 in answer.text
    assert author.post(f"{DESIGN}/sections", title_en="z" * 501).status_code == 422
    assert settings(author, title_en="z" * 501).status_code == 422
    new = {"kind": "text", "label_en": "New", "hint_en": "z" * 1001}
    assert author.post(f"{DESIGN}/new-field", **new).status_code == 422
    assert desk.text() == before


def test_line_breaks_survive_a_save_of_something_else(desk: Desk, author: Browser) -> None:
    form = raw(desk)
    form["data"]["properties"]["title"]["x-field"]["hint"] = "One\nTwo"
    form["layout"].insert(0, {"type": "note", "text": "First\n\nSecond " + "w" * 700})
    desk.save(author, json.dumps(form, indent=2))
    before = desk.text()
    assert save(author, "title").status_code == 303
    page = author.get(DESIGN).text
    assert "First\n\nSecond" in page
    note = {"title_en": form["layout"][0]["text"].replace("\n", "\r\n"), "title_zh": ""}
    saved = author.post(f"{DESIGN}/sections/0/save", part=_marks(author)[0], **note)
    assert saved.status_code == 303
    assert desk.text() == before


def test_edits_of_different_fields_by_two_authors_merge(desk: Desk, author: Browser) -> None:
    other = desk.browser("ada")
    mine = sent(author, "title", label_en="My title")
    theirs = sent(other, "amount", label_en="Their amount")
    assert other.post(f"{DESIGN}/fields/amount", **theirs).status_code == 303
    assert author.post(f"{DESIGN}/fields/title", **mine).status_code == 303
    labels = [one["x-field"]["label"] for one in raw(desk)["data"]["properties"].values()]
    assert [label["en"] for label in labels] == ["My title", "Their amount"]


def test_who_comes_second_to_the_same_field_sees_both_and_decides(
    desk: Desk, author: Browser
) -> None:
    other = desk.browser("ada")
    mine = sent(author, "title", label_en="My title")
    theirs = sent(other, "title", label_en="Their title")
    assert other.post(f"{DESIGN}/fields/title", **theirs).status_code == 303
    answer = author.post(f"{DESIGN}/fields/title", **mine)
    assert answer.status_code == 409
    assert "Their title" in answer.text
    assert controls(answer.text, "field-form")["label_en"] == ["My title"]
    over = answer.text.split('name="over" value="')[1].split('"')[0]
    assert author.post(f"{DESIGN}/fields/title", **mine, over=over).status_code == 303
    assert raw(desk)["data"]["properties"]["title"]["x-field"]["label"]["en"] == "My title"


def settings(browser: Browser, **more: Any) -> TestResponse:
    page = browser.get(f"{DESIGN}/settings")
    assert page.status_code == 200
    values = controls(page.text, "settings-form")
    del values["csrf_token"]
    return browser.post(f"{DESIGN}/settings", **{**values, **more})


def test_settings_sent_back_as_they_stand_change_no_byte(desk: Desk, author: Browser) -> None:
    before = desk.text()
    assert settings(author).status_code == 303
    assert desk.text() == before


def test_settings_of_a_form_are_changed_and_can_be_published(desk: Desk, author: Browser) -> None:
    more = {
        "title_en": "Walk", "title_zh": "巡视", "numbering": "WK-{yyyy}-{seq:3}",
        "facts": ["amount", ""], "columns": ["amount", "title", "amount"], "filters": ["", ""],
    }  # fmt: skip
    assert settings(author, **more).status_code == 303
    form = raw(desk)
    assert form["title"] == {"en": "Walk", "zh": "巡视"}
    assert form["numbering"] == "WK-{yyyy}-{seq:3}"
    assert form["facts"] == ["amount"]
    assert form["list"] == {"columns": ["amount", "title"]}
    assert desk.publish(author).status_code == 303


def test_wrong_settings_keep_all_that_was_typed(desk: Desk, author: Browser) -> None:
    before = desk.text()
    more = {"title_en": "", "title_zh": "", "subject": "", "facts": ["title", "amount", "x"]}
    answer = settings(author, **more)
    assert answer.status_code == 422
    for wrong in ("title_en", "subject", "facts"):
        assert f'href="#{wrong}"' in answer.text
    assert controls(answer.text, "settings-form")["facts"][:3] == ["title", "amount", "x"]
    assert desk.text() == before


def test_the_next_number_is_shown_as_its_pattern_is_typed(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DESIGN}/settings").text
    year = clock.now().year
    assert f"The next one: SV-P1-{year}-0001" in page
    assert "The printed sheet follows the form" in page
    shown = {
        "WK-{yyyy}-{seq:3}": f"The next one: WK-{year}-001",
        "": "Its records get no numbers.",
        "WK-{yyyy}": "No number can be made of this pattern.",
        "{form}/{seq:2}": "The next one: site_visit/01",
    }
    for pattern, said in shown.items():
        answer = author.get(
            f"{DESIGN}/settings/next-number",
            query_string={"numbering": pattern},
            headers={"HX-Request": "true"},
        )
        assert said in answer.text, pattern
        assert "<html" not in answer.text
    for pattern in ("WK-{yyyy}", "WK-{year}-{seq:3}", "<b>{seq"):
        answer = settings(author, numbering=pattern)
        assert answer.status_code == 422, pattern
        assert 'href="#numbering"' in answer.text
        assert "<b>{seq" not in answer.text
    assert settings(author, numbering="").status_code == 303
    assert "numbering" not in raw(desk)


def test_the_number_goes_on_where_records_stand(desk: Desk, author: Browser) -> None:
    """Nora sees the project, so the count is that of its series."""
    with desk.stage.work():
        project_services.add_member(
            actor=None, project_id=desk.stage.projects["P-1"],
            person_id=desk.stage.people["nora"], role="member", now=clock.now(),
        )  # fmt: skip
        take_number(f"SV-P-1-{clock.now().year}-", 4)
    page = desk.browser().get(f"{DESIGN}/settings").text
    assert f"The next one: SV-P-1-{clock.now().year}-0002" in page


def test_the_second_author_of_the_settings_decides(desk: Desk, author: Browser) -> None:
    other, seen = desk.browser("ada"), author.get(f"{DESIGN}/settings").text
    mine = {**controls(seen, "settings-form"), "title_en": "Mine"}
    del mine["csrf_token"]
    assert settings(other, title_en="Theirs").status_code == 303
    answer = author.post(f"{DESIGN}/settings", **mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    over = answer.text.split('name="over" value="')[1].split('"')[0]
    assert author.post(f"{DESIGN}/settings", **mine, over=over).status_code == 303
    assert raw(desk)["title"]["en"] == "Mine"


def test_a_page_sent_twice_adds_one_field(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DESIGN}/new-field").text
    key = page.split('name="request_key" value="')[1].split('"')[0]
    for _ in range(2):
        answer = author.post(f"{DESIGN}/new-field", kind="text", label_en="Gate", request_key=key)
        assert answer.status_code == 303
    assert [one for one in raw(desk)["data"]["properties"] if "gate" in one] == ["gate"]


def test_auditors_look_and_do_not_touch(desk: Desk, author: Browser) -> None:
    vera = desk.browser("vera")
    page = vera.get(DESIGN)
    assert page.status_code == 200
    assert "Add a field" not in page.text
    assert vera.get(f"{DESIGN}/fields/title").status_code == 200
    before = desk.text()
    for place in (
        "new-field",
        "fields/title",
        "fields/title/up",
        "sections",
        "sections/0/up",
        "settings",
    ):
        assert vera.post(f"{DESIGN}/{place}").status_code == 403
    assert desk.stage.browser("rick").get(DESIGN).status_code == 403
    assert desk.text() == before


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"data": 5, "layout": {"a": 1}, "rules": 3}'])
def test_a_text_that_is_no_form_breaks_no_page(desk: Desk, author: Browser, text: str) -> None:
    desk.save(author, text)
    assert author.get(DESIGN).status_code == 200
    assert author.get(f"{DESIGN}/fields/title").status_code in (404, 422)
    assert author.post(f"{DESIGN}/new-field", kind="text", label_en="A").status_code == 422
    assert desk.text() == text


def test_only_forms_have_fields(desk: Desk, author: Browser) -> None:
    assert author.get(f"{DRAFT}/{CHAIN}/design").status_code == 404
    assert author.get(f"{DRAFT}/nothing.form.json/design").status_code == 404


def test_hostile_words_are_text(desk: Desk, author: Browser) -> None:
    evil = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    assert save(author, "title", label_en=evil, hint_en=evil).status_code == 303
    for url in (DESIGN, f"{DESIGN}/fields/title"):
        page = author.get(url).text
        assert "<img src=x" not in page
        assert "49" not in page.replace("{{ 7*7 }}", "")[: page.index("onerror")][-40:]
    assert json.loads(desk.text())["data"]["properties"]["title"]["x-field"]["label"]["en"] == evil


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_a_section_there_is_none_of_is_refused_or_the_last(
    desk: Desk, author: Browser, number: str
) -> None:
    new = {"kind": "text", "label_en": "Weather", "section": number}
    assert author.post(f"{DESIGN}/new-field", **new).status_code in {303, 422}
    typed = {**sent(author, "title"), "section": number}
    assert author.post(f"{DESIGN}/fields/title", **typed).status_code in {303, 422}
