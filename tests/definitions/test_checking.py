"""Faults of a module: each is found, at its line, with something to do about it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.definitions.checking import Known, Report, check_module

Check = Callable[..., Report]


def fields(raw: Any) -> Any:
    return raw["data"]["properties"]


def columns(raw: Any) -> Any:
    return fields(raw)["lines"]["items"]["properties"]


def test_the_sample_modules_are_sound(changes: dict[str, str], offers: Any) -> None:
    report = check_module(changes, known=offers.known("changes"))
    assert [str(one) for one in report.findings] == []
    assert report.ok


FAULTS: dict[str, tuple[Callable[[Any], object], str, str, str]] = {
    "misspelt option": (
        lambda r: fields(r)["subject"]["x-field"].update(requird=True),
        "data.properties.subject.x-field.requird",
        "Unknown member “requird”",
        "“required”",
    ),
    "unknown kind": (
        lambda r: fields(r)["subject"]["x-field"].update(kind="txt"),
        "data.properties.subject.x-field.kind",
        "“txt” is not known",
        "“text”",
    ),
    "missing title": (lambda r: r.pop("title"), "", "“title” is missing", "Add it"),
    "reference": (
        lambda r: fields(r).update(x={"$ref": "file:///etc/passwd"}),
        "data.properties.x.$ref",
        "References are not allowed",
        "field itself",
    ),
    "unknown in computed": (
        lambda r: r["computed"].update(total="sum(lines, row, row.amout)"),
        "computed.total",
        "amout",
        "row.amount",
    ),
    "wrong type of computed": (
        lambda r: r["computed"].update(total="subject"),
        "computed.total",
        "text; money is needed",
        "",
    ),
    "unknown in layout": (
        lambda r: r["layout"][0]["fields"].append("resaon"),
        "layout[0].fields[6]",
        "no field “resaon”",
        "“reason”",
    ),
    "column in layout": (
        lambda r: r["layout"][1]["fields"].append("lines[].qty"),
        "layout[1].fields[2]",
        "is a column",
        "form itself",
    ),
    "twice in layout": (
        lambda r: r["layout"][1]["fields"].append("subject"),
        "layout[1].fields[2]",
        "twice",
        "one of the two",
    ),
    "unknown in rule": (
        lambda r: r["rules"][0].update(show=["notes"]),
        "rules[0].show[0]",
        "no field “notes”",
        "“note”",
    ),
    "choice outside its list": (
        lambda r: r["rules"][0].update(when="reason == 'othr'"),
        "rules[0].when",
        "othr",
        "other",
    ),
    "unknown step": (
        lambda r: r["rules"][2].update(at=["bord"]),
        "rules[2].at[0]",
        "no step “bord”",
        "Correct",
    ),
    "same rule twice": (
        lambda r: r["rules"][1].update(id="other_needs_note"),
        "rules[1].id",
        "twice",
        "own",
    ),
    "unknown form": (
        lambda r: fields(r)["contract"]["x-field"].update(target="contrakt"),
        "data.properties.contract.x-field.target",
        "no form “contrakt”",
        "",
    ),
    "unknown fetched field": (
        lambda r: fields(r)["contract"]["x-field"].update(fetch={"currency": "curency"}),
        "data.properties.contract.x-field.fetch.currency",
        "no field “curency”",
        "",
    ),
    "fetched into another kind": (
        lambda r: fields(r)["contract"]["x-field"]["fetch"].update(before="name"),
        "data.properties.contract.x-field.fetch.before",
        "not of the same kind",
        "",
    ),
    "unknown rolled-up form": (
        lambda r: fields(r)["before"]["x-field"].update(form="chnge"),
        "data.properties.before.x-field.form",
        "no form “chnge”",
        "“change”",
    ),
    "sum of texts": (
        lambda r: fields(r)["before"]["x-field"].update(field="subject"),
        "data.properties.before.x-field.field",
        "no number",
        "numbers",
    ),
    "roll-up of nothing": (
        lambda r: fields(r)["before"]["x-field"].pop("field"),
        "data.properties.before.x-field",
        "which field",
        "Add “field”",
    ),
    "match outside a table": (
        lambda r: fields(r)["before"]["x-field"].update(match={"a": "b"}),
        "data.properties.before.x-field.match",
        "no column",
        "same",
    ),
    "total of texts": (
        lambda r: fields(r)["lines"]["x-field"].update(totals={"cost_code": "sum"}),
        "data.properties.lines.x-field.totals.cost_code",
        "total",
        "",
    ),
    "currency that is no currency": (
        lambda r: fields(r)["total"]["x-field"].update(currency="before"),
        "data.properties.total.x-field.currency",
        "does not hold a currency",
        "text or a choice",
    ),
    "subject that is a table": (
        lambda r: r.update(subject="lines"),
        "subject",
        "title of a record",
        "simple",
    ),
    "amount that is no money": (
        lambda r: r.update(amount="subject"),
        "amount",
        "no money",
        "money",
    ),
    "list of long texts": (
        lambda r: r["list"]["columns"].append("note"),
        "list.columns[2]",
        "cannot stand in a list",
        "simple",
    ),
    "number without counter": (
        lambda r: r.update(numbering="CR-{project.code}"),
        "numbering",
        "counter",
        "",
    ),
    "a key with a meaning": (
        lambda r: fields(r).update({"from": {"x-field": {"kind": "date"}}}),
        "data.properties.from",
        "meaning of its own",
        "another key",
    ),
    "texts for no field": (
        lambda r: r.update(texts={"zh": {"sbject": "事由"}}),
        "texts.zh.sbject",
        "no field “sbject”",
        "“subject”",
    ),
    "circle": (
        lambda r: r["computed"].update({"lines[].amount": "round(total, 2)"}),
        "computed.",
        "circle",
        "",
    ),
    "reverse that does not lead here": (
        lambda r: fields(r).update(
            party={"x-field": {"kind": "reverse", "form": "contract", "by": "party"}}
        ),
        "data.properties.party.x-field.by",
        "does not lead to this form",
        "links to “change”",
    ),
    "a pattern that backtracks": (
        lambda r: fields(r).update(x={"type": "string", "pattern": "(a)\\1"}),
        "data.properties.x.pattern",
        "pattern is not accepted",
        "look-around",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_form_is_found_with_its_place_and_a_remedy(
    name: str, check_changed: Check
) -> None:
    change, path, says, remedy = FAULTS[name]
    report = check_changed(change)
    assert not report.ok
    found = [one for one in report.errors if one.path.startswith(path) and says in str(one.message)]
    assert found, [str(one) for one in report.errors]
    assert remedy in str(found[0].remedy)
    assert found[0].file == "change.form.json"
    assert found[0].line > 1 or path == ""


def _funds(stage: str, **columns: str) -> dict[str, Any]:
    """A rule that posts the total at a stage of money."""
    bound = {"stage": stage, "direction": "out", "amount": "total", "ccy": "currency"}
    return {
        "id": "money",
        "ledger": "funds_entry",
        "on": "approved",
        "set": {**bound, "effective_on": "record.approved_on", **columns},
    }


OTHERS: dict[str, tuple[str, Callable[[Any], object], str, str]] = {
    "missing file": (
        "module.json",
        lambda r: r["forms"].append({"form": "order"}),
        "forms[1].form",
        "order.form.json is missing",
    ),
    "form listed twice": (
        "module.json",
        lambda r: r["forms"].append({"form": "change"}),
        "forms[1].form",
        "listed twice",
    ),
    "unknown required module": (
        "module.json",
        lambda r: r.update(requires=["contrakts"]),
        "requires[0]",
        "not known",
    ),
    "undeclared role": (
        "module.json",
        lambda r: r["forms"][0]["access"].update(file=[{"project_role": "enginer"}]),
        "forms[0].access.file[0].project_role",
        "“enginer” is not declared",
    ),
    "workflow left out": (
        "module.json",
        lambda r: r["forms"][0].pop("workflow"),
        "",
        "does not list this file",
    ),
    "file named otherwise": (
        "change.workflow.json",
        lambda r: r.update(workflow="chain"),
        "workflow",
        "named for “change”",
    ),
    "unknown role in a step": (
        "change.workflow.json",
        lambda r: r["blocks"][0].update(who={"role": "directr"}),
        "blocks[0].who.role",
        "“directr” is not declared",
    ),
    "unknown field in a condition": (
        "change.workflow.json",
        lambda r: r["blocks"][1]["when"][0].update({"if": "resaon == 'other'"}),
        "blocks[1].when[0].if",
        "resaon",
    ),
    "condition that is no condition": (
        "change.workflow.json",
        lambda r: r["blocks"][1]["when"][0].update({"if": "total"}),
        "blocks[1].when[0].if",
        "yes or no is needed",
    ),
    "unknown field of a step": (
        "change.workflow.json",
        lambda r: r["blocks"][0].update(fields={"edit": ["notte"]}),
        "blocks[0].fields.edit[0]",
        "no field “notte”",
    ),
    "later block": (
        "change.workflow.json",
        lambda r: r["blocks"].append({"parallel": "x", "branches": []}),
        "blocks[3]",
        "A block is a step, a choice or a copy",
    ),
    "later key": (
        "change.workflow.json",
        lambda r: r["blocks"][0].update(due={"in": "2wd"}),
        "blocks[0].due",
        "Unknown member “due”",
    ),
    "return forward": (
        "change.workflow.json",
        lambda r: r["blocks"][0].update(may={"return": {"board": "rerun"}}),
        "blocks[0].may.return.board",
        "return cannot lead",
    ),
    "column nobody knows": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(amont="row.amount"),
        "rules[0].set.amont",
        "Unknown member",
    ),
    "unbound column": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].pop("amount"),
        "rules[0].set",
        "“amount” is missing",
    ),
    "column of another kind": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(amount="row.qty"),
        "rules[0].set.amount",
        "needs money; this is quantity",
    ),
    "reference to another register": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(cost_code="contract"),
        "rules[0].set.cost_code",
        "leads to “contract”",
    ),
    "word outside the list": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(bucket="comit"),
        "rules[0].set.bucket",
        "“comit” is not known",
    ),
    "choice outside the list": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(bucket="reason"),
        "rules[0].set.bucket",
        "closed list",
    ),
    "key of a page": (
        "module.json",
        lambda r: r.update(module="import"),
        "module",
        "a word of the portal’s own",
    ),
    "key of shipped modules": (
        "module.json",
        lambda r: r.update(module="shipped"),
        "module",
        "a word of the portal’s own",
    ),
    "another currency": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(ccy="project.currency"),
        "rules[0].set.ccy",
        "“amount” is in",
    ),
    "field that may be empty": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(contract_line="note", effective_on="x"),
        "rules[0].set.effective_on",
        "“x”",
    ),
    "approval date before approval": (
        "change.postings.json",
        lambda r: r["rules"][0]["set"].update(effective_on="record.approved_on"),
        "rules[0].set.effective_on",
        "must not be empty",
    ),
    "unknown table": (
        "change.postings.json",
        lambda r: r["rules"][0].update(foreach="line"),
        "rules[0].foreach",
        "no table “line”",
    ),
    "unknown state": (
        "change.postings.json",
        lambda r: r["rules"][0].update(on="aproved"),
        "rules[0].on",
        "“aproved” is not known",
    ),
    "retention of no contract": (
        "change.postings.json",
        lambda r: r["rules"].append(_funds("retention_hold")),
        "rules[2].set",
        "Money at this stage needs “contract”",
    ),
    "account that is none": (
        "change.postings.json",
        lambda r: r["rules"].append(_funds("cash", account="contract")),
        "rules[2].set.account",
        "leads to “contract”",
    ),
    "a text as the document it settles": (
        "change.postings.json",
        lambda r: r["rules"].append(_funds("cash", settles="note")),
        "rules[2].set.settles",
        "needs record",
    ),
    "same posting rule twice": (
        "change.postings.json",
        lambda r: r["rules"][1].update(id="pending"),
        "rules[1].id",
        "twice",
    ),
    "wrong value": (
        "change.cases.json",
        lambda r: r["cases"][0]["expect"].update(total="0.31"),
        "cases[0].expect.total",
        "“Total” (total) is 0.30; 0.31 was expected",
    ),
    "wrong route": (
        "change.cases.json",
        lambda r: r["cases"][0].update(route=["check", "board"]),
        "cases[0].route",
        "The route is check",
    ),
    "error that does not come": (
        "change.cases.json",
        lambda r: r["cases"][0].update(errors=[{"path": "subject"}]),
        "cases[0].errors[0]",
        "expected to be refused",
    ),
    "error nobody expected": (
        "change.cases.json",
        lambda r: r["cases"][2].pop("errors"),
        "cases[2]",
        "“Explanation” (note) is refused (required)",
    ),
    "wrong posting": (
        "change.cases.json",
        lambda r: r["cases"][0]["postings"][0]["set"].update(amount="0.40"),
        "cases[0].postings[0]",
        "No entry has",
    ),
    "posting nobody expected": (
        "change.cases.json",
        lambda r: r["cases"][0].update(postings=[]),
        "cases[0].postings",
        "Nothing was expected",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_fault_of_another_file_is_found_too(name: str, check_changed: Check) -> None:
    file, change, path, says = OTHERS[name]
    report = check_changed(change, file)
    found = [one for one in report.errors if one.path == path and says in str(one.message)]
    assert found, [str(one) for one in report.errors]
    assert str(found[0].remedy)


def test_a_posting_from_a_field_that_may_be_empty_is_refused(check_changed: Check) -> None:
    report = check_changed(lambda r: columns(r)["price"]["x-field"].pop("required"))
    (error,) = report.errors  # the other rule posts only when the amount is there
    assert (error.file, error.path) == ("change.postings.json", "rules[0].set.amount")
    assert "“row.amount” may be" in str(error.message)


def test_money_settles_any_document_and_needs_a_contract_where_it_means_nothing_without(
    changes: dict[str, str], offers: Any
) -> None:
    """The contract is demanded by the stages, also where a field says which."""
    form = json.loads(changes["change.form.json"])
    form["data"]["properties"]["contract"]["x-field"].pop("required")
    stages = {"kind": "choice", "label": "Stage", "required": True}
    stages["options"] = [{"value": v, "label": v} for v in ("cash", "retention_hold")]
    form["data"]["properties"]["at"] = {"x-field": stages}
    files = {**changes, "change.form.json": json.dumps(form)}
    files.pop("change.cases.json")

    def check(*rules: Any) -> list[str]:
        raw = {"postings": "change", "form": "change", "rules": list(rules)}
        raw["$schema"] = "../schema/postings-1.json"
        report = check_module(
            {**files, "change.postings.json": json.dumps(raw)}, known=offers.known("changes")
        )
        return [f"{one.path}: {one.message}" for one in report.errors]

    total = {"amount": "coalesce(total, 0)", "ccy": "coalesce(currency, 'CNY')"}
    free = _funds("cash", **total, contract="contract", settles="contract")
    assert not any(".contract" in one or ".settles" in one for one in check(free))
    assert not any("settles" in one for one in check(_funds("cash", **total, settles="record")))
    for stage in ("retention_hold", "at"):
        missing = check(_funds(stage, **total))
        assert any("needs “contract”" in one for one in missing), missing
        doubtful = check(_funds(stage, **total, contract="contract"))
        assert any("“contract” must not be empty" in one for one in doubtful), doubtful


def test_a_condition_that_tests_the_field_makes_it_certain(check_changed: Check) -> None:
    def guard(raw: Any) -> None:
        for rule in raw["rules"]:
            rule["set"]["party"] = "contract.party"
            rule["when"] = "row.amount > 0"

    assert check_changed(guard, "change.postings.json").ok


def test_a_file_that_belongs_to_no_module_is_refused(changes: dict[str, str], offers: Any) -> None:
    files = {**changes, "notes.txt": "hello", "../x.form.json": "{}"}
    report = check_module(files, known=offers.known("changes"))
    assert [one.file for one in report.errors] == ["../x.form.json", "notes.txt"]


def test_a_module_without_module_json_is_refused(changes: dict[str, str], offers: Any) -> None:
    files = {name: text for name, text in changes.items() if name != "module.json"}
    report = check_module(files, known=offers.known("changes"))
    assert "no module.json" in str(report.errors[-1].message) or not report.ok


def test_a_key_of_another_module_is_refused(changes: dict[str, str], offers: Any) -> None:
    known = offers.known("changes")
    owners = {**known.owners, ("form", "change"): "orders"}
    report = check_module(changes, known=Known(known.forms, owners, known.roles, known.modules))
    assert "belongs to the module “orders”" in str(report.errors[0].message)


def test_a_missing_translation_is_a_warning(check_changed: Check) -> None:
    report = check_changed(lambda r: fields(r)["subject"]["x-field"].update(label="Subject"))
    assert report.ok
    (warning,) = report.warnings
    assert warning.path == "data.properties.subject.x-field.label"


def test_a_key_never_comes_back_as_another_kind(
    check_changed: Check, changes: dict[str, str], offers: Any
) -> None:
    before = check_module(changes, known=offers.known("changes")).expanded
    retyped = {"kind": "longtext", "label": {"en": "Subject", "zh": "事由"}}

    def retype(raw: Any) -> None:
        raw["version"] = 2
        raw.pop("subject")
        raw["subject"] = "reason"
        fields(raw)["subject"]["x-field"] = retyped
        raw["list"]["columns"] = ["total"]

    report = check_changed(retype, previous=before)
    assert "published as text and cannot become longtext" in str(report.errors[0].message)

    def declared(raw: Any) -> None:
        retype(raw)
        raw["migrations"] = [{"from": 1, "steps": [{"retype": "subject"}]}]

    assert [e for e in check_changed(declared, previous=before).errors if "become" in str(e)] == []


STEPS: dict[str, tuple[list[Any], str]] = {
    "a rename of nothing": ([{"rename": ["nothing", "subject"]}], "no field “nothing” at this"),
    "a rename onto a field in use": ([{"rename": ["note", "subject"]}], "values of its own"),
    "a rename out of a table": ([{"rename": ["lines[].qty", "note"]}], "stays in the record"),
    "a default that does not fit": ([{"set_default": ["reason", 7]}], "wrong form"),
    "a default for a computed field": ([{"set_default": ["total", "1.00"]}], "by the portal"),
    "a text made of a number": ([{"set": ["subject", "total * 2"]}], "text is needed"),
    "an unknown name": ([{"set": ["subject", "sbject"]}], "sbject"),
    "a split of a number": (
        [{"split": {"field": "lines[].qty", "by": ",", "into": ["subject", "note"]}}],
        "stays in the record",
    ),
    "a split into nothing": (
        [{"split": {"field": "note", "by": ",", "into": ["subject", "nothing"]}}],
        "has no field “nothing”",
    ),
    "a row of another kind": (
        [{"into_table": {"table": "lines", "columns": {"qty": "note"}}}], "is longtext and",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_steps_that_lead_nowhere_are_refused(
    name: str, check_changed: Check, changes: dict[str, str], offers: Any
) -> None:
    steps, said = STEPS[name]
    before = check_module(changes, known=offers.known("changes")).expanded

    def declared(raw: Any) -> None:
        raw["version"] = 2
        raw["migrations"] = [{"from": 1, "steps": steps}]

    errors = [str(one) for one in check_changed(declared, previous=before).errors]
    assert any(said in one for one in errors), errors


def test_an_expression_says_what_its_fields_were(
    check_changed: Check, changes: dict[str, str], offers: Any
) -> None:
    before = check_module(changes, known=offers.known("changes")).expanded

    def declared(raw: Any, kind: str) -> None:
        raw["version"] = 2
        del fields(raw)["note"]
        raw["layout"][0]["fields"].remove("note")
        raw["rules"] = [one for one in raw["rules"] if "note" not in str(one)]
        was = {"note": {"x-field": {"kind": kind}}}
        steps = [{"set": ["subject", "coalesce(note, subject)"]}]
        raw["migrations"] = [{"from": 1, "was": was, "steps": steps}]

    def wrong(kind: str) -> list[str]:
        report = check_changed(lambda raw: declared(raw, kind), previous=before)
        return [str(one) for one in report.errors if "migrations" in one.path]

    assert wrong("longtext") == []
    assert "published as longtext" in wrong("text")[0]


def test_findings_of_a_broken_file_do_not_spread(check_changed: Check) -> None:
    report = check_changed("{")
    assert [one.file for one in report.errors] == ["change.form.json"]


def test_columns_named_like_texts_lack_no_language(check_changed: Check) -> None:
    def fetch_a_title(form: Any) -> None:
        link = next(
            node["x-field"]
            for node in form["data"]["properties"].values()
            if node["x-field"]["kind"] == "record"
        )
        link["fetch"] = {**link.get("fetch", {}), "title": "title"}

    said = [str(one.message) for one in check_changed(fetch_a_title).warnings]
    assert not any("has no" in one for one in said)
