"""Budget control: what a signature would spend beyond its budget is refused, or warned of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.audit.services import record as audit
from portal.costs.columns import sheet_in_force
from portal.costs.queries import Found, read_amounts
from portal.costs.sheet import COST, Sheet
from portal.db import db, is_sqlite, unscoped
from portal.definitions.catalog import current_catalog
from portal.errors import N_, Invalid
from portal.forms.texts import Text
from portal.ledgers.models import CostEntry, Posting
from portal.ledgers.naming import names_of
from portal.records.transitions import Transition

Line = Mapping[str, Any]
Key = tuple[str, str]
"""Cost code and currency."""

WHY = "the control of a budget reads what it controls"
BEYOND = N_(
    "“%(code)s” would stand %(over)s %(currency)s beyond its budget. "
    "Move budget to it first, or ask for less."
)
BEYOND_BUT = N_(
    "“%(code)s” would stand %(over)s %(currency)s beyond its budget. "
    "Move budget to it first, ask for less, or let somebody with the role “%(role)s” decide."
)
WHY_BEYOND = N_(
    "“%(code)s” would stand %(over)s %(currency)s beyond its budget. "
    "You may decide so: say why in the comment, it stands in the audit trail."
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is available of a cost code before and after some entries, and what that calls for."""

    code_id: str
    currency: str
    before: Decimal
    after: Decimal
    action: str

    @property
    def is_beyond(self) -> bool:
        """Below zero, and lower than before: what does not make it worse is never refused."""
        return self.after < 0 and self.after < self.before


def reaches(
    sheet: Sheet, project_id: str, lines: Sequence[Line], *, are_posted: bool
) -> list[Reach]:
    """How far entries of one project reach into the budgets of their cost codes.

    `lines` are attributes of cost entries; `are_posted`: the ledger has them already. Only kinds of
    entries that the sheet controls count. A budget is read whole, whoever signs: who decides need
    not be a member of the project.
    """
    control = sheet.control
    if control is None:
        return []
    asked = dict(_actions(control.stages, lines))
    if not asked:
        return []
    codes = sorted({code for code, _ in asked})
    own = [
        {
            **line,
            "project_id": project_id,
            "contract_id": line.get("contract_id"),
            "request_id": line.get("request_id"),
        }
        for line in lines
        if line["cost_code_id"] in codes
    ]
    signed = [{**line, "amount": -line["amount"]} for line in own] if are_posted else own
    amounts = read_amounts(sheet, [project_id], codes, why=WHY)
    stands, other = amounts.values(), amounts.values(signed)
    before, after = (other, stands) if are_posted else (stands, other)

    def available(found: Found, code: str, currency: str) -> Decimal:
        values = found.get((project_id, currency), {}).get(code, {})
        return values.get(control.available, Decimal(0))

    return [
        Reach(
            code,
            currency,
            available(before, code, currency),
            available(after, code, currency),
            action,
        )
        for (code, currency), action in sorted(asked.items())
    ]


def _actions(stages: Mapping[str, str], lines: Iterable[Line]) -> Iterator[tuple[Key, str]]:
    """The strictest action the kinds of these entries call for, where they move something."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for line in lines:
        if line["bucket"] in stages:
            key = (line["cost_code_id"], line["ccy"], line["bucket"])
            sums[key] = sums.get(key, Decimal(0)) + line["amount"]
    moved = [key for key, amount in sums.items() if amount]
    for code, currency in dict.fromkeys(key[:2] for key in moved):
        found = {stages[bucket] for *key, bucket in moved if key == [code, currency]}
        yield (code, currency), "stop" if "stop" in found else "warn"


def on_transition(transition: Transition) -> None:
    """Refuse a change of state that spends beyond a budget where the sheet says stop.

    Registered behind the posting: it reads what was posted, in the same transaction. Writers of the
    same cost codes wait for each other. Raises Invalid. Whoever holds the role of the exception
    may pass with a reason, and the audit trail tells it.
    """
    sheet, record = sheet_in_force(), transition.record
    control = sheet.control
    if control is None or record.project_id is None or "stop" not in control.stages.values():
        return
    lines = _posted(transition)
    stopped = {bucket for bucket, action in control.stages.items() if action == "stop"}
    codes = {line["cost_code_id"] for line in lines if line["bucket"] in stopped}
    if not codes:
        return
    _wait_for(record.project_id, codes)
    found = reaches(sheet, record.project_id, lines, are_posted=True)
    beyond = [one for one in found if one.is_beyond and one.action == "stop"]
    if not beyond:
        return
    if control.exception and control.exception in transition.actor.roles:
        if not transition.comment.strip():
            raise refusal(beyond[0], WHY_BEYOND)
        _note(transition, beyond)
        return
    role = control.exception
    raise refusal(beyond[0], BEYOND_BUT if role else BEYOND, role)


def refusal(reach: Reach, text: str, role: str = "") -> Invalid:
    """Why a budget stops something, with what to do instead."""
    names = names_of({reach.code_id})
    return Invalid(
        text,
        code=names[reach.code_id].label if reach.code_id in names else reach.code_id,
        over=f"{-reach.after:,.2f}",
        currency=reach.currency,
        role=_title(role),
    )


def _title(role: str) -> Text:
    """What a role of the company is called."""
    titles = {(scope, key): title for scope, key, title in current_catalog().roles}
    return titles.get(("company", role), Text(role))


def _posted(transition: Transition) -> list[Line]:
    """The cost entries of this very change of state."""
    statement = (
        select(CostEntry)
        .join(Posting, Posting.id == CostEntry.posting_id)
        .where(
            Posting.record_id == transition.record.id,
            Posting.transition_seq == transition.seq,
        )
        .order_by(CostEntry.id)
    )
    names = ("cost_code_id", "contract_id", "request_id", "bucket", "ccy", "amount")
    return [
        {name: getattr(entry, name) for name in names}
        for entry in db.session.scalars(unscoped(statement, WHY))
    ]


def _wait_for(project_id: str, codes: Iterable[str]) -> None:
    """One writer per project and cost code; SQLite has one writer at all."""
    if is_sqlite():
        return
    for code in sorted(codes):
        key = func.hashtextextended(f"{COST}:{project_id}:{code}", 0)
        db.session.execute(unscoped(select(func.pg_advisory_xact_lock(key)), WHY))


def _note(transition: Transition, beyond: Sequence[Reach]) -> None:
    names = names_of({one.code_id for one in beyond})
    detail = {
        "record": transition.record.number or "",
        "reason": transition.comment.strip(),
        "codes": [
            {
                "code": names[one.code_id].label if one.code_id in names else one.code_id,
                "over": f"{-one.after:.2f}",
                "currency": one.currency,
            }
            for one in beyond
        ],
    }
    audit(
        actor=transition.actor,
        action="record.budget_passed",
        object_kind="record",
        object_id=transition.record.id,
        detail=detail,
        now=transition.now,
    )
