"""The files of a module made of a sheet: its form, a chain if wanted, an example; pure."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from portal.builder.sheets.examples import example_row, neutral
from portal.builder.sheets.fields import Wanted, node
from portal.builder.sheets.proposal import Proposal
from portal.builder.starters import Blank, form_files, minimal_module
from portal.definitions.formatting import format_source
from portal.definitions.json_source import read_source
from portal.forms.texts import Text, write_text

Json = dict[str, Any]

_TABLE, _TOTAL, _SUBJECT = "lines", "total_amount", "subject"
_LIST_COLUMNS = 6
_EXAMPLE_ROWS = 3
_SUBJECTS = ("text", "choice")
_PER_UNIT = re.compile(r"单价|\b(unit (price|cost|rate)|(price|cost) per|rate)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """A module as asked for: `fields` without those left out; `currency` is of a form without
    a project."""

    blank: Blank
    fields: tuple[Wanted, ...]
    has_step: bool = True
    scope: str = "project"
    currency: str = "CNY"

    @property
    def header(self) -> list[Wanted]:
        """The fields of the record itself."""
        return [one for one in self.fields if not one.column.in_table]

    @property
    def rows(self) -> list[Wanted]:
        """The columns of its table."""
        return [one for one in self.fields if one.column.in_table]

    def free(self, key: str) -> str:
        """The key for a field of our own: another one where a column has it."""
        return f"{key}_2" if any(one.key == key for one in self.fields) else key

    @property
    def table(self) -> str:
        """The key of its table."""
        return self.free(_TABLE)

    @property
    def total(self) -> str:
        """The key of the sum of its table."""
        return self.free(_TOTAL)

    @property
    def subject(self) -> str:
        """The field a record is called by: one always filled in, a text rather than a choice."""
        known = [one for one in self.header if one.kind in _SUBJECTS and one.is_required]
        if not known:
            return self.free(_SUBJECT)
        return min(known, key=lambda one: _SUBJECTS.index(one.kind)).key

    @property
    def summed(self) -> Wanted | None:
        """The column of money whose sum is the amount of the record."""
        totals = [one for one in self.rows if one.has_total and _is_amount(one)]
        return totals[-1] if totals else None

    @property
    def amount(self) -> str:
        """The field that holds the amount of a record: never a price of one unit; "" for none."""
        if self.summed:
            return self.total
        return next((one.key for one in self.header if _is_amount(one)), "")


def _is_amount(one: Wanted) -> bool:
    words = f"{one.column.title} {one.label.en} {one.label.zh}"
    return one.kind == "money" and not _PER_UNIT.search(words)


def module_files(proposal: Proposal, plan: Plan) -> dict[str, str]:
    """The files of the module: publishable as they are."""
    blank = plan.blank
    files = minimal_module(blank)
    made = form_files(
        blank.key, blank.title, scope=plan.scope, currency=plan.currency, has_chain=plan.has_step
    )
    if not plan.has_step:
        del files[f"{blank.key}.workflow.json"]
        module = read_source(files["module.json"]).value
        files["module.json"] = format_source({**module, "forms": [{"form": blank.key}]})
    form = read_source(made[f"{blank.key}.form.json"]).value
    if plan.has_step:
        form["numbering"] = re.sub(r"^[A-Z0-9]+", blank.prefix, form["numbering"])
    cases = read_source(made[f"{blank.key}.cases.json"]).value
    given = _given(proposal, plan)
    cases["cases"] = [_case(plan, given)]
    return files | {name: made[name] for name in made} | {
        f"{blank.key}.form.json": format_source(_form(form, plan)),
        f"{blank.key}.cases.json": format_source(cases),
    }  # fmt: skip


def _form(form: Json, plan: Plan) -> Json:
    header = {one.key: node(one, plan.scope, plan.currency) for one in plan.header}
    if plan.subject not in header:
        header = {plan.subject: _subject_node(), **header}
    properties = dict(header)
    if plan.rows:
        properties[plan.table] = _table(plan)
    if plan.summed:
        properties[plan.total] = _total_node(plan.summed, plan)
        form["computed"] = {plan.total: f"sum({plan.table}, row, row.{plan.summed.key})"}
    form["subject"] = plan.subject
    form.pop("amount", None)
    if plan.amount:
        form["amount"] = plan.amount
    form["data"] = {"properties": properties}
    form["layout"] = _layout(list(header), plan)
    columns = [key for key, one in header.items() if one["x-field"]["kind"] != "longtext"]
    columns = columns[: _LIST_COLUMNS - bool(plan.summed)] + ([plan.total] if plan.summed else [])
    form["list"] = {"columns": columns or [form["subject"]]}
    return form


def _subject_node() -> Json:
    label = {"en": "Subject", "zh": "主题"}
    return {"x-field": {"kind": "text", "label": label, "required": True, "max": 200}}


def _table(plan: Plan) -> Json:
    totals = {one.key: "sum" for one in plan.rows if one.has_total}
    field: Json = {"kind": "table", "label": {"en": "Lines", "zh": "明细"}, "max": 500}
    field |= {"required": True} | ({"totals": totals} if totals else {})
    columns = {one.key: node(one, plan.scope, plan.currency) for one in plan.rows}
    return {"x-field": field, "items": {"properties": columns}}


def _total_node(summed: Wanted, plan: Plan) -> Json:
    of = node(replace(summed, is_required=False), plan.scope, plan.currency)["x-field"]
    label = {"en": "Total amount", "zh": "合计金额"}
    return {"x-field": {**of, "label": label}}


def _layout(header: list[str], plan: Plan) -> list[Json]:
    general = {"en": "General", "zh": "基本信息"}
    made: list[Json] = [{"type": "section", "title": general, "columns": 2, "fields": header}]
    if plan.rows:
        fields = [plan.table, *([plan.total] if plan.summed else [])]
        title = {"en": "Lines", "zh": "明细"}
        made.append({"type": "section", "title": title, "columns": 1, "fields": fields})
    return made


def _given(proposal: Proposal, plan: Plan) -> Json:
    """What the first row holds, or the sheet above its table and the first rows of that."""
    own = plan.subject not in {one.key for one in plan.header}
    given: Json = {plan.subject: str(plan.blank.title)} if own else {}
    given |= example_row(plan.header, 0)
    if plan.rows:
        count = max(1, min(_EXAMPLE_ROWS, proposal.rows))
        given[plan.table] = [example_row(plan.rows, at) for at in range(count)]
    return given


def _case(plan: Plan, given: Json) -> Json:
    name = Text("The first row of the sheet", "表中首行")
    expect: Json = {}
    if plan.summed:
        values = [row.get(plan.summed.key) for row in given[plan.table]]
        total = sum((Decimal(one) for one in values if one is not None), Decimal(0))
        zero = neutral(replace(plan.summed, is_required=True))
        expect = {plan.total: str(total if total else Decimal(zero))}
    else:
        key = next((one for one in given if one != plan.table), "")
        expect = {key: given[key]} if key else {}
    return {"name": write_text(name), "given": given, "expect": expect}
