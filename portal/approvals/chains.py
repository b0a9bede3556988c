"""The chain as a page shows it: steps with people, decisions, reasons; ready to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.accounts import queries as accounts
from portal.accounts import rolebook
from portal.approvals import queries, signatures, skips
from portal.approvals.models import Approval
from portal.definitions import queries as definitions
from portal.forms.access import FieldAccess
from portal.records.models import Record
from portal.web.filters import moment
from portal.web.words import gettext as _
from portal.workflows.people import Reason
from portal.workflows.preview import Entry, ExpectedPerson
from portal.workflows.tree import in_language


def shown_chain(
    record: Record,
    approval: Approval | None,
    language: str,
    now: datetime,
    events: Sequence[Any] = (),
    access: FieldAccess | None = None,
) -> list[dict[str, Any]]:
    """The chain of a record: expected before it is sent, remaining while it runs, done after.

    `events` are those of the record as far as their comments may be shown, `access` what the
    reader may see of its fields (everything, if not given).
    """
    if approval is None:
        entries = queries.expected_chain(record, now)
        comments: Mapping[tuple[str, int], str] = {}
    else:
        entries = queries.remaining_chain(record, approval, now)
        comments = _comments(approval, events)
    names = accounts.person_name(sorted({p.person for e in entries for p in e.people}))
    made = skips.choices_made(approval.id, events) if approval is not None else {}
    is_stuck = approval is not None and approval.state == "stuck"
    return [
        {
            **_step(entry, names, comments, language, is_stuck=is_stuck),
            "note": _note(entry, record, made, language, access)
            or note_of(entry, _labels(record, entry, language, access), is_stuck=is_stuck),
        }
        for entry in entries
    ]


def _note(
    entry: Entry,
    record: Record,
    made: Mapping[str, int],
    language: str,
    access: FieldAccess | None,
) -> str | None:
    if (entry.status, entry.why) != ("skipped", "condition"):
        return None
    form = definitions.form_of(record.release_id, record.form)
    return skips.reason(entry, form.workflow, form.form, made, language, access)


def _labels(record: Record, entry: Entry, language: str, access: FieldAccess | None) -> list[str]:
    """What a condition lacks, as the form calls it; nothing of what the reader may not see."""
    if not entry.unknown:
        return []
    form = definitions.form_of(record.release_id, record.form).form
    labels = skips.labels_of(form, language)
    seen = [path for path in entry.unknown if skips.may_read_field(form, path, access)]
    return list(dict.fromkeys(labels[path] for path in seen if path in labels))


def _comments(approval: Approval, events: Sequence[Any]) -> Mapping[tuple[str, int], str]:
    """What people wrote with their votes, by person and epoch."""
    return {
        (row.actor_id or "", int(row.data.get("epoch") or 0)): signatures.comment_of(row)
        for row in events
        if row.kind == "voted" and row.approval_id == approval.id
    }


def _step(
    entry: Entry,
    names: Mapping[str, str],
    comments: Mapping[tuple[str, int], str],
    language: str,
    *,
    is_stuck: bool,
) -> dict[str, Any]:
    held = "now" if is_stuck else "next"
    status = held if entry.status == "held" else entry.status
    rejected = any(p.vote == "reject" for p in entry.people)
    return {
        "title": in_language(entry.title, language) or _title(entry),
        "state": "rejected" if rejected else status,
        "people": [_person(p, entry, names, comments, language) for p in entry.people],
        "late": False,
    }


def _person(
    one: ExpectedPerson,
    entry: Entry,
    names: Mapping[str, str],
    comments: Mapping[tuple[str, int], str],
    language: str,
) -> dict[str, Any]:
    at = datetime.fromisoformat(one.voted_at) if one.voted_at else None
    decision = {"approve": "approved", "reject": "rejected"}.get(one.vote or "")
    if decision is None and entry.status == "now":
        decision = "waiting"
    return {
        "name": names.get(one.person, one.person),
        "detail": why(one.reasons, language),
        "decision": decision,
        "moment": moment(at) if at else None,
        "comment": comments.get((one.person, entry.epoch or 0)) or None,
    }


def _title(entry: Entry) -> str:
    """A block without a title: a choice that cannot be made yet, else what it is called."""
    return str(_("Depends on what is filled in")) if entry.why == "unknown" else entry.step


def note_of(entry: Entry, missing: Sequence[str], *, is_stuck: bool) -> str | None:
    """Why a step is skipped, held or stuck; `missing` are the labels of what a condition lacks."""
    if entry.status == "skipped":
        return str(_("Skipped: nobody was found, and the workflow says to go on."))
    if entry.why == "unknown":
        return _undetermined(str(_(", ")).join(missing), is_stuck=is_stuck)
    texts: dict[str, str] = {
        "empty": _("Nobody is found who may decide here. An operator has to assign somebody."),
        "deadlock": _("The votes cannot reach a result. An operator has to act."),
        "vacant": _("Whoever had this left. An operator has to assign somebody."),
        "nobody_approved": _("Nobody would have approved this; it is held."),
    }
    return texts.get(entry.why or "")


def _undetermined(fields: str, *, is_stuck: bool) -> str | None:
    """A choice that cannot be made: it holds the approval, or (yet to come) waits for values."""
    if not is_stuck:
        return str(_("Depends on: %(fields)s", fields=fields)) if fields else None
    if not fields:
        return str(_("A condition cannot be determined."))
    return str(_("A condition cannot be determined; missing: %(f)s.", f=fields))


def why(reasons: Sequence[Reason], language: str) -> str:
    """Why somebody is asked: the rule that found them, in words."""
    return ", ".join(dict.fromkeys(_reason(reason, language) for reason in reasons))


def _reason(reason: Reason, language: str) -> str:
    if reason.rule in {"role", "project_role"}:
        scope = "company" if reason.rule == "role" else "project"
        return in_language(rolebook.titles(scope, also=[reason.value])[reason.value], language)
    texts: dict[str, str] = {
        "user": _("named in the workflow"),
        "dept_head_of": _("Head of department"),
        "field": _("named in the form"),
        "transfer": _("handed over"),
        "assigned": _("assigned by an operator"),
    }
    return texts.get(reason.rule, reason.rule)
