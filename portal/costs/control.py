"""Budget control: what a signature would spend beyond its budget is refused, or warned of."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.audit.services import record as audit
from portal.costs.columns import sheet_in_force
from portal.costs.reaching import NAMES, WHY, Asked, Line, Reach, asked, reaches
from portal.costs.rules import WHOLE_PROJECT
from portal.costs.sheet import COST
from portal.db import db, is_sqlite, unscoped
from portal.definitions.catalog import current_catalog
from portal.errors import N_, Invalid, Message
from portal.forms.texts import Text
from portal.ledgers.models import CostEntry, Posting
from portal.ledgers.naming import names_of
from portal.ledgers.services import POSTED
from portal.records.transitions import Transition

BEYOND = N_("“%(code)s” would stand %(over)s %(currency)s beyond its budget.")
BELOW = N_("“%(code)s” with all below it would stand %(over)s %(currency)s beyond its budget.")
PROJECT = N_("The whole project would stand %(over)s %(currency)s beyond its budget.")
BEYOND_BY = N_(
    "“%(code)s” would stand %(over)s %(currency)s beyond its budget up to the end of %(month)s."
)
BELOW_BY = N_(
    "“%(code)s” with all below it would stand %(over)s %(currency)s beyond its budget up to the "
    "end of %(month)s."
)
PROJECT_BY = N_(
    "The whole project would stand %(over)s %(currency)s beyond its budget up to the end of "
    "%(month)s."
)
_SAID = {
    ("code", False): BEYOND,
    ("below", False): BELOW,
    ("project", False): PROJECT,
    ("code", True): BEYOND_BY,
    ("below", True): BELOW_BY,
    ("project", True): PROJECT_BY,
}
FIGURES = N_("“%(column)s” is %(before)s, and it takes %(taken)s.")
ASK_LESS = N_("Move budget to it first, or ask for less.")
LET_DECIDE = N_(
    "Move budget to it first, ask for less, or let somebody with the role “%(role)s” decide."
)
SAY_WHY = N_("You may decide so: say why in the comment, it stands in the audit trail.")
WHOLE = N_("%(fact)s %(figures)s %(advice)s")


def on_transition(transition: Transition) -> None:
    """Refuse a change of state that spends beyond a budget where a rule says stop.

    Registered behind the posting: it reads what was posted, in the same transaction. Writers of
    what one rule judges wait for each other. Raises Invalid. Whoever holds the role of the
    exception may pass with a reason, and the audit trail tells it.
    """
    sheet, record = sheet_in_force(), transition.record
    control = sheet.control
    rules = () if control is None else control.stopping()
    if control is None or record.project_id is None or not rules:
        return
    lines = _posted(transition)
    if not lines:
        return
    stopped = [one for one in asked(rules, record.project_id, lines) if one.action == "stop"]
    if not stopped:
        return
    _wait_for(record.project_id, stopped)
    found = reaches(sheet, record.project_id, lines, are_posted=True, rules=rules)
    beyond = [one for one in found if one.is_beyond and one.action == "stop"]
    if not beyond:
        return
    role = control.exception
    if role and role in transition.actor.roles:
        if not transition.comment.strip():
            raise refusal(beyond[0], Message(SAY_WHY))
        _note(transition, beyond)
        return
    advice = Message(LET_DECIDE, {"role": _title(role)}) if role else Message(ASK_LESS)
    raise refusal(beyond[0], advice)


def refusal(reach: Reach, advice: Message) -> Invalid:
    """Why a budget stops something: at which level, by which figures, and what to do instead."""
    column = sheet_in_force().by_key[reach.column].label
    figures = Message(
        FIGURES,
        {
            "column": column,
            "before": f"{reach.before:,.2f}",
            "taken": f"{reach.before - reach.after:,.2f}",
        },
    )
    return Invalid(WHOLE, fact=said_of(reach), figures=figures, advice=advice)


def said_of(reach: Reach) -> Message:
    """What a reach beyond a budget comes to, in a sentence."""
    place = "project" if reach.target.id == WHOLE_PROJECT else "code"
    if reach.target.is_group and place == "code":
        place = "below"
    args = {
        "code": labels([reach])[reach.target.id],
        "over": f"{-reach.after:,.2f}",
        "currency": reach.currency,
        "month": month_text(reach),
    }
    return Message(_SAID[place, bool(args["month"])], args)


def month_text(reach: Reach) -> str:
    """The month a reach speaks of, as 2026-03; empty for the whole budget."""
    return reach.month.isoformat()[:7] if reach.month and reach.month.year > 1 else ""


def labels(found: Iterable[Reach]) -> dict[str, str]:
    """What is judged, by what it is called; the whole project has no name of its own."""
    ids = {one.target.id for one in found}
    names = names_of(ids - {WHOLE_PROJECT})
    return {one: names[one].label if one in names else one for one in ids}


def _title(role: str) -> Text:
    """What a role of the company is called."""
    titles = {(scope, key): title for scope, key, title in current_catalog().roles}
    return titles.get(("company", role), Text(role))


def _posted(transition: Transition) -> list[Line]:
    """The cost entries of this very change of state: as the posting left them, or as stored."""
    rows = transition.left.get(POSTED)
    if rows is not None:
        return [{name: one[name] for name in NAMES} for one in rows[COST]]
    statement = (
        select(CostEntry)
        .join(Posting, Posting.id == CostEntry.posting_id)
        .where(
            Posting.record_id == transition.record.id,
            Posting.transition_seq == transition.seq,
        )
        .order_by(CostEntry.id)
    )
    return [
        {name: getattr(entry, name) for name in NAMES}
        for entry in db.session.scalars(unscoped(statement, WHY))
    ]


def _wait_for(project_id: str, stopped: Sequence[Asked]) -> None:
    """One writer per project and what a rule judges there; SQLite has one writer at all."""
    if is_sqlite():
        return
    for target in sorted({one.target.id for one in stopped}):
        key = func.hashtextextended(f"{COST}:{project_id}:{target}", 0)
        db.session.execute(unscoped(select(func.pg_advisory_xact_lock(key)), WHY))


def _note(transition: Transition, beyond: Sequence[Reach]) -> None:
    names = labels(beyond)
    detail = {
        "record": transition.record.number or "",
        "reason": transition.comment.strip(),
        "codes": [_noted(one, names[one.target.id]) for one in beyond],
    }
    audit(
        actor=transition.actor,
        action="record.budget_passed",
        object_kind="record",
        object_id=transition.record.id,
        detail=detail,
        now=transition.now,
    )


def _noted(reach: Reach, label: str) -> dict[str, Any]:
    noted = {"code": label, "over": f"{-reach.after:.2f}", "currency": reach.currency}
    if reach.target.is_group:
        noted["level"] = "below" if reach.target.id else "project"
    if month_text(reach):
        noted["month"] = month_text(reach)
    return noted
