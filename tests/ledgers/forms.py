"""Small forms and posting rules the tests of the ledgers work with."""

from collections.abc import Mapping
from typing import Any

from portal.forms.compiled import CompiledForm
from portal.forms.compiling import compile_form
from portal.forms.expand import expand

Json = dict[str, Any]


def field(kind: str, *, required: bool = False, **options: Any) -> Json:
    """A field in the short form."""
    need = {"required": True} if required else {}
    return {"x-field": {"kind": kind, "label": kind, **need, **options}}


def table(**columns: Json) -> Json:
    """A line table."""
    return {
        "x-field": {"kind": "table", "label": "Lines"},
        "items": {"properties": columns},
    }


def form(key: str, scope: str = "project", **properties: Json) -> Json:
    """A form definition as written."""
    return {
        "form": key,
        "version": 1,
        "title": key,
        "scope": scope,
        "subject": next(iter(properties)),
        "data": {"properties": properties},
    }


COST_CODE = form("cost_code", "company", name=field("text", required=True))
PARTY = form("party", "company", name=field("text", required=True))
CONTRACT = form(
    "contract",
    name=field("text", required=True),
    party=field("record", required=True, target="party"),
    direction=field(
        "choice",
        required=True,
        options=[{"value": "in", "label": "in"}, {"value": "out", "label": "out"}],
    ),
)
PURCHASE_REQUEST = form("purchase_request", name=field("text", required=True))
MILESTONE = form("milestone", name=field("text", required=True))
WORKER = form("worker", "company", name=field("text", required=True))
TEAM = form("team", "company", name=field("text", required=True))
REGISTERS = {
    one["form"]: one
    for one in (COST_CODE, PARTY, CONTRACT, PURCHASE_REQUEST, MILESTONE, WORKER, TEAM)
}


def compiled(raw: Mapping[str, Any]) -> CompiledForm:
    """A compiled form; links lead to the registers above."""
    others = {key: expand(one) for key, one in REGISTERS.items()}
    return compile_form(expand(raw), lambda key: others.get(key))


CHANGE = form(
    "change",
    reason=field("text", required=True),
    note=field("text"),
    ready=field("date", required=True),
    contract=field("record", target="contract"),
    lines=table(
        code=field("record", required=True, target="cost_code"),
        party=field("record", target="party"),
        qty=field("quantity", scale=3, unit="m3"),
        price=field("money", scale=2, currency="project"),
        amount=field("money", required=True, scale=2, currency="project"),
    ),
)


def cost_rule(rule_id: str = "pending", on: str = "submitted", **changes: Any) -> Json:
    """A rule that posts each line's amount to a bucket."""
    rule = {
        "id": rule_id,
        "ledger": "cost_entry",
        "on": on,
        "foreach": "lines",
        "set": {
            "bucket": "budget_pending" if on == "submitted" else "budget_change",
            "cost_code": "row.code",
            "amount": "row.amount",
            "ccy": "project.currency",
            "effective_on": "ready",
        },
    }
    bound = {**rule["set"], **changes.pop("set", {})}
    return {**rule, **changes, "set": {k: v for k, v in bound.items() if v is not None}}
