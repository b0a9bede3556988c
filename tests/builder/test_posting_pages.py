"""Posting rules by choosing: added, changed, moved and removed without seeing JSON; two authors."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from portal.builder import queries
from portal.builder.checks import judge
from portal.builder.saving import mark_of
from tests.builder.postings_stage import AT, COST, DRAFT, FILE, Works, hidden, shown, works_on
from tests.conftest import Lending


@pytest.fixture
def works(lending: Lending) -> Iterator[Works]:
    with works_on(lending) as works:
        yield works


@pytest.fixture
def bare(lending: Lending) -> Iterator[Works]:
    """The same module, its purchases posting nothing."""
    with works_on(lending, with_rules=False) as works:
        yield works


def raw(works: Works) -> list[dict[str, Any]]:
    return list(json.loads(works.text())["rules"])


def sound(works: Works) -> bool:
    with works.stage.look():
        return judge("works", queries.the_draft("works").files).report.ok


def test_a_form_without_postings_gets_its_first_rule_and_a_file_with_it(bare: Works) -> None:
    page = bare.author.get(DRAFT).text
    assert "Add postings to “Purchase”" in page
    assert "Add postings to “Cost code”" not in page  # belongs to the company
    assert "This form posts nothing yet" in bare.author.get(AT).text
    assert FILE not in bare.files()
    first = bare.author.get(f"{AT}/rules/new").text
    assert "for every row of “Lines”" in first
    chosen = bare.author.get(f"{AT}/rules/new?ledger=cost_entry&on=approved&table=lines").text
    proposed = shown(chosen)
    assert proposed["set-cost_code"] == "field:row.cost_code"
    assert proposed["set-ccy"] == "field:project.currency"
    assert proposed["set-effective_on"] == "field:record.approved_on"
    assert "Still to be bound: Kind of cost, Amount" in chosen
    answer = bare.add(**{**proposed, **COST})
    assert answer.status_code == 303
    assert answer.location.endswith("/design#rule-0")
    (rule,) = raw(bare)
    assert rule == {
        "id": "commit", "ledger": "cost_entry", "on": "approved", "foreach": "lines",
        "set": {
            "bucket": "commit", "cost_code": "row.cost_code", "qty": "row.qty",
            "amount": "row.amount", "ccy": "project.currency",
            "effective_on": "record.approved_on",
        },
    }  # fmt: skip
    assert sound(bare)
    page = bare.author.get(AT).text
    assert "When approved, one entry per row of “Lines” into Cost" in page
    assert "Commitment" in page
    with bare.stage.look():
        revision = str(queries.the_draft("works").revision)
    assert bare.author.post(f"{DRAFT}/publish", revision=revision, note="").status_code == 303


def test_the_same_page_sent_twice_adds_one_rule(works: Works) -> None:
    page = works.author.get(f"{AT}/rules/new?ledger=cost_entry").text
    for _time in range(2):
        works.author.post(f"{AT}/rules/new", **hidden(page, "request_key"), **COST)
    assert len(raw(works)) == 3


def test_only_fitting_fields_are_offered(works: Works) -> None:
    page = works.author.get(f"{AT}/rules/0").text

    def offered(column: str) -> set[str]:
        body = page[page.index(f'name="set-{column}"') :]
        body = body[: body.index("</select>")]
        return {one.split('"')[0] for one in body.split('value="')[1:]}

    assert "field:row.amount" in offered("amount")
    assert "field:row.qty" not in offered("amount")
    assert "field:crew" not in offered("cost_code")
    assert "field:crew.rate" in offered("amount")
    assert offered("ccy") == {"", "field:project.currency", "fixed", "formula"}
    assert {"word:actual", "formula"} <= offered("bucket")
    assert "fixed" not in offered("bucket")


def test_saving_what_is_shown_changes_no_byte(works: Works) -> None:
    text = works.text().replace('"row.amount"', '"row.amount * 1"').replace("      ", "\t ")
    works.write(text)
    for at in range(2):
        assert works.edit(at).status_code == 303
    assert works.text() == text


def test_a_rule_is_changed_and_nothing_else(works: Works) -> None:
    before = works.text()
    answer = works.edit(
        0,
        **{
            "only-0-field": "row.qty", "only-0-op": ">", "only-0-value": "10",
            "set-qty": "", "set-unit": "fixed", "set-unit-text": "m³ 'solid'",
            "set-amount": "formula", "set-amount-text": "round(row.amount * 1.05, 2)",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    first, second = raw(works)
    assert first["when"] == "row.qty > 10"
    assert list(first) == ["id", "ledger", "on", "foreach", "when", "set"]
    assert "qty" not in first["set"]
    assert first["set"]["unit"] == "'m³ \\'solid\\''"
    assert list(first["set"])[2:4] == ["unit", "amount"]
    assert second == json.loads(before)["rules"][1]
    page = works.author.get(AT).text
    assert "where Quantity is more than 10" in page
    assert "round(Amount * 1.05, 2)" in page
    shown_now = shown(works.author.get(f"{AT}/rules/0").text)
    assert (shown_now["set-unit"], shown_now["set-unit-text"]) == ("fixed", "m³ 'solid'")


def test_what_is_wrong_is_said_at_its_column_and_typed_text_stays(works: Works) -> None:
    before = works.text()
    answer = works.edit(
        0,
        **{
            "set-bucket": "", "set-amount": "formula", "set-amount-text": "row.qty + title",
            "set-effective_on": "formula", "set-effective_on-text": "",
            "only-source": "row.qty >",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    for column in ("bucket", "amount", "effective_on"):
        assert f'id="set-{column}-error"' in answer.text
    assert "Nothing can be posted without it" in answer.text
    assert "Write the formula." in answer.text
    assert "row.qty + title</textarea>" in answer.text
    assert "row.qty &gt;</textarea>" in answer.text
    assert 'id="only-source-error"' in answer.text
    assert works.text() == before
    wrong_kind = works.edit(0, **{"set-amount": "field:row.qty"})
    assert wrong_kind.status_code == 422
    assert "“Amount” needs money" in wrong_kind.text
    currency = works.edit(0, **{"set-ccy": "fixed", "set-ccy-text": "USD"})
    assert currency.status_code == 422
    assert "Bind ccy to the currency of the amount." in currency.text
    assert works.edit(0, ledger="nonsense").status_code == 422
    assert works.edit(0, table="nonsense", on="").status_code == 422
    assert works.edit(0, **{"set-unit": "fixed", "set-unit-text": "x" * 2000}).status_code == 422
    assert works.text() == before


def test_a_value_that_may_be_empty_is_kept_and_said(works: Works) -> None:
    answer = works.edit(0, **{"set-amount": "field:crew_rate"})
    assert answer.status_code == 303
    page = works.author.get(f"{AT}/rules/0").text
    assert "“Amount” must not be empty, but “crew_rate” may be." in page
    assert "cannot be published before it is mended" in page


def test_looking_says_what_is_wrong_at_once_and_saves_nothing(works: Works) -> None:
    before = works.text()
    sent = shown(works.author.get(f"{AT}/rules/0").text)
    sent |= {"set-amount": "formula", "set-amount-text": "title"}
    part = works.author.post(f"{AT}/look", headers={"HX-Request": "true"}, **sent)
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<form")
    assert "“Amount” needs money" in part.text
    other = works.author.post(f"{AT}/look", **{**sent, "ledger": "progress_entry"})
    assert "<html" in other.text
    assert 'name="set-milestone"' in other.text
    assert 'name="set-amount"' not in other.text
    assert "Still to be bound: Reading, As of" in other.text
    assert works.text() == before


def test_another_ledger_takes_the_columns_of_the_first_away(works: Works) -> None:
    answer = works.edit(
        1,
        **{
            "ledger": "progress_entry", "table": "", "set-milestone": "formula",
            "set-milestone-text": "crew", "set-reading": "word:actual",
            "set-as_of": "field:record.approved_on",
        },
    )  # fmt: skip
    assert answer.status_code == 422  # a crew is no milestone, and its day is not bound
    assert "“Milestone” needs a link to “milestone”" in answer.text
    assert "A reading of this kind needs “Day of the milestone”" in answer.text


def test_rules_move_are_copied_and_taken_out(works: Works) -> None:
    before = works.text()
    assert works.act(1, "up").location.endswith("#rule-0")
    assert [one["id"] for one in raw(works)] == ["final", "pending"]
    assert works.act(0, "down").status_code == 303
    assert works.text() == before
    assert works.act(0, "duplicate").status_code == 303
    assert [one["id"] for one in raw(works)] == ["pending", "pending_2", "final"]
    assert raw(works)[1] == {**raw(works)[0], "id": "pending_2"}
    assert works.act(1, "remove").status_code == 303
    assert works.text() == before
    works.act(1, "remove")
    answer = works.act(0, "remove")
    assert answer.location.endswith("/draft")
    assert FILE not in works.files()
    assert sound(works)
    page = works.author.get(AT).text
    assert "This form posts nothing yet" in page


def test_edits_of_different_rules_merge_and_the_second_to_the_same_decides(works: Works) -> None:
    other = works.stage.browser("ada")
    mine = shown(works.author.get(f"{AT}/rules/0").text)
    theirs_elsewhere = shown(other.get(f"{AT}/rules/1").text)
    other.post(f"{AT}/rules/1", **{**theirs_elsewhere, "set-qty": ""})
    answer = works.author.post(f"{AT}/rules/0", **{**mine, "set-bucket": "word:actual"})
    assert answer.status_code == 303
    assert raw(works)[0]["set"]["bucket"] == "actual"
    assert "qty" not in raw(works)[1]["set"]
    mine = shown(works.author.get(f"{AT}/rules/0").text)
    works.edit(0, other, **{"set-bucket": "word:commit"})
    before = works.text()
    sent = {**mine, "set-amount": "formula", "set-amount-text": "row.amount * 2"}
    answer = works.author.post(f"{AT}/rules/0", **sent)
    assert answer.status_code == 409
    assert "Somebody changed this rule while you were at it" in answer.text
    assert "<dt>Kind of cost</dt><dd>Commitment</dd>" in answer.text
    assert "row.amount * 2</textarea>" in answer.text
    assert works.text() == before
    over = answer.text.split('name="over" value="')[1].split('"')[0]
    assert works.author.post(f"{AT}/rules/0", **sent, over=over).status_code == 303
    assert raw(works)[0]["set"]["bucket"] == "actual"
    assert raw(works)[0]["set"]["amount"] == "row.amount * 2"


def test_an_edit_of_a_rule_is_taken_back_by_its_name(works: Works) -> None:
    before = works.text()
    works.edit(1, **{"set-bucket": "word:actual"})
    page = works.author.get(AT).text
    assert "Undo: posting rule “final”" in page
    undo = page[page.index(f'action="{DRAFT}/undo"') :]
    works.author.post(f"{DRAFT}/undo", **hidden(undo[: undo.index("</form>")], "act", "back"))
    assert works.text() == before


def test_a_rule_somebody_took_out_can_be_added_anew(works: Works) -> None:
    mine = shown(works.author.get(f"{AT}/rules/0").text)
    page = works.author.get(AT).text
    form = page[page.index(f'action="{AT}/rules/0/remove"') :]
    stale = hidden(form[: form.index("</form>")], "part", "id")
    works.act(0, "remove")
    assert works.author.post(f"{AT}/rules/0/remove", **stale).status_code == 409
    answer = works.author.post(f"{AT}/rules/0", **mine)
    assert answer.status_code == 409
    assert "This rule is no longer there" in answer.text
    assert f'action="{AT}/rules/new"' in answer.text
    sent = shown(answer.text)
    assert works.author.post(f"{AT}/rules/new", **sent).status_code == 303
    assert [one["id"] for one in raw(works)] == ["final", "commit_pending"]


def test_hostile_text_is_shown_and_never_run(works: Works) -> None:
    evil = "<script>alert(1)</script>"
    works.write(works.text().replace('"pending"', json.dumps(evil)).replace('"lines"', '"x<b>"'))
    page = works.author.get(AT).text
    assert evil not in page
    assert "&lt;script&gt;" in page
    answer = works.edit(1, table="lines", **{"set-unit": "fixed", "set-unit-text": evil})
    assert answer.status_code == 303
    assert raw(works)[1]["set"]["unit"] == f"'{evil}'"
    assert evil not in works.author.get(AT).text
    typed = works.edit(1, **{"set-amount": "formula", "set-amount-text": "__import__('os')" + evil})
    assert typed.status_code == 422
    assert evil not in typed.text
    odd = '{"$schema": "x", "form": "purchase", "rules": [7, {"ledger": ["cost_entry"]}, "s"]}'
    works.write(odd)
    page = works.author.get(AT)
    assert page.status_code == 200
    assert page.text.count("Not known here, kept as it is") == 3
    assert works.author.get(f"{AT}/rules/0").status_code == 404
    assert works.act(0, "remove").status_code == 303
    works.write("{ no json")
    assert "This text cannot be read" in works.author.get(AT).text
    assert works.author.get(f"{AT}/rules/0").status_code == 404
    assert works.author.get(f"{AT}/dry-run").status_code == 200


def test_while_the_form_has_errors_rules_are_kept_and_said_to_wait(works: Works) -> None:
    form = works.files()["purchase.form.json"]
    works.write(
        form.replace('"round(row.qty * row.price, 2)"', '"nonsense("'), "purchase.form.json"
    )
    before = works.text()
    page = works.author.get(f"{AT}/rules/0").text
    assert "its fields cannot be offered" in page
    assert works.edit(0).status_code == 303
    assert works.text() == before
    assert works.edit(0, **{"set-amount-text": "row.("}).status_code == 422


@pytest.mark.parametrize("login", ["rick", "oskar", ""])
def test_others_may_not(works: Works, login: str) -> None:
    browser = works.stage.browser(login)
    for address in (AT, f"{AT}/rules/0", f"{AT}/rules/new", f"{AT}/dry-run"):
        assert browser.get(address).status_code in (302, 303, 403, 404)
    assert browser.post(f"{AT}/rules/0/remove", id="pending").status_code in (302, 303, 403, 404)
    assert len(raw(works)) == 2


def test_an_auditor_reads_and_changes_nothing(works: Works) -> None:
    vera = works.stage.browser("vera")
    page = vera.get(AT).text
    assert "When submitted, one entry per row" in page
    assert "Add a rule" not in page
    assert "disabled" in vera.get(f"{AT}/rules/0").text
    assert vera.get(f"{AT}/rules/new").status_code == 403
    assert vera.post(f"{AT}/rules/0", id="pending").status_code == 403
    assert vera.get(f"{AT}/dry-run").status_code == 200


def test_there_is_no_such_file(works: Works) -> None:
    for name in ("nothing", "appraisal.form"):
        assert works.author.get(f"{DRAFT}/{name}.postings.json/design").status_code == 404
    assert works.author.get(f"{AT}/rules/9").status_code == 404
    assert works.author.post(f"{AT}/rules/0/spin", id="pending").status_code in (404, 409)


def test_a_form_with_no_link_a_ledger_needs_is_told_to_add_one(bare: Works) -> None:
    new = f"{AT}/rules/new?ledger=cost_entry&on=approved"
    assert "No field of the form links there yet." not in bare.author.get(new).text
    form = "purchase.form.json"
    text = bare.files()[form].replace('"target": "cost_code"', '"target": "crew"')
    assert text != bare.files()[form]
    bare.author.post(f"{DRAFT}/{form}", text=text, seen=mark_of(bare.files()[form]))
    page = bare.author.get(new).text
    assert page.count("No field of the form links there yet.") == 1
    assert f'href="{DRAFT}/{form}/design/new-field?kind=record"' in page
