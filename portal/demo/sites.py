"""What a project of the demo is made of: the shape that harbor, tunnel and warehouse fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """A priced line of a contract; `price` includes tax.

    `progress`: percent of the line done at each month's end, where it is not that of its contract.
    """

    item: str
    description: str
    unit: str
    qty: str
    price: str
    code: str
    progress: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract; `signed` counts days back from today. `months` of payments follow."""

    code: str
    name: str
    party: str
    signed: int
    lines: tuple[Line, ...]
    direction: str = "expense"
    tax: str = "9.00"
    days: int = 30
    advance: Mapping[str, str] = field(default_factory=dict)
    retention: str = "3.00"
    progress: tuple[int, ...] = ()  # percent of the contract done at each month's end
    nodes: tuple[tuple[str, str, str], ...] = ()  # payment node, milestone, percent


@dataclass(frozen=True, slots=True)
class Milestone:
    """Dates count days from today: negative is past. `actual` only once it was reached."""

    code: str
    name: str
    planned: int
    forecast: int | None = None
    actual: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its workers: (name, trade, skill, rate per hour).

    `by_day` are those paid by the day, eight times the rate; `pieces` what is paid by its quantity:
    (work, unit, price, how much of it an hour makes).
    """

    name: str
    foreman: str
    workers: tuple[tuple[str, str, str, str], ...]
    subcontractor: str = ""
    by_day: tuple[str, ...] = ()
    pieces: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change request; `lines` are (code, description, qty, unit, price), `days` per milestone."""

    title: str
    reason: str
    scope: str
    affected: str
    description: str
    lines: tuple[tuple[str, str, str, str, str], ...]
    days: Mapping[str, int] = field(default_factory=dict)
    contract: str = ""
    risk: tuple[int, int, int, int] = (3, 3, 2, 2)
    wbs: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What a ticket's hours were for. `change` is the title of the change that pays for work
    outside the contract, once it is approved. `piece`: what of it the team is paid for by quantity.
    """

    what: str
    wbs: str
    outside: bool = False
    change: str = ""
    piece: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A project with everything that stands in its registers, and the work its tickets tell."""

    code: str
    name: str
    currency: str
    zone: str
    began: int
    ends_in: int
    staff: Mapping[str, tuple[str, ...]]
    wbs: tuple[tuple[str, str, str], ...]  # code, name, parent
    budget: tuple[tuple[str, str, str, str], ...]  # cost code, description, amount, wbs
    contracts: tuple[Contract, ...]
    milestones: tuple[Milestone, ...]
    teams: tuple[Team, ...]
    changes: tuple[Change, ...]
    works: tuple[Work, ...]
    engineer: str = ""
    contract_engineer: str = ""
