"""Branches by hand: a choice is added, its ways change, and everything else stays byte by byte."""

import json

import pytest

from portal.builder.design.chain import Node, read_chain
from portal.builder.design.chain_branches import (
    add_branch,
    add_way,
    move_way,
    put_into_branch,
    remove_way,
    the_way,
)
from portal.builder.splicing import remove
from portal.errors import Invalid, NotFound

TEXT = """{
  "workflow": "visit", "language": 1, "form": "visit",
  "title":  "Visit",
  "blocks": [
    {"step": "check", "title": "Check", "who": {"role": "a"}, "need": "any", "reject": "one"}
  ],
  "policy": {"distinct": [["check", "board"]]}
}
"""


def _choice(text: str) -> Node:
    return next(node for node in read_chain(text).nodes if node.kind == "choose")


def test_a_branch_is_added_and_taken_out_again_byte_by_byte() -> None:
    text = add_branch(TEXT, ("blocks", 1), "amount > 5", "large", ("Large", ""))
    choice = json.loads(text)["blocks"][1]
    assert choice == {
        "choose": "large",
        "title": {"en": "Large"},
        "when": [{"if": "amount > 5", "then": []}],
        "else": [],
    }
    assert remove(text, ("blocks", 1)) == TEXT


def test_a_block_is_put_on_the_first_way_as_it_is_written() -> None:
    text = put_into_branch(TEXT, ("blocks", 0), "amount > 5", "large", ("Large", "大额"))
    choice = json.loads(text)["blocks"][0]
    assert choice["when"][0]["then"] == json.loads(TEXT)["blocks"]
    assert choice["title"] == {"en": "Large", "zh": "大额"}
    line = TEXT.splitlines()[4].strip()
    assert line in text


def test_ways_are_added_put_in_order_and_taken_out_with_what_is_on_them() -> None:
    text = add_branch(TEXT, ("blocks", 1), "amount > 5", "large", ("", ""))
    text = add_way(text, ("blocks", 1), "amount > 3")
    step = {"step": "board", "title": "B", "who": {"role": "b"}, "need": "any", "reject": "one"}
    raw = json.loads(text)
    raw["blocks"][1]["when"][1]["then"] = [step]
    text = json.dumps(raw, indent=1)
    moved = move_way(text, the_way(_choice(text), "1"), up=True)
    assert [one["if"] for one in json.loads(moved)["blocks"][1]["when"]] == [
        "amount > 3",
        "amount > 5",
    ]
    assert json.loads(move_way(moved, the_way(_choice(moved), "0"), up=False)) == json.loads(text)
    choice = _choice(moved)
    left = json.loads(remove_way(moved, choice, the_way(choice, "0")))
    assert [one["if"] for one in left["blocks"][1]["when"]] == ["amount > 5"]
    assert "policy" not in left  # the group named a step that went with the way


def test_the_last_way_with_a_condition_stays_and_no_way_leaves_the_choice() -> None:
    text = add_branch(TEXT, ("blocks", 1), "amount > 5", "large", ("", ""))
    choice = _choice(text)
    with pytest.raises(Invalid, match="one way with a condition"):
        remove_way(text, choice, the_way(choice, "0"))
    for up in (True, False):
        with pytest.raises(NotFound):
            move_way(text, the_way(choice, "0"), up=up)
    for number in ("1", "-1", "x", "٣"):
        with pytest.raises(NotFound):
            the_way(choice, number)
