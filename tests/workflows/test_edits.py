"""Changing the record on its way: what is protected restarts, what is not stays (W63)."""

from typing import Any

from portal.workflows import commands as cmd
from portal.workflows.effects import Notify
from portal.workflows.events import Restarted, Signature, Voted
from tests.workflows.build import step, workflow
from tests.workflows.world import Approval, World

FREE: dict[str, Any] = {"fields": {"edit": ["amount", "lines", "paid_on", "note"]}}
TEAM = {"r1": ("bob", "cat", "dan")}
PROTECTED = frozenset({"amount", "lines[].qty", "paid_on"})


def running(*blocks: dict[str, Any], **policy: Any) -> Approval:
    reads = policy.pop("reads", {})
    approval = Approval(workflow(*blocks, **policy), World(roles=TEAM), PROTECTED, reads)
    approval.do(cmd.Start(person="ann", version=1))
    return approval


def edit(approval: Approval, person: str, epoch: int, *changes: cmd.Change | str) -> list[str]:
    version = approval.now.version
    made = tuple(cmd.Change(c) if isinstance(c, str) else c for c in changes)
    return approval.do(
        cmd.Edit(person=person, epoch=epoch, version=version, changes=made, new_version=version + 1)
    )


def approve(approval: Approval, person: str, epoch: int, *changes: str) -> list[str]:
    version = approval.now.version
    return approval.do(
        cmd.Approve(
            person=person,
            epoch=epoch,
            version=version,
            changes=tuple(map(cmd.Change, changes)),
            new_version=version + 1 if changes else None,
        )
    )


def test_a_protected_change_restarts_at_the_first_block_and_names_the_signatures() -> None:
    approval = running(step("s1", need="all", **FREE), step("s2", **FREE))
    for person in ("bob", "cat", "dan"):
        approve(approval, person, 1)
    assert edit(approval, "dan", 2, "amount") == ["edited", "closed", "restarted", "entered"]
    restarted = next(e for e in approval.log if isinstance(e, Restarted))
    assert restarted.removed == tuple(Signature(p, "s1", 1) for p in ("bob", "cat", "dan"))
    told = [e.person for e in approval.effects if getattr(e, "about", "") == "signature_removed"]
    assert told == ["bob", "cat", "dan"]
    assert approve(approval, "bob", 3) == ["voted"]


def test_an_unprotected_change_keeps_the_votes_and_binds_to_the_new_version() -> None:
    approval = running(step("s1", need="all", **FREE))
    approve(approval, "bob", 1)
    assert edit(approval, "cat", 1, "note") == ["edited"]
    assert approval.do(cmd.Approve(person="dan", epoch=1, version=1)) == ["[record_changed]"]
    assert approve(approval, "dan", 1) == ["voted"]
    assert [s.vote for s in approval.now.epochs[0].seats] == ["approve", None, "approve"]


def test_an_edit_and_a_decision_together_count_at_once_where_the_step_begins_anew() -> None:
    approval = running(step("s1", need="all", **FREE))
    approve(approval, "bob", 1)
    made = approve(approval, "cat", 1, "amount")
    assert made == ["edited", "closed", "restarted", "entered", "voted"]
    vote = approval.log[-1]
    assert isinstance(vote, Voted)
    assert (vote.epoch, vote.seen_epoch, vote.version, vote.seen_version) == (2, 1, 2, 1)


def test_an_edit_and_a_decision_together_go_back_where_the_restart_lies_earlier() -> None:
    approval = running(step("s1"), step("s2", **FREE))
    approve(approval, "bob", 1)
    assert approve(approval, "cat", 2, "amount") == ["edited", "closed", "restarted", "entered"]
    assert [e.step for e in approval.now.open_epochs()] == ["s1"]


def test_the_restart_can_be_declared_and_a_later_one_means_this_step() -> None:
    blocks = (step("s1", **FREE), step("s2", **FREE), step("s3", **FREE))
    approval = running(*blocks, on_protected_change="restart_from:s2")
    edit(approval, "bob", 1, "amount")
    assert [e.step for e in approval.now.open_epochs()] == ["s1"]
    approve(approval, "bob", 2)
    approve(approval, "bob", 3)
    edit(approval, "bob", 4, "amount")
    assert [(e.step, e.number) for e in approval.now.open_epochs()] == [("s2", 5)]
    assert not approval.now.epochs[1].void


def test_only_the_fields_of_the_step_may_be_changed() -> None:
    approval = running(step("s1", fields={"edit": ["lines"]}))
    assert edit(approval, "bob", 1, "amount") == ["[field_not_editable]"]
    assert edit(approval, "bob", 1, "lines_total") == ["[field_not_editable]"]
    assert edit(approval, "eve", 1, "lines") == ["[not_your_task]"]
    assert edit(approval, "bob", 1) == ["[nothing_changed]"]
    assert edit(approval, "bob", 1, cmd.Change("total", computed=True)) == ["edited"]


