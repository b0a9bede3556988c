"""Forms and records for the tests: a payment by hand, and strategies for arbitrary ones."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portal.forms.access import FieldAccess, field_access
from portal.forms.definition import CompiledForm, FormDefinition, compile_form
from portal.forms.evaluation import Facts
from portal.forms.expand import expand

Json = dict[str, Any]

TODAY = date(2026, 3, 1)
PROJECT = {"id": "p1", "code": "P1", "name": "North bridge", "currency": "CNY"}
FACTS = Facts(today=TODAY, requester="li", project=PROJECT)


def field(kind: str, **options: Any) -> Json:
    return {"x-field": {"kind": kind, **options}}


def table(columns: Json, **options: Any) -> Json:
    return {"x-field": {"kind": "table", **options}, "items": {"properties": columns}}


def form(properties: Json, **members: Any) -> Json:
    return {"form": "sample", "title": "Sample", "data": {"properties": properties}, **members}


def compiled(
    properties: Json, links: Mapping[str, Json] | None = None, **members: Any
) -> CompiledForm:
    known = {key: expand(raw) for key, raw in (links or {}).items()}
    return compile_form(expand(form(properties, **members)), known.get)


def everything(definition: FormDefinition) -> FieldAccess:
    return field_access(definition, state="draft", is_requester=True)


CONTRACT = {
    "form": "contract",
    "title": {"en": "Contract", "zh": "合同"},
    "data": {
        "properties": {
            "title": field("text", required=True),
            "party": field("text"),
            "amount": field("money"),
            "items": table(
                {"item": field("text"), "qty": field("quantity"), "price": field("money")}
            ),
        }
    },
}
REASONS = [{"value": "scope", "label": {"en": "Scope", "zh": "范围"}}, {"value": "other"}]

# A payment: contract, its lines, what was certified before, this period's quantities.
PAYMENT = {
    "contract": field("record", target="contract", required=True, fetch={"party": "party"}),
    "party": field("text"),
    "reason": field("choice", options=REASONS, label={"en": "Reason", "zh": "事由"}),
    "note": field("longtext", hint={"en": "Say why", "zh": "说明原因"}),
    "lines": table(
        {
            "item": field("text", read_only=True),
            "price": field("money", read_only=True),
            "before": field(
                "rollup", form="payment", op="sum", field="lines[].qty", **{"as": "quantity"}
            ),
            "qty": field("quantity", required=True, min="0"),
            "amount": field("money"),
        },
        rows_from={
            "link": "contract",
            "table": "items",
            "columns": {"item": "item", "price": "price"},
            "fixed": True,
        },
        totals={"amount": "sum"},
        required=True,
    ),
    "gross": field("money"),
    "retention": field("percent", default="5.00"),
    "net": field("money"),
}
PAYMENT_MEMBERS = {
    "form": "payment",
    "computed": {
        "lines[].amount": "row.qty * row.price",
        "gross": "sum(lines, row, row.amount)",
        "net": "gross - gross * retention / 100",
    },
    "rules": [
        {"id": "why", "when": "reason == 'other'", "show": ["note"], "require": ["note"]},
        {
            "id": "over",
            "check": "gross <= contract.amount",
            "on": "gross",
            "message": {"en": "More than the contract", "zh": "超过合同金额"},
        },
    ],
}


def payment(**members: Any) -> CompiledForm:
    return compiled(PAYMENT, {"contract": CONTRACT}, **{**PAYMENT_MEMBERS, **members})


CONTRACT_RECORD = {
    "title": "Piling",
    "party": "Deep Foundations Ltd",
    "amount": "1000.00",
    "items": [
        {"_id": "i1", "item": "Piles", "qty": "10.00", "price": "20.00"},
        {"_id": "i2", "item": "Caps", "qty": "3.00", "price": "33.33"},
    ],
}
PAYMENT_FACTS = Facts(
    today=TODAY,
    requester="li",
    project=PROJECT,
    links={"contract": CONTRACT_RECORD},
    rollups={("lines[].before", "i1"): "2.00", ("lines[].before", "i2"): None},
)

CHOICES = [{"value": value, "label": value.upper()} for value in ("a", "b", "c")]
SIMPLE: Json = {
    "text": {},
    "longtext": {},
    "number": {"min": -5, "max": 500},
    "quantity": {"unit": "h"},
    "money": {"currency": "CNY"},
    "percent": {"scale": 1},
    "date": {},
    "yes_no": {},
    "user": {},
    "department": {},
    "choice": {"options": CHOICES},
}
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
ids = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
decimals = st.decimals(-10_000, 10_000, places=2, allow_nan=False)


@st.composite
def fields(draw: st.DrawFn, name: str | None = None) -> Json:
    kind = name or draw(st.sampled_from(sorted(SIMPLE)))
    many = {"many": True} if kind == "choice" and draw(st.booleans()) else {}
    words = draw(st.sampled_from([{}, {"label": "Plain"}, {"label": {"en": "E", "zh": "中"}}]))
    more = {"required": True} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        more["on_hide"] = draw(st.sampled_from(["clear", "keep"]))
    return field(kind, **SIMPLE[kind], **many, **words, **more)


HEADER_CONDITIONS = [
    "pick == 'a'", "pick in ['a', 'b']", "pick != 'c'", "not (pick == 'b')", "flag", "not flag",
    "not is_empty(day)", "is_empty(day)", "n == 3", "n > 3", "pick == 'a' and flag", "total > 10",
]  # fmt: skip
ROW_CONDITIONS = ["row.mark == 'a'", "not is_empty(row.mark)", "row.mark in ['b']", "row.q > 1"]


@st.composite
def rules(draw: st.DrawFn, header: list[str], columns: list[str], number: int) -> Json:
    in_rows = bool(columns) and draw(st.booleans())
    when = draw(st.sampled_from(ROW_CONDITIONS if in_rows else HEADER_CONDITIONS))
    known = columns if in_rows else [*header, *columns]
    rule: Json = {"id": f"rule{number}", "when": when}
    for effect in draw(st.sets(st.sampled_from(["show", "require", "lock"]), min_size=1)):
        rule[effect] = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    return rule


@st.composite
def raw_forms(draw: st.DrawFn) -> Json:
    """A form with fields of many kinds, a table, computed values, and rules of many shapes."""
    count = draw(st.integers(1, 5))
    properties = {f"f{n}": draw(fields()) for n in range(count)}
    header = list(properties)
    properties |= {
        "pick": field("choice", options=CHOICES),
        "flag": field("yes_no"),
        "day": field("date"),
        "n": field("number"),
        "total": field("money", currency="CNY"),
    }
    columns = {f"c{n}": draw(fields()) for n in range(draw(st.integers(0, 2)))}
    targets = [f"lines[].{key}" for key in columns]
    columns |= {
        "mark": field("choice", options=CHOICES),
        "q": field("quantity", unit="h"),
        "price": field("money", currency="CNY"),
        "amount": field("money", currency="CNY"),
    }
    properties["lines"] = table(columns, totals={"amount": "sum"}, min=draw(st.integers(0, 1)))
    return form(
        properties,
        computed={
            "lines[].amount": "row.q * row.price",
            "total": "sum(lines, row, row.amount)",
        },
        rules=[
            draw(rules([*header, "lines"] if draw(st.integers(0, 4)) == 0 else header, targets, n))
            for n in range(draw(st.integers(0, 4)))
        ],
    )


def typed_values(name: str, options: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Typed values that fields of a kind may hold."""
    scale = options.get("scale", 2)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "text": texts.map(str.strip).filter(bool).filter(_is_composed),
        "number": st.integers(-5, 500),
        "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        "yes_no": st.booleans(),
        "user": ids,
        "department": ids,
        "project": ids,
        "record": ids,
    }
    plain["longtext"] = plain["text"]
    if name in plain:
        return plain[name]
    if name == "choice":
        values = list(options["choices"])
        some = st.lists(st.sampled_from(values), min_size=1, unique=True).map(sorted)
        return some if options["many"] else st.sampled_from(values)
    return decimals.map(lambda number: _at_scale(number, scale))


def _is_composed(text: str) -> bool:
    from portal.forms.kinds.reading import clean_text

    return clean_text(text) == text


def _at_scale(number: Decimal, scale: int) -> Decimal:
    fitted = round(number, scale)
    return fitted if fitted else abs(fitted)


@st.composite
def holders(draw: st.DrawFn, members: Any) -> Json:
    """Stored values of some of the fields."""
    values: Json = {}
    for one in members:
        if one.kind.name == "table" or one.is_derived or not draw(st.booleans()):
            continue
        values[one.key] = one.kind.store(
            draw(typed_values(one.kind.name, one.options)), one.options
        )
    return values


@st.composite
def records(draw: st.DrawFn, definition: FormDefinition) -> Json:
    """A stored record of a form, with up to three rows."""
    data = draw(holders(definition.header))
    for one, columns in definition.columns.items():
        rows = [draw(holders(columns)) for _ in range(draw(st.integers(0, 3)))]
        data[one] = [{"_id": f"r{n}", **row} for n, row in enumerate(rows, start=1)]
    return data
