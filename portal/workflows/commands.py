"""What people ask the engine to do. Whether they are who they say is the shell's business."""

from dataclasses import dataclass
from typing import ClassVar

from portal.workflows.coding import Coded, Tagged


@dataclass(frozen=True, kw_only=True)
class Command(Tagged):
    """Base of all commands; `person` is who acts."""

    family: ClassVar[dict[str, type[Tagged]]] = {}
    person: str


@dataclass(frozen=True)
class Change(Coded):
    """One changed path of the record, row ids left out (`lines[].qty`; `lines` for rows).

    `computed` paths changed as a consequence and need no right to edit. `was_empty`: it had no
    value before.
    """

    path: str
    was_empty: bool = False
    computed: bool = False


@dataclass(frozen=True, kw_only=True)
class AtStep(Command):
    """A command by the holder of a seat: names the epoch and the record version they saw."""

    epoch: int
    version: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Start(Command):
    """The requester files the record in this version."""

    kind: ClassVar[str] = "start"
    version: int


@dataclass(frozen=True, kw_only=True)
class Approve(AtStep):
    """Approve; with `changes`, edit in the same act: the decision binds to `new_version`."""

    kind: ClassVar[str] = "approve"
    changes: tuple[Change, ...] = ()
    new_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reject(AtStep):
    kind: ClassVar[str] = "reject"


@dataclass(frozen=True, kw_only=True)
class Return(AtStep):
    """Send back to an earlier block or to `start`; the comment is required."""

    kind: ClassVar[str] = "return"
    to: str


@dataclass(frozen=True, kw_only=True)
class Transfer(AtStep):
    """Give the own seat to another person for good."""

    kind: ClassVar[str] = "transfer"
    to: str


@dataclass(frozen=True, kw_only=True)
class Edit(AtStep):
    """Change the record at the own step, without deciding; makes `new_version`."""

    kind: ClassVar[str] = "edit"
    changes: tuple[Change, ...]
    new_version: int


@dataclass(frozen=True, kw_only=True)
class Resubmit(Command):
    """The requester sends a returned record again, in this version."""

    kind: ClassVar[str] = "resubmit"
    version: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Carry(Command):
    """The record moved to another release of its form and is in this version now."""

    kind: ClassVar[str] = "carry"
    version: int


@dataclass(frozen=True, kw_only=True)
class Withdraw(Command):
    kind: ClassVar[str] = "withdraw"
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Assign(Command):
    """An administrator gives a stuck step one more person; every check holds for them."""

    kind: ClassVar[str] = "assign"
    epoch: int
    to: str
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Refresh(Command):
    """An administrator has a stuck block look again for people or values."""

    kind: ClassVar[str] = "refresh"
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Terminate(Command):
    """An administrator ends the approval without judging it; the record becomes withdrawn."""

    kind: ClassVar[str] = "terminate"
    comment: str


@dataclass(frozen=True, kw_only=True)
class Vacate(Command):
    """`leaver` became inactive: the open seats they hold are vacated, votes cast stay."""

    kind: ClassVar[str] = "vacate"
    leaver: str