def test_a_path_holds_what_lies_inside_it() -> None:
    approval = running(step("s1", need="all", fields={"edit": ["lines"]}))
    assert edit(approval, "bob", 1, "lines[].remark") == ["edited"]
    assert "restarted" in edit(approval, "bob", 1, "lines[].qty")


def test_rows_added_or_removed_touch_what_is_protected_inside_them() -> None:
    approval = running(step("s1", **FREE))
    assert "restarted" in edit(approval, "bob", 1, "lines")


def test_filling_what_was_empty_and_unread_is_no_protected_change() -> None:
    approval = running(step("s1"), step("pay", **FREE))
    approve(approval, "bob", 1)
    assert edit(approval, "cat", 2, cmd.Change("paid_on", was_empty=True)) == ["edited"]


def test_filling_what_an_earlier_block_has_read_is_protected() -> None:
    reads = {"s1": frozenset({"paid_on"})}
    approval = running(step("s1"), step("pay", **FREE), reads=reads)
    approve(approval, "bob", 1)
    assert "restarted" in edit(approval, "cat", 2, cmd.Change("paid_on", was_empty=True))


def test_a_changed_record_needs_a_new_version() -> None:
    approval = running(step("s1", **FREE))
    command = cmd.Edit(
        person="bob", epoch=1, version=1, changes=(cmd.Change("note"),), new_version=1
    )
    assert approval.do(command) == ["[version_not_new]"]


def test_a_restart_tells_each_signer_once_per_step() -> None:
    approval = running(step("s1"), step("s2", **FREE))
    approve(approval, "bob", 1)
    edit(approval, "cat", 2, "amount", "note")
    removed = [
        e for e in approval.effects if isinstance(e, Notify) and e.about == "signature_removed"
    ]
    assert [(e.person, e.step) for e in removed] == [("bob", "s1")]


def told(approval: Approval, person: str) -> list[str]:
    return [e.about for e in approval.effects if isinstance(e, Notify) and e.person == person]


def test_the_requester_is_told_of_every_change_at_a_step() -> None:
    approval = running(step("s1", need="all", **FREE))
    edit(approval, "bob", 1, "note")
    edit(approval, "bob", 1, "amount")
    assert told(approval, "ann") == ["edited", "edited"]


def signing_by_sending(*before: dict[str, Any], **policy: Any) -> Approval:
    """`q1` says that the requester is who would sign at `own`; then others may change values."""
    mine = {"if": "q1", "then": [], "signed_by_sending": True}
    choice = {"choose": "sender_signs", "when": [mine], "else": [step("own")]}
    blocks = [*before, choice, step("site", **FREE), step("last")]
    world = World(roles=TEAM, truths={"q1": True})
    approval = Approval(workflow(*blocks, **policy), world, PROTECTED)
    approval.do(cmd.Start(person="ann", version=1))
    return approval


def test_values_changed_by_others_return_to_the_requester_who_signed_by_sending() -> None:
    approval = signing_by_sending()
    assert approve(approval, "bob", 1) == ["voted", "closed", "entered"]
    approval = signing_by_sending()
    assert edit(approval, "bob", 1, "amount") == [
        "edited", "closed", "restarted", "chosen", "returned",
    ]  # fmt: skip
    assert (approval.record_state, approval.tasks) == ("returned", set())
    assert told(approval, "ann") == ["edited", "to_confirm"]


def test_sending_again_confirms_the_changed_values() -> None:
    approval = signing_by_sending()
    edit(approval, "bob", 1, "amount")
    again = cmd.Resubmit(person="ann", version=approval.now.version)
    assert approval.do(again) == ["resubmitted", "chosen", "entered"]
    assert approve(approval, "cat", 2) == ["voted", "closed", "entered"]
    assert approve(approval, "cat", 3)[-1] == "ended"
    assert approval.record_state == "approved"


def test_an_approval_with_a_change_waits_for_the_requester_too() -> None:
    approval = signing_by_sending()
    assert approve(approval, "bob", 1, "amount")[-1] == "returned"
    assert not [e for e in approval.log if isinstance(e, Voted)]


def test_a_change_that_signs_nothing_away_stays_on_its_way() -> None:
    approval = signing_by_sending()
    assert edit(approval, "bob", 1, "note") == ["edited"]


def test_values_changed_before_the_requesters_place_wait_there() -> None:
    approval = signing_by_sending(step("first", **FREE))
    edit(approval, "bob", 1, "amount")
    assert approve(approval, "bob", 2) == ["voted", "closed", "chosen", "returned"]


def test_beyond_the_allowed_returns_a_change_that_must_be_confirmed_rejects() -> None:
    approval = signing_by_sending(max_returns=0)
    assert edit(approval, "bob", 1, "amount")[-2:] == ["chosen", "ended"]
    assert approval.record_state == "rejected"
