"""Why a command is refused: a code, its arguments and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.errors import N_, Message


@dataclass(frozen=True)
class Refusal:
    """`args` named `person` or `step` are ids and `at` is a UTC moment, for the shell to word."""

    code: str
    args: Mapping[str, Any]
    message: Message


class Refused(Exception):
    """Carries a refusal from a check up to `decide`."""

    def __init__(self, code: str, **args: Any) -> None:
        self.refusal = Refusal(code, args, Message(TEXTS[code], args))
        super().__init__(code)


TEXTS: Mapping[str, str] = {
    "not_started": N_("This record has not been sent for approval."),
    "already_started": N_("This record has already been sent for approval."),
    "ended_approved": N_("This approval is over: the record is approved."),
    "ended_rejected": N_("This approval is over: the record was rejected."),
    "ended_withdrawn": N_("This approval is over: the record was withdrawn."),
    "no_such_task": N_("This task does not exist."),
    "already_approved": N_("Already approved by %(person)s at %(at)s."),
    "already_rejected": N_("Already rejected by %(person)s at %(at)s."),
    "already_returned": N_("Already returned by %(person)s at %(at)s."),
    "already_restarted": N_(
        "%(person)s changed the record at %(at)s, so it is being approved anew."
    ),
    "already_closed": N_("This step was closed by %(person)s at %(at)s."),
    "you_decided": N_("You have already decided here, at %(at)s."),
    "not_your_task": N_("This step does not wait for you."),
    "record_changed": N_(
        "The record was changed since you opened it (you saw version %(seen)s, "
        "it is now version %(current)s). Look at it again, then decide."
    ),
    "not_active": N_("%(person)s is no longer active."),
    "requester_decides": N_("Nobody decides on their own request."),
    "distinct": N_(
        "%(person)s has already decided in the step %(step)s; "
        "the same person may not decide in both."
    ),
    "return_not_offered": N_("This step cannot be returned there."),
    "comment_required": N_("Say why: a comment is needed."),
    "too_many_returns": N_(
        "Returned %(returns)s times already, no more are allowed. Approve or reject."
    ),
    "not_requester": N_("Only the requester can do this."),
    "not_returned": N_("The record is not waiting for its requester."),
    "withdraw_never": N_("Records of this workflow cannot be withdrawn."),
    "withdraw_decided": N_("Too late to withdraw: somebody has already decided."),
    "withdraw_passed": N_("Too late to withdraw: the approval has reached the step %(step)s."),
    "transfer_not_offered": N_("This step cannot be transferred."),
    "transfer_to_requester": N_("Not to the requester: nobody decides on their own request."),
    "has_seat": N_("%(person)s already has a seat in this step."),
    "outside_rule": N_("%(person)s does not fulfill the rule of this step."),
    "nothing_changed": N_("Nothing was changed."),
    "field_not_editable": N_("The field %(field)s cannot be changed at this step."),
    "version_not_new": N_("A changed record needs a new version."),
    "not_stuck": N_("This approval is not stuck."),
    "nobody_found": N_("Still nobody is found who may decide here."),
    "still_unknown": N_("The condition still cannot be determined; missing: %(fields)s."),
}
