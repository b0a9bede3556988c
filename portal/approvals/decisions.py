"""What happened in a record's approvals, told in sentences; and what its requester may still do."""

from collections.abc import Sequence
from typing import Any

from portal.accounts import queries as accounts
from portal.approvals import queries, shell, signatures, steps
from portal.approvals.models import Approval
from portal.records.models import Record
from portal.web.filters import ago, moment
from portal.web.viewer import Viewer
from portal.web.words import gettext as _
from portal.workflows import commands as cmd
from portal.workflows import engine
from portal.workflows.refusals import Refusal

SHOWN = {
    "started": ("send", "blue"),
    "resubmitted": ("send", "blue"),
    "voted": ("check", "green"),
    "returned": ("arrow-back-up", "amber"),
    "restarted": ("refresh", "amber"),
    "edited": ("edit", "grey"),
    "carried": ("refresh", "grey"),
    "transferred": ("arrow-right", "grey"),
    "seated": ("user-plus", "grey"),
    "vacated": ("user-minus", "amber"),
    "stalled": ("alert-triangle", "amber"),
    "held": ("alert-triangle", "amber"),
    "withdrawn": ("x", "grey"),
    "ended": ("flag", "grey"),
}
NOBODYS = frozenset({"ended", "seated", "stalled", "held"})  # sentences of their own


def told(record: Record, happened: Sequence[Any], viewer: Viewer) -> list[dict[str, Any]]:
    """The events worth telling, the latest first, ready for the history component."""
    events = [row for row in happened if row.kind in SHOWN]
    people = set()
    for row in events:
        people |= _people_in(row)
    names = accounts.person_name(sorted(people))
    removed = signatures.removals(happened)
    return [
        {
            **_item(row, record, names, viewer),
            "removed": removed.get(signatures.key_of(row)) if row.kind == "voted" else None,
        }
        for row in reversed(events)
    ]


def _people_in(row: Any) -> set[str]:
    data = row.data
    found = {row.actor_id or "", str(data.get("person") or "")}
    if row.kind == "transferred":
        found.add(str(data["to"]["person"]))
    if row.kind == "restarted":
        found |= {str(one["person"]) for one in data["removed"]}
    if row.kind == "seated":
        found |= {str(one["person"]) for one in data["seats"]}
    return found - {""}


def _item(row: Any, record: Record, names: dict[str, str], viewer: Viewer) -> dict[str, Any]:
    icon, tone = SHOWN[row.kind]
    if row.kind == "voted" and row.data.get("vote") == "reject":
        icon, tone = "x", "red"
    return {
        "who": _who(row, names),
        "text": sentence_of(row, record, names, viewer.language),
        "moment": ago(row.at),
        "moment_title": moment(row.at),
        "comment": signatures.comment_of(row) or None,
        "icon": icon,
        "tone": tone,
    }


def _who(row: Any, names: dict[str, str]) -> str:
    """Whom the sentence is about: who acted, who left; nobody where it says so itself."""
    if row.kind in NOBODYS:
        return ""
    if row.kind == "vacated":
        return names.get(str(row.data.get("person") or ""), "")
    return str(row.actor_name or names.get(row.actor_id or "", _("the portal")))


def sentence_of(row: Any, record: Record, names: dict[str, str], language: str) -> str:
    """What one event says, after the name of who did it."""
    data = row.data
    step = ""
    if isinstance(data.get("step"), str):
        step = steps.title_of(record.release_id, record.form, data["step"], language)
    if row.kind == "voted":
        if data["vote"] == "approve":
            return str(_("approved (%(step)s, version %(v)s)", step=step, v=data["version"]))
        return str(_("rejected (%(step)s)", step=step))
    if row.kind == "returned" and data["why"] == "unsent":
        return str(_("returned it to the requester to confirm the changed values"))
    if row.kind == "returned":
        to = data["to"]
        where = (
            _("the requester")
            if to == "start"
            else steps.title_of(record.release_id, record.form, to, language)
        )
        return str(_("returned it to %(where)s (%(step)s)", where=where, step=step))
    if row.kind == "restarted":
        removed = _(", ").join(names.get(one["person"], "") for one in data["removed"])
        if removed:
            return str(
                _("changed protected values: the signatures of %(who)s are removed", who=removed)
            )
        return str(_("changed protected values: the approval begins anew"))
    if row.kind == "transferred":
        return str(
            _(
                "handed over to %(who)s (%(step)s)",
                who=names.get(data["to"]["person"], ""),
                step=step,
            )
        )
    if row.kind == "seated":
        who = _(", ").join(names.get(one["person"], "") for one in data["seats"])
        return str(_("%(who)s now decides (%(step)s)", who=who, step=step))
    if row.kind == "ended":
        return str(
            {
                "approved": _("The approval is complete"),
                "rejected": _("The approval ended: rejected"),
                "withdrawn": _("The approval ended: withdrawn"),
            }.get(data["outcome"], data["outcome"])
        )
    return str(
        {
            "started": _("sent it for approval"),
            "resubmitted": _("sent it again"),
            "edited": _("changed the record (%(step)s)", step=step),
            "carried": _("moved it to another release; no signature is touched"),
            "vacated": _("left; the seat is empty"),
            "stalled": _("The step is stuck (%(step)s)", step=step),
            "held": _("The approval is held"),
            "withdrawn": _("withdrew it"),
        }[row.kind]
    )


def may_withdraw(record: Record, approval: Approval) -> bool:
    """Whether the requester may take the record back now: the engine's own answer."""
    command = cmd.Withdraw(person=record.requester_id)
    state = queries.state_of(approval)
    definition, at = shell.definition_of(record), approval.opened_at
    known, answer = shell.facts_for(record, at), shell.answerer(record, at)
    facts = engine.gather(definition, state, command, known, answer)
    decided = engine.decide(definition, state, command, facts)
    return not isinstance(decided, Refusal)
