"""Edits of a chain's text: on every shipped chain each changes its part, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import paths
from portal.builder.design import chain_edits as edits
from portal.builder.design.chain import Chain, Node, read_chain, taken_ids
from portal.builder.design.chain_bands import Band, change_bands, new_bands, read_bands
from portal.builder.design.chain_people import line_from, read_who, write_who
from portal.builder.design.chain_rights import change_rights, read_rights
from portal.builder.design.chain_step import (
    KEPT,
    StepValues,
    change_step,
    change_who,
    judge_step,
    new_step,
    read_step,
    value_at,
)
from portal.definitions.checking import check_module
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.definitions.json_source import read_source
from portal.errors import Invalid
from tests.bounds import spread

FOLDERS = module_folders(paths.DEFINITIONS)
OFFERS = offers_of(FOLDERS)
SHIPPED = [
    (folder, path.name) for folder in FOLDERS for path in sorted(folder.glob("*.workflow.json"))
]
STEP = StepValues(title_en="Second look", title_zh="复核", who=("role:director",))
EACH = pytest.mark.parametrize(
    ("folder", "name"), SHIPPED, ids=lambda one: getattr(one, "name", one)
)
SOME = pytest.mark.parametrize(
    ("folder", "name"), spread(SHIPPED, 12), ids=lambda one: getattr(one, "name", one)
)


def text_of(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


def errors(folder: Path, name: str, text: str) -> list[str]:
    files = {**read_folder(folder), name: text}
    report = check_module(files, known=OFFERS.known(folder.name), run_cases=False)
    return [str(one) for one in report.errors]


def bodies(text: str) -> dict[str, str]:
    """The bytes of every block that holds no other, by id."""
    source = read_source(text)
    return {
        node.id: text[slice(*source.span(node.path))]
        for node in read_chain(text).all_nodes()
        if not node.ways
    }


def without_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def all_but(before: str, after: str, *touched: str) -> None:
    """Every other block has its bytes; what surrounds the blocks is as it was."""
    old, new = bodies(before), bodies(after)
    for key in set(old) & set(new) - set(touched):
        assert old[key] == new[key]
    assert {k: v for k, v in read_source(before).value.items() if k != "blocks"} == {
        k: v for k, v in read_source(after).value.items() if k != "blocks"
    }


@EACH
def test_a_step_can_stand_behind_every_block(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    chain = read_chain(text)
    for node in chain.all_nodes():
        path = edits.place(chain, behind=node.path)
        made = edits.add_block(text, path, new_step(STEP, "second_look"))
        assert value_at(made, path)["step"] == "second_look"
        all_but(text, made, "second_look")
        assert errors(folder, name, made) == []
        assert edits.remove_block(made, path) == text or json.loads(
            edits.remove_block(made, path)
        ) == json.loads(text)


@EACH
def test_a_step_can_stand_last_in_every_list(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    chain = read_chain(text)
    for where in chain.lists():
        path = edits.place(chain, into=where)
        made = edits.add_block(text, path, new_step(STEP, "second_look"))
        assert value_at(made, where)[-1]["title"] == {"en": "Second look", "zh": "复核"}
        all_but(text, made, "second_look")


@EACH
def test_saving_what_is_there_changes_no_byte(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    chain = read_chain(text)
    for node in chain.steps():
        judge_step(read_step(node.raw))
        assert change_step(text, node.path, read_step(node.raw)) == text
        assert change_rights(text, node, read_rights(node.raw) or {}) == text
    for node in chain.all_nodes():
        bands = read_bands(node)
        if bands is not None:
            assert change_bands(text, node.path, bands, frozenset()) == text


CHANGES: list[tuple[str, Callable[[StepValues], StepValues]]] = [
    (key, lambda old, key=key, value=value: StepValues(**{**_all(old), **value}))  # type: ignore[misc]
    for key, value in (
        ("title", {"title_en": "Other", "title_zh": "其他"}),
        ("who", {"who": ("role:director", "project_role:project_manager")}),
        ("need", {"need": "count", "count": "1"}),
        ("reject", {"reject": "one", "then": "return:start"}),
        ("on_deadlock", {"deadlock": "hold"}),
        ("may", {"returns": (), "transfer": ""}),
        ("meaning", {"meaning_en": "", "meaning_zh": ""}),
    )
]


def _all(values: StepValues) -> dict[str, Any]:
    return {name: getattr(values, name) for name in StepValues.__dataclass_fields__}


@pytest.mark.parametrize(
    ("member", "change"), CHANGES, ids=lambda one: one if isinstance(one, str) else ""
)
@SOME
def test_an_edit_touches_its_member_alone(
    folder: Path, name: str, member: str, change: Callable[[StepValues], StepValues]
) -> None:
    text = text_of(folder, name)
    for node in read_chain(text).steps():
        wanted = change(read_step(node.raw))
        made = change_step(text, node.path, wanted)
        all_but(text, made, node.id)
        after = value_at(made, node.path)
        assert {k: v for k, v in after.items() if k != member} == {
            k: v for k, v in node.raw.items() if k != member
        }
        assert read_step(after) == wanted
        assert errors(folder, name, made) == []


@EACH
def test_a_condition_is_put_around_a_block_and_taken_away_again(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    for node in read_chain(text).all_nodes():
        made = edits.wrap(text, node.path, "1 > 0", "only_then")
        inner = (*node.path, "when", 0, "then", 0)
        assert value_at(made, inner) == node.raw
        assert without_lines(text[slice(*read_source(text).span(node.path))]) == without_lines(
            made[slice(*read_source(made).span(inner))]
        )
        all_but(
            text,
            made,
            *([node.id] if not node.ways else [n.id for n in read_chain(text).all_nodes()]),
        )
        chain = read_chain(made)
        around = edits.condition_around(chain, chain.node(inner))
        assert around is not None
        assert edits.unwrap(made, around.path) == text


@EACH
def test_a_block_moves_with_its_bytes(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    for node in read_chain(text).all_nodes():
        if not node.is_last:
            made = edits.move_block(text, node.path, up=False)
            all_but(text, made)
            below = (*node.path[:-1], int(node.path[-1]) + 1)
            assert edits.move_block(made, below, up=True) == text


@EACH
def test_a_removed_block_leaves_no_rule_about_it(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    for node in read_chain(text).steps():
        made = edits.remove_block(text, node.path)
        assert node.id not in taken_ids(json.loads(made))
        policy = json.loads(made).get("policy", {})
        assert all(node.id not in apart for apart in policy.get("distinct", ()))
        assert not str(policy.get("on_protected_change", "")).endswith(f":{node.id}")
        old, new = bodies(text), bodies(made)
        assert {k: v for k, v in old.items() if k != node.id} == new


@EACH
def test_rights_are_written_cell_by_cell(folder: Path, name: str) -> None:
    text = text_of(folder, name)
    for node in read_chain(text).steps():
        before = read_rights(node.raw)
        assert before is not None
        made = change_rights(text, node, {"new_field": "edit+require", "other": "hide"})
        all_but(text, made, node.id)
        after = read_chain(made).node(node.path)
        assert read_rights(after.raw) == {**before, "new_field": "edit+require", "other": "hide"}
        again = change_rights(made, after, {"new_field": "", "other": ""})
        assert json.loads(again) == json.loads(text)


def payment() -> tuple[str, Node]:
    text = (paths.DEFINITIONS / "payment/payment.workflow.json").read_text("utf-8")
    return text, next(node for node in read_chain(text).nodes if node.id == "authority")


def test_the_amounts_of_a_payment_are_a_table() -> None:
    bands = read_bands(payment()[1])
    assert bands is not None
    assert bands.field == "net_due"
    assert [row.up_to for row in bands.rows] == ["200000", "1000000"]
    assert bands.rows[1].who == ("dept_head_of:project",)
    assert bands.above.step == "director"


def test_a_row_is_added_in_its_place_and_another_removed() -> None:
    text, node = payment()
    bands = read_bands(node)
    assert bands is not None
    first, second = bands.rows
    new = Band("", "50万", "Contract engineer", "合同工程师", ("project_role:contract_engineer",))
    rows = (first, Band(**{**_row(second), "gone": True}), new)
    made = change_bands(
        text, node.path, type(bands)(**{**_bands(bands), "rows": rows}), taken_ids(json.loads(text))
    )
    after = read_bands(read_chain(made).node(node.path))
    assert after is not None
    assert [(row.step, row.up_to) for row in after.rows] == [
        ("project_manager", "200000"), ("contract_engineer", "500000")
    ]  # fmt: skip
    added = value_at(made, (*node.path, "when", 1, "then", 0))
    assert added["meaning"] == value_at(text, (*node.path, "else", 0, "meaning"))
    folder = paths.DEFINITIONS / "payment"
    assert errors(folder, "payment.workflow.json", made) == []
    assert "dept_head" not in made
    old, now = bodies(text), bodies(made)
    assert all(old[key] == now[key] for key in ("check", "cost", "project_manager", "director"))


def _row(row: Band) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Band.__dataclass_fields__}


def _bands(bands: Any) -> dict[str, Any]:
    return {name: getattr(bands, name) for name in type(bands).__dataclass_fields__}


@pytest.mark.parametrize("up_to", ["", "a lot", "200000", "100"])
def test_rows_must_rise(up_to: str) -> None:
    text, node = payment()
    bands = read_bands(node)
    assert bands is not None
    rows = (bands.rows[0], Band(**{**_row(bands.rows[1]), "up_to": up_to}))
    with pytest.raises(Invalid) as refused:
        change_bands(text, node.path, type(bands)(**{**_bands(bands), "rows": rows}), frozenset())
    assert [one.path for one in refused.value.errors] == ["row-1-up_to"]


def test_a_new_table_is_a_table() -> None:
    text, node = payment()
    bands = read_bands(node)
    assert bands is not None
    fresh = type(bands)(
        "net_due",
        (Band("", "1000", "Small", "", ("role:cashier",)), Band()),
        Band("", "", "Large", "", ("role:director",)),
        "By amount",
    )
    block = new_bands(fresh, "by_amount", frozenset({"small"}))
    made = edits.add_block(text, ("blocks", 0), block)
    found = read_bands(read_chain(made).node("blocks.0"))
    assert found is not None
    assert [row.step for row in (*found.rows, found.above)] == ["small_2", "large"]
    assert errors(paths.DEFINITIONS / "payment", "payment.workflow.json", made) == []


ODD = """{"workflow": "w", "form": "f", "blocks": [
  {"parallel": "p", "branches": [[]]},
  7,
  {"step": "a", "title": "A", "who": {"raci": "A"}, "need": {"percent": 60}, "reject": {"by": "majority"},
    "due": {"in": "2wd"}, "may": {"return": {"start": "resume"}, "add_signer": true}},
  {"choose": "c", "when": "later", "else": []},
  {"step": "b", "title": {"en": "B", "fr": "Bé"}, "who": [{"role": "x"}, {"group": "y"}], "need": "any",
    "reject": {"by": "one", "note": 1}, "fields": {"edit": "all"}}
]}"""


def odd() -> Chain:
    return read_chain(ODD)


def test_what_is_not_known_is_shown_and_kept() -> None:
    kinds = [(node.kind, node.id) for node in odd().nodes]
    assert kinds == [
        ("unknown", ""),
        ("unknown", ""),
        ("step", "a"),
        ("unknown", "c"),
        ("step", "b"),
    ]
    first, second = (read_step(node.raw) for node in odd().steps())
    assert (first.need, first.reject, first.who) == (KEPT, KEPT, ())
    assert second.who == ("role:x",)
    assert read_rights(odd().node("blocks.4").raw) is None


def test_unknown_members_stay_beside_what_is_edited() -> None:
    values = StepValues(
        **{
            **_all(read_step(odd().node("blocks.2").raw)),
            "title_en": "New",
            "returns": ("start", "x"),
        }
    )
    made = value_at(change_step(ODD, ("blocks", 2), values), ("blocks", 2))
    assert made == {
        **odd().node("blocks.2").raw, "title": "New",
        "may": {"return": {"start": "resume", "x": "rerun"}, "add_signer": True},
    }  # fmt: skip
    values = StepValues(
        **{**_all(read_step(odd().node("blocks.4").raw)), "title_en": "New", "reject": "all"}
    )
    text = change_who(change_step(ODD, ("blocks", 4), values), ("blocks", 4), ("role:x", "role:z"))
    made = value_at(text, ("blocks", 4))
    assert made["title"] == {"en": "New", "fr": "Bé"}
    assert made["reject"] == {"by": "all", "note": 1}
    assert made["who"] == [{"role": ["x", "z"]}, {"group": "y"}]


def test_people_are_written_as_compactly_as_by_hand() -> None:
    assert write_who([("role", "a")]) == {"role": "a"}
    assert write_who([("role", "a"), ("role", "b")]) == {"role": ["a", "b"]}
    lines = [("project_role", "a"), ("role", "c"), ("project_role", "b")]
    assert write_who(lines) == [{"project_role": ["a", "b"]}, {"role": "c"}]
    assert read_who(write_who(lines)) == ([lines[0], lines[2], lines[1]], [])
    assert line_from("manager_of:1") is None
    assert line_from("role:") is None


def test_ids_are_new_and_stay_short() -> None:
    assert edits.new_id("Sponsor (above 500,000)", {"x"}) == "sponsor_above_500_000"
    assert edits.new_id("Sponsor", {"sponsor", "sponsor_2"}) == "sponsor_3"
    assert edits.new_id("复核", set(), "director") == "director"
    assert edits.new_id("Start", set()) == "start_2"
    long = edits.new_id("a" * 80, {"a" * 41})
    assert len(long) <= 41


def test_a_return_leads_to_what_comes_before() -> None:
    chain = read_chain(payment()[0])
    assert [node.id for node in chain.earlier(("blocks", 2, "else", 0))] == ["check", "cost"]
    assert [node.id for node in chain.earlier(("blocks", 3))] == ["check", "cost", "authority"]
    assert chain.earlier(("blocks", 0)) == []


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (StepValues(who=("role:x",)), "title_en"),
        (StepValues(title_en="A"), "who"),
        (StepValues(title_en="A", who=("role:x",), need="count", count="0"), "count"),
        (StepValues(title_en="A", who=("role:x",), need="count", count="２"), "count"),
        (StepValues(title_en="A", who=("role:x",), need="count", count="2"), "deadlock"),
        (StepValues(title_en="A", who=("role:x",), need="all", reject="all"), "reject"),
        (StepValues(title_en="A", who=("role:x",), then="return:No"), "then"),
        (StepValues(title_en="A", who=("role:x",), returns=("../x",)), "returns"),
        (StepValues(title_en="A", who=("role:x",), transfer="all"), "transfer"),
    ],
)
def test_a_step_that_cannot_be_is_refused_at_its_input(values: StepValues, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        judge_step(values)
    assert [one.path for one in refused.value.errors] == [wrong]
