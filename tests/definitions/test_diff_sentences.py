"""What a release changes, told so that somebody who never saw the JSON understands it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.diff import diff
from portal.definitions.diff_order import moved

FORM, CHAIN, MODULE = "change.form.json", "change.workflow.json", "module.json"
Edit = Callable[[Any], object]


def sentences(changes: dict[str, str], file: str, edit: Edit) -> list[str]:
    raw = json.loads(changes[file])
    edit(raw)
    found = diff(changes, {**changes, file: json.dumps(raw, ensure_ascii=False)})
    return [str(one.sentence) for one in found.changes]


def section(raw: Any, number: int) -> Any:
    return raw["layout"][number]


def move(raw: Any) -> None:
    section(raw, 0)["fields"].remove("contract")
    section(raw, 1)["fields"].append("contract")


LAYOUT: dict[str, tuple[Edit, list[str]]] = {
    "a field moves to another section": (
        move, ["Field “Contract” moved from section “General” to “Lines”."]),
    "a field moves inside its section": (
        lambda r: section(r, 0).update(
            fields=["reason", "note", "contract", "currency", "before", "subject"]),
        ["Field “Subject” now comes after “Changes so far” in section “General”."]),
    "a field comes first": (
        lambda r: section(r, 0).update(
            fields=["before", "subject", "reason", "note", "contract", "currency"]),
        ["Field “Changes so far” now comes first in section “General”."]),
    "a field leaves the layout": (
        lambda r: section(r, 0)["fields"].remove("before"),
        ["Field “Changes so far” stands in no section now: it follows at the end."]),
    "a section is renamed": (
        lambda r: section(r, 1).update(title={"en": "Priced lines", "zh": "计价明细"}),
        ["Section “Lines” is now called “Priced lines”."]),
    "a section is translated anew": (
        lambda r: section(r, 1)["title"].update(zh="清单"),
        ["The Chinese of “Lines” is now “清单”."]),
    "a section comes": (
        lambda r: r["layout"].append(
            {"type": "section", "title": {"en": "More", "zh": "其他"}, "fields": ["before"]})
        or section(r, 0)["fields"].remove("before"),
        ["Section “More” is new.", "Field “Changes so far” moved from section “General” to “More”."]),
    "the sections change places": (
        lambda r: r["layout"].reverse(),
        ["Section “Lines” now comes first."]),
    "columns and closed": (
        lambda r: (section(r, 0).update(columns=1), section(r, 1).update(collapsed=True)),
        ["Section “General” now has one column.", "Section “Lines” is now closed at first."]),
    "notes": (
        lambda r: r["layout"].insert(0, {"type": "note", "text": {"en": "Prices net.", "zh": "不含税。"}}),
        ["The note “Prices net.” is new."]),
}  # fmt: skip

ABOUT: dict[str, tuple[Edit, list[str]]] = {
    "title": (lambda r: r["title"].update(en="Variation"),
              ["The form “Change” is now called “Variation”."]),
    "numbering": (lambda r: r.update(numbering="V-{seq:4}"),
                  ["Numbers are now made as V-{seq:4}, before as CR-{project.code}-{yyyy}-{seq:4}."]),
    "no numbers": (lambda r: r.pop("numbering"), ["Its records no longer get numbers."]),
    "subject": (lambda r: r.update(subject="note"),
                ["The title of a record is now “Explanation”."]),
    "facts": (lambda r: r.update(facts=["total", "reason"]),
              ["Where it is linked to, it now shows: Total, Reason."]),
    "list": (lambda r: r["list"].update(columns=["total", "reason"], filters=["reason", "contract"]),
             ["The list now shows “Reason”.", "The list no longer shows “Subject”.",
              "The list can now be filtered by “Contract”."]),
    "order of the list": (lambda r: r["list"].update(columns=["total", "subject"]),
                          ["The columns of the list have another order: Total, Subject."]),
    "scope": (lambda r: r.update(scope="company"),
              ["Its records now belong to the company, and to no project."]),
    "a rule": (lambda r: r["rules"][0].update(when="reason == 'scope'", show=["before"]),
               ["Rule “Explanation” (other_needs_note) changed: condition, shown fields."]),
    "steps for stored values": (
        lambda r: r.update(migrations=[{"from": 1, "steps": [{"drop": "gone"}]}]),
        ["The steps that move stored values changed."]),
    "a calculation": (lambda r: r["computed"].update(total="sum(lines.amount)"),
                      [("Calculation of total was “sum(lines, row, row.amount)” and is now "
                        "“sum(lines.amount)”.")]),
    "a Chinese label": (
        lambda r: r["data"]["properties"]["note"]["x-field"]["label"].update(zh="理由"),
        ["Field “Explanation” (note) changed: Chinese texts."]),
    "options of a field": (
        lambda r: r["data"]["properties"]["note"]["x-field"].update(max=80, required=True),
        ["Field “Explanation” (note) changed: most characters, required."]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*LAYOUT, *ABOUT])
def test_a_change_of_a_form_is_one_readable_sentence(name: str, changes: dict[str, str]) -> None:
    edit, said = {**LAYOUT, **ABOUT}[name]
    assert sentences(changes, FORM, edit) == said


def test_a_new_field_is_told_once(changes: dict[str, str]) -> None:
    def add(raw: Any) -> None:
        raw["data"]["properties"]["due"] = {"x-field": {"kind": "date", "label": "Due"}}
        section(raw, 0)["fields"].append("due")

    assert sentences(changes, FORM, add) == ["Field “Due” (due, Date) is new."]


def access(raw: Any) -> Any:
    return raw["forms"][0]["access"]


OF_MODULE: dict[str, tuple[Edit, list[str]]] = {
    "who may file": (
        lambda r: access(r).update(file=[{"project_role": ["engineer", "project_manager"]}]),
        ["Those who may file “Change” now include “Project manager” of the project."]),
    "who may read": (
        lambda r: access(r).update(read=[{"project_role": ["engineer", "project_manager"]},
                                         {"department": "COST"}]),
        ["Those who may read “Change” now include the department COST.",
         "Those who may read “Change” no longer include “Director” of the company by a rule."]),
    "no rule any more": (
        lambda r: access(r).pop("file"),
        ["Those who may file “Change” now include every member, as without a rule.",
         "Those who may file “Change” no longer include “Engineer” of the project by a rule."]),
    "no workflow": (
        lambda r: r["forms"][0].pop("workflow"),
        ["“Change” is no longer approved: it counts as soon as it is filed."]),
    "another workflow": (
        lambda r: r["forms"][0].update(workflow="short"),
        ["“Change” is now approved by the workflow short, before by change."]),
    "another form": (
        lambda r: r["forms"].append({"form": "order"}), ["Form “order” is new in the module."]),
    "title, icon, menu": (
        lambda r: r.update(title="Variations", icon="edit", menu={"group": "money", "order": 3}),
        ["The module “Changes” is now called “Variations”.", "Its icon is now edit.",
         "In the side bar it now stands under Money, before under Site.",
         "Its place in the side bar is now 3, before 20."]),
    "modules it needs": (
        lambda r: r.update(requires=["parties"]),
        ["It now needs the module parties.", "It no longer needs the module contracts."]),
    "roles": (
        lambda r: (r["roles"][1]["title"].update(en="Managing director"), r["roles"].pop(2),
                   r["roles"].append({"role": "clerk", "scope": "company", "title": "Clerk"})),
        ["Role “Director” is now called “Managing director”.", "Role “Clerk” is new.",
         "Role “Sponsor” is gone."]),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_MODULE)
def test_a_change_of_the_module_names_who_and_what(name: str, changes: dict[str, str]) -> None:
    edit, said = OF_MODULE[name]
    assert sentences(changes, MODULE, edit) == said


def test_a_step_says_what_of_it_changed(changes: dict[str, str]) -> None:
    def edit(raw: Any) -> None:
        raw["blocks"][0].update(who={"role": "director"}, need="all")
        raw["policy"]["max_returns"] = 3
        raw["start"] = {"withdraw": "never"}

    assert sentences(changes, CHAIN, edit) == [
        "Block “Check” (check) changed: who is asked, how many must approve.",
        "“max_returns” of the policy is new.",
        "Until when a requester may withdraw changed.",
    ]


def test_a_way_by_amount_is_told_as_a_sentence(changes: dict[str, str]) -> None:
    def edit(raw: Any) -> None:
        choice = next(one for one in raw["blocks"] if "choose" in one)
        choice["when"][0]["if"] = "total > 30000"

    raw = json.loads(changes[CHAIN])
    edit(raw)
    found = diff(changes, {**changes, CHAIN: json.dumps(raw, ensure_ascii=False)})
    (said,) = [one.sentence for one in found.changes]
    assert str(said) == (
        "Block large now goes by: Total is more than 30,000. "
        "Before: Currency is “USD” or Reason is “Other”."
    )
    assert said.args["new"].in_language("zh") == "合计大于30,000"


def test_a_draft_with_faults_is_compared_as_far_as_it_goes(changes: dict[str, str]) -> None:
    def edit(raw: Any) -> None:
        raw["layout"] = {"odd": True}
        raw["data"]["properties"]["due"] = {"x-field": {"kind": "date", "label": "Due"}}

    assert sentences(changes, FORM, edit) == [
        "Field “Due” (due, Date) is new.", "“layout” changed.",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [*LAYOUT, *ABOUT, *OF_MODULE])
def test_every_sentence_is_chinese_for_a_chinese_reader(
    name: str, changes: dict[str, str], app: Flask
) -> None:
    from flask_babel import force_locale

    from portal.web.answers import sentence

    file = MODULE if name in OF_MODULE else FORM
    edit = {**LAYOUT, **ABOUT, **OF_MODULE}[name][0]
    raw = json.loads(changes[file])
    edit(raw)
    found = diff(changes, {**changes, file: json.dumps(raw)})
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        for one in [*(one.sentence for one in found.changes), *found.summary]:
            assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence(one)), str(one)


lists = st.lists(st.integers(0, 9), unique=True, max_size=8)


@given(lists, lists)
def test_moves_are_as_few_as_possible_and_lead_to_the_new_order(
    old: list[int], new: list[int]
) -> None:
    moves = list(moved(old, new))
    left = {one for one, _behind in moves}
    common = [one for one in new if one in old]
    kept = [one for one in common if one not in left]
    assert kept == sorted(kept, key=old.index)
    for one, behind in moves:
        assert behind == (common[common.index(one) - 1] if common[0] != one else None)
    if common == [one for one in old if one in new]:
        assert moves == []
    if len(common) > 1:
        assert len(moves) < len(common)
