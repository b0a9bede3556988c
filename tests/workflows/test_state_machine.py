"""K1: a state machine plays an approval against the oracle; hypothesis shrinks what breaks."""

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from portal.workflows import commands as cmd
from tests.workflows.build import FIELDS, ROLES, any_approval
from tests.workflows.world import PEOPLE, Approval

T = TypeVar("T")
person = st.sampled_from(PEOPLE)
stale = st.sampled_from((0, 0, 0, 0, 0, -1, 1))


class Drawn:
    """Picks by drawing, so that a failing definition shrinks to its first options."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def pick(self, options: Sequence[T]) -> T:
        return self.data.draw(st.sampled_from(list(options)))


class Approvals(RuleBasedStateMachine):
    """Every accepted command is checked by the oracle inside `Approval.do`."""

    approval: Approval

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        self.approval = any_approval(Drawn(data))
        self.approval.do(cmd.Start(person="ann", version=1))

    def _seat(self, data: st.DataObject, off: int) -> dict[str, Any]:
        """A seat that is open, or now and then any person at any epoch."""
        state = self.approval.now
        seats = [(e.number, s.person) for e, s in state.open_seats()]
        last = len(state.epochs) or 1
        epoch, holder = data.draw(st.sampled_from([*seats, (last, data.draw(person))]))
        version = state.version + off
        return {"person": holder, "epoch": epoch, "version": version, "comment": "why"}

    @rule(data=st.data(), off=stale)
    def approve(self, data: st.DataObject, off: int) -> None:
        self.approval.do(cmd.Approve(**self._seat(data, off)))

    @rule(data=st.data(), off=stale, field=st.sampled_from(FIELDS))
    def approve_with_an_edit(self, data: st.DataObject, off: int, field: str) -> None:
        version = self.approval.now.version + 1
        changes = (cmd.Change(field),)
        self.approval.do(cmd.Approve(**self._seat(data, off), changes=changes, new_version=version))

    @rule(data=st.data(), off=stale)
    def reject(self, data: st.DataObject, off: int) -> None:
        self.approval.do(cmd.Reject(**self._seat(data, off)))

    @rule(data=st.data(), off=stale)
    def send_back(self, data: st.DataObject, off: int) -> None:
        seat = self._seat(data, off)
        blocks = ["start", *(b.id for b in self.approval.definition.all_blocks())]
        self.approval.do(cmd.Return(**seat, to=data.draw(st.sampled_from(blocks))))

    @rule(data=st.data(), off=stale, to=person)
    def transfer(self, data: st.DataObject, off: int, to: str) -> None:
        self.approval.do(cmd.Transfer(**self._seat(data, off), to=to))

    @rule(data=st.data(), off=stale, fields=st.sets(st.sampled_from(FIELDS)))
    def edit(self, data: st.DataObject, off: int, fields: set[str]) -> None:
        changes = tuple(cmd.Change(field) for field in sorted(fields))
        version = self.approval.now.version + 1
        self.approval.do(cmd.Edit(**self._seat(data, off), changes=changes, new_version=version))

    @rule(who=person)
    def withdraw(self, who: str) -> None:
        self.approval.do(cmd.Withdraw(person=who))

    @precondition(lambda self: self.approval.now.status == "returned")
    @rule(who=st.sampled_from(("ann", "bob")))
    def resubmit(self, who: str) -> None:
        self.approval.do(cmd.Resubmit(person=who, version=self.approval.now.version + 1))

    @precondition(lambda self: self.approval.now.status == "stuck")
    @rule(to=person)
    def assign(self, to: str) -> None:
        epoch = len(self.approval.now.epochs) or 1
        self.approval.do(cmd.Assign(person="root", epoch=epoch, to=to))

    @precondition(lambda self: self.approval.now.status == "stuck")
    @rule(role=st.sampled_from(ROLES), people=st.sets(person), truth=st.booleans())
    def refresh(self, role: str, people: set[str], truth: bool) -> None:
        self.approval.world.roles[role] = tuple(sorted(people))
        self.approval.world.truths = dict.fromkeys(self.approval.world.truths, truth)
        self.approval.do(cmd.Refresh(person="root"))

    @rule(who=person)
    def leave(self, who: str) -> None:
        self.approval.world.inactive.add(who)
        self.approval.do(cmd.Vacate(person="root", leaver=who))

    @invariant()
    def who_is_stuck_is_shown(self) -> None:
        """S1: an approval that runs has somebody who can act, or says that it is stuck."""
        if not hasattr(self, "approval"):
            return
        state = self.approval.now
        if state.status == "open":
            assert list(state.open_seats())
        if state.status == "ended":
            assert not list(state.open_epochs())


TestApprovals = Approvals.TestCase
