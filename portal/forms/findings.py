"""What is wrong with a definition: where, what, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.errors import N_, Message, PortalError

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a definition.

    `place` leads to the member in the file (`("rules", 0, "when")`); `line` and `column` count
    from 1 inside an expression; `remedy` says what to do about it.
    """

    place: Place
    message: Message
    remedy: Message
    line: int = 1
    column: int = 1


class DefinitionErrors(PortalError):
    """A definition that cannot be compiled, with every fault found."""

    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(
            N_("The definition has %(count)s faults. First: %(first)s"),
            count=len(self.findings),
            first=str(self.findings[0].message) if self.findings else "",
        )
