"""A release says which posting rules changed, and how, in the words of their form."""

import json
from typing import Any

from portal.definitions.diff import diff
from portal.errors import Message

FORM = {
    "$schema": "../schema/form-1.json", "form": "ticket", "version": 1,
    "title": {"en": "Ticket", "zh": "点工单"}, "numbering": "T-{seq:4}", "subject": "title",
    "data": {"properties": {
        "title": {"x-field": {"kind": "text", "label": {"en": "Title", "zh": "标题"}}},
        "scope": {"x-field": {"kind": "choice", "label": {"en": "Scope", "zh": "范围"}, "options": [
            {"value": "in", "label": {"en": "In scope", "zh": "范围内"}},
            {"value": "out", "label": {"en": "Out of scope", "zh": "范围外"}},
        ]}},
        "lines": {
            "x-field": {"kind": "table", "label": {"en": "Lines", "zh": "明细"}},
            "items": {"properties": {
                "net": {"x-field": {"kind": "money", "label": {"en": "Net", "zh": "净额"}}},
                "gross": {"x-field": {"kind": "money", "label": {"en": "Gross", "zh": "总额"}}},
            }},
        },
    }},
    "layout": [{"type": "section", "title": "General", "fields": ["title", "scope", "lines"]}],
    "list": {"columns": ["title"], "filters": []},
}  # fmt: skip
RULE = {
    "id": "cost", "ledger": "cost_entry", "on": "approved", "foreach": "lines",
    "when": "scope == 'in'",
    "set": {
        "bucket": "commit", "cost_code": "row.code", "amount": "row.net", "ccy": "project.currency",
        "effective_on": "record.approved_on",
    },
}  # fmt: skip


def sentences(*sides: list[dict[str, Any]] | None) -> list[str]:
    """What is said of the rules before and after; None is no file."""
    files = []
    for rules in sides:
        raw = {"$schema": "../schema/postings-1.json", "postings": "t", "form": "ticket",
               "rules": rules}  # fmt: skip
        own = {} if rules is None else {"t.postings.json": json.dumps(raw)}
        files.append({"ticket.form.json": json.dumps(FORM), **own})
    return [str(one.sentence) for one in diff(*files).changes]


def changed(**members: Any) -> dict[str, Any]:
    return {**RULE, **members}


def test_a_changed_rule_is_one_sentence_in_the_words_of_its_form() -> None:
    columns = {
        **RULE["set"],
        "amount": "round(row.gross * 2, 2)",
        "bucket": "actual",
        "unit": "'h'",
    }
    del columns["effective_on"]
    columns["effective_on"] = "today()"
    (said,) = sentences([RULE], [changed(when="scope == 'out'", on="submitted", set=columns)])
    assert said == (
        "Posting rule cost: When it posts is “When submitted” instead of “When approved”, "
        "Post only when: Scope is “Out of scope” (before: Scope is “In scope”), "
        "Kind of cost is “Actual cost” instead of “Commitment”, Unit is “'h'” now, "
        "Amount is “round(Gross * 2, 2)” instead of “Net”, "
        "Counts from is “today()” instead of “record.approved_on”."
    )


def test_rules_that_come_go_or_lose_a_condition_say_so() -> None:
    plain = {key: value for key, value in RULE.items() if key not in ("when", "foreach")}
    (said,) = sentences([RULE], [plain])
    assert said == (
        "Posting rule cost: How often: once for the record (before: for every row of “Lines”), "
        "Post only when: always (before: Scope is “In scope”)."
    )
    other = changed(id="more")
    (said,) = sentences([RULE], [RULE, other])
    assert said == (
        "Posting rule more is new. When approved, one entry per row of “Lines” into Cost, "
        "where Scope is “In scope”."
    )
    assert sentences([RULE, other], [RULE]) == ["Posting rule more is gone."]
    assert sentences([RULE, other], [other, RULE]) == ["The order of the posting rules changed."]


def test_the_first_rules_of_a_form_are_told_with_their_file() -> None:
    plain = {key: value for key, value in RULE.items() if key not in ("when", "foreach")}
    assert sentences(None, [plain]) == [
        "t.postings.json is new.",
        "Posting rule cost is new. When approved, one entry into Cost.",
    ]
    assert sentences([plain], None) == ["t.postings.json is gone."]


def test_a_rule_only_written_otherwise_says_so_and_labels_are_of_the_readers_language() -> None:
    assert sentences([RULE], [changed(on_leave="reverse")]) == [
        "Posting rule cost: only how it is written."
    ]
    files = [
        {"ticket.form.json": json.dumps(FORM), "t.postings.json": json.dumps(
            {"$schema": "../schema/postings-1.json", "postings": "t", "form": "ticket", "rules": [one]}
        )}
        for one in (RULE, changed(set={**RULE["set"], "amount": "row.gross"}))
    ]  # fmt: skip
    (change,) = diff(*files).changes
    changes: Any = change.sentence.args["changes"]
    assert isinstance(changes, Message)
    words: Any = changes.args["new"]
    assert words.in_language("zh") == "总额"
