"""Completion in the JSON editor: members, words and names at the cursor; what they mean; whose page."""

import json
from typing import Any

import pytest

from portal.builder.saving import mark_of
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, FORM, Desk

pytestmark = pytest.mark.any_database

HOSTILE = "</script><b>x"


def ask(browser: Browser, marked: str, file: str = FORM) -> dict[str, Any]:
    """What is offered where | stands in a text."""
    before, _mark, after = marked.partition("|")
    answer = browser.post(
        f"{DRAFT}/{file}/complete",
        text=(before + after).replace("\n", "\r\n"),
        row=str(before.count("\n")),
        column=str(len(before.rpartition("\n")[2].encode("utf-16-le")) // 2),
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.data)
    return found


def shown(found: dict[str, Any]) -> list[str]:
    return [one["shown"] for one in found["offers"]]


def applied(marked: str, found: dict[str, Any], choice: str) -> str:
    """The text once an offer is taken, with | where the cursor then stands."""
    lines = marked.replace("|", "").split("\n")
    at, offer = found["range"], next(one for one in found["offers"] if one["shown"] == choice)
    assert at["row"] == at["last_row"]
    line = lines[at["row"]].encode("utf-16-le")
    before, after = (
        part.decode("utf-16-le")
        for part in (line[: at["column"] * 2], line[at["last_column"] * 2 :])
    )
    text, caret = offer["text"], offer["caret"]
    lines[at["row"]] = f"{before}{text[:caret]}|{text[caret:]}{after}"
    return "\n".join(lines)


def form(inside: str) -> str:
    """A form whose fields are written around the cursor."""
    return (
        '{"$schema": "../schema/form-1.json", "form": "site_visit", "data": {"properties": {'
        + inside
    )


def test_members_are_offered_those_that_are_needed_first_and_none_twice(author: Browser) -> None:
    found = ask(author, '{\n  "form": "site_visit",\n  "ver|\n}')
    assert shown(found)[0] == "$schema"
    assert "form" not in shown(found)
    assert set(shown(found)[:4]) <= {"$schema", "version", "title", "subject", "data"}
    about = {one["shown"]: one["about"] for one in found["offers"]}
    assert about["rules"] == "When fields are shown, required, locked, and what is refused"


@pytest.mark.parametrize(
    ("marked", "choice", "after"),
    [
        ('{\n  "ver|\n}', "version", '{\n  "version": |\n}'),
        ('{\n  "tit|le": "x"\n}', "title", '{\n  "title|": "x"\n}'),
        ('{\n  |\n  "form": "x"\n}', "layout", '{\n  "layout": [|],\n  "form": "x"\n}'),
        ('{\n  ru|\n}', "rules", '{\n  "rules": [|]\n}'),
        ('{"名": "𝒳", "sub|"}', "subject", '{"名": "𝒳", "subject": "|"}'),
    ],
)  # fmt: skip
def test_a_member_is_written_whole(author: Browser, marked: str, choice: str, after: str) -> None:
    found = ask(author, marked)
    if choice == "title":
        after = after.replace("title|", "title").replace('"title"', '"title"|')
    assert applied(marked, found, choice) == after


def test_options_follow_from_the_kind_and_kinds_from_the_place(author: Browser) -> None:
    kinds = shown(ask(author, form('"a": {"x-field": {"kind": "|"')))
    assert {"money", "choice", "table", "record"} <= set(kinds)
    column = (
        '"t": {"x-field": {"kind": "table"}, "items": {"properties": {"c": {"x-field": {"kind": "|"'
    )
    assert "table" not in shown(ask(author, form(column)))
    money = shown(ask(author, form('"a": {"x-field": {"kind": "money", |')))
    assert "currency" in money
    assert "options" not in money
    assert "kind" not in money
    assert "options" in shown(ask(author, form('"a": {"x-field": {"kind": "choice", "')))


def test_words_of_a_list_are_offered_and_replace_what_is_there(author: Browser) -> None:
    marked = '{"form": "site_visit", "scope": "pro|"}'
    found = ask(author, marked)
    assert shown(found) == ["project", "company"]
    assert applied(marked, found, "company") == '{"form": "site_visit", "scope": "company"|}'
    yes_no = shown(ask(author, form('"a": {"x-field": {"kind": "text", "required": |}')))
    assert yes_no == ["true", "false"]


def test_fields_are_offered_where_a_field_is_named(desk: Desk, author: Browser) -> None:
    text = desk.text().rstrip().rstrip("}").rstrip()
    found = ask(author, text + ', "amount": "|')
    assert {"title", "amount"} <= set(shown(found))
    assert {one["sort"] for one in found["offers"]} == {"name"}


def test_expressions_know_fields_rows_links_and_functions(author: Browser) -> None:
    whole = form(
        '"total": {"x-field": {"kind": "money", "label": "Total"}},'
        ' "lines": {"x-field": {"kind": "table"}, "items": {"properties": '
        '{"qty": {"x-field": {"kind": "number"}}}}}}},'
    )
    header = ask(author, whole + ' "computed": {"total": "round(sum(li|')
    assert {"lines.qty", "total", "sum(", "project.currency", "record.number"} <= set(shown(header))
    assert "row.qty" not in shown(header)
    row = ask(author, whole + ' "computed": {"lines[].qty": "|')
    assert {"row.qty", "parent.total"} <= set(shown(row))
    marked = whole + ' "computed": {"total": "1 + lin| * 2"'
    assert applied(marked, ask(author, marked), "lines.qty").endswith('"1 + lines.qty| * 2"')


def test_a_chain_is_offered_its_blocks_roles_and_fields(desk: Desk, author: Browser) -> None:
    text = desk.text(CHAIN)
    chain = json.loads(text)
    (step,) = [one["step"] for one in chain["blocks"]]
    head = json.dumps({**chain, "title": "x"})[:-1]
    assert {"step", "choose", "cc"} <= set(shown(ask(author, '{"blocks": [{|', CHAIN)))
    roles = shown(ask(author, '{"blocks": [{"step": "a", "who": {"project_role": "|', CHAIN))
    assert {"project_manager", "member"} <= set(roles)
    assert "restart_from:" + step in shown(
        ask(author, head + ', "policy": {"on_protected_change": "|', CHAIN)
    )
    assert {"title", "amount"} <= set(
        shown(ask(author, head + ', "policy": {"protected": ["|', CHAIN))
    )


def test_ledger_columns_follow_from_the_ledger(author: Browser) -> None:
    author.post(f"{DRAFT}/files", kind="postings", key="visits", form="site_visit")
    rule = '{"postings": "visits", "form": "site_visit", "rules": [{"id": "a", "ledger": "%s", "set": {|'
    cost = shown(ask(author, rule % "cost_entry", "visits.postings.json"))
    labor = shown(ask(author, rule % "labor_entry", "visits.postings.json"))
    assert {"cost_code", "amount"} <= set(cost)
    assert "worker" in labor
    assert "worker" not in cost
    ledgers = shown(ask(author, rule.partition("%s")[0] + "|", "visits.postings.json"))
    assert {"cost_entry", "labor_entry"} <= set(ledgers)


def test_forms_and_workflows_of_the_draft_are_offered_in_module_json(author: Browser) -> None:
    entry = '{"forms": [{"form": "|'
    assert shown(ask(author, entry, "module.json")) == ["site_visit"]
    assert shown(ask(author, '{"forms": [{"workflow": "|', "module.json")) == ["site_visit"]


def test_the_place_is_told_with_its_meaning_and_its_page(desk: Desk, author: Browser) -> None:
    text = desk.text()
    at = text.index('"amount": {') + 3
    found = ask(author, f"{text[:at]}|{text[at:]}")
    assert found["path"] == "data.properties.amount"
    assert found["page"]["url"] == f"{EDITOR}/design/fields/amount"
    inside = text.index('"kind"', at) + 2
    found = ask(author, f"{text[:inside]}|{text[inside:]}")
    assert found["about"].startswith("The kind of the field")
    chain = desk.text(CHAIN)
    at = chain.index('"step"') + 9
    page = ask(author, f"{chain[:at]}|{chain[at:]}", CHAIN)["page"]
    assert author.get(page["url"]).status_code == 200


def test_a_fields_page_leads_to_its_line_and_a_steps_page_too(desk: Desk, author: Browser) -> None:
    line = desk.text()[: desk.text().index('"amount": {')].count("\n") + 1
    page = author.get(f"{EDITOR}/design/fields/amount").text
    assert f'href="{EDITOR}#L{line}"' in page
    chain = desk.text(CHAIN)
    at = chain.index('"step"') + 9
    url = ask(author, f"{chain[:at]}|{chain[at:]}", CHAIN)["page"]["url"]
    line = chain[: chain.rindex("{", 0, at)].count("\n") + 1
    assert f'href="{DRAFT}/{CHAIN}#L{line}"' in author.get(url).text


def test_hostile_labels_come_as_plain_data(author: Browser) -> None:
    text = form(f'"a": {{"x-field": {{"kind": "text", "label": "{HOSTILE}"}}}}}}}}, "subject": "|')
    before, _mark, after = text.partition("|")
    answer = author.post(
        f"{EDITOR}/complete", text=before + after, row="0", column=str(len(before))
    )
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["offers"][0]["about"] == HOSTILE


@pytest.mark.parametrize(
    ("row", "column"), [("0", "0"), ("999999", "5"), ("-1", "x"), ("", ""), ("9" * 30, "9" * 30)]
)
def test_any_place_and_any_text_is_answered(author: Browser, row: str, column: str) -> None:
    for text in (
        "",
        "{",
        "[" * 50_000,
        '{"data": {"properties": []}}',
        '{"rules": 3, "layout": "x"',
    ):
        answer = author.post(f"{EDITOR}/complete", text=text, row=row, column=column)
        assert answer.status_code == 200


def test_asking_saves_nothing(desk: Desk, author: Browser) -> None:
    before = mark_of(desk.text())
    ask(author, "{|")
    assert mark_of(desk.text()) == before


def test_who_may_ask(desk: Desk, author: Browser) -> None:
    assert desk.browser("vera").post(f"{EDITOR}/complete", text="{").status_code == 200
    for login in ("rick", "otto", "eve"):
        assert desk.browser(login).post(f"{EDITOR}/complete", text="{").status_code == 403
    assert author.post(f"{DRAFT}/nope.form.json/complete", text="{").status_code == 404
    assert author.post(f"{EDITOR}/complete", text="x" * 1_000_001).status_code == 413


def test_meanings_are_told_in_chinese_too(author: Browser) -> None:
    author.post("/language", language="zh")
    found = ask(author, '{"ver|')
    about = {one["shown"]: one["about"] for one in found["offers"]}
    assert about["version"] == "表单每次变更并发布时递增"
