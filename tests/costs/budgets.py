"""Budget control worked out the plain way, from the list of entries: what the tests compare with.

It shares nothing with the portal: no sheet, no ledger, no tree walk of its own modules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

BUDGET = ("budget_orig", "budget_change", "budget_transfer")


@dataclass(frozen=True)
class Entry:
    """One entry: a code's key, a bucket, an amount, and what else it names."""

    code: str
    bucket: str
    amount: Decimal
    day: date
    contract: str | None = None
    request: str | None = None
    span: tuple[date, date] | None = None


@dataclass(frozen=True)
class Plain:
    """A rule: the codes it sums (by key), whole or by month, its kind of balance."""

    codes: frozenset[str]
    by_month: bool
    balance: str  # available, available_static or unspent


def number(day: date) -> int:
    return day.year * 12 + day.month


def falls(entry: Entry, until: int | None, project: tuple[date, date] | None) -> Decimal:
    """What of an entry counts until the end of a month; None: all of it."""
    if until is None:
        return entry.amount
    if entry.bucket not in BUDGET:
        return entry.amount if number(entry.day) <= until else Decimal(0)
    span = entry.span or project
    if span is None:
        return entry.amount
    first, last = number(span[0]), number(span[1])
    passed = min(max(until - first + 1, 0), last - first + 1)
    share = entry.amount * passed / (last - first + 1)
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def balance(
    rule: Plain, entries: Iterable[Entry], until: int | None, project: tuple[date, date] | None
) -> Decimal:
    """What is available to a rule's codes."""
    known = [one for one in entries if one.code in rule.codes]
    total = Decimal(0)
    for code in {one.code for one in known}:
        own = [(one, falls(one, until, project)) for one in known if one.code == code]
        revised = sum((a for e, a in own if e.bucket in BUDGET), Decimal(0))
        actual = sum((a for e, a in own if e.bucket == "actual"), Decimal(0))
        direct = sum((a for e, a in own if e.bucket == "actual" and not e.contract), Decimal(0))
        committed = sum((a for e, a in own if e.bucket in ("commit", "commit_change")), Decimal(0))
        open_commit = Decimal(0)
        for contract in {e.contract for e, _ in own}:
            of = sum((a for e, a in own if e.contract == contract
                      and e.bucket in ("commit", "commit_change")), Decimal(0))  # fmt: skip
            less = sum((a for e, a in own if e.contract == contract and contract
                        and e.bucket == "actual"), Decimal(0))  # fmt: skip
            open_commit += max(of - less, Decimal(0))
        requested = Decimal(0)
        for request in {e.request for e, _ in own}:
            of = sum((a for e, a in own if e.request == request
                      and e.bucket == "commit_request"), Decimal(0))  # fmt: skip
            requested += max(of, Decimal(0))
        total += {
            "available": revised - actual - open_commit - requested,
            "available_static": revised - committed - direct - requested,
            "unspent": revised - actual,
        }[rule.balance]
    return total


def stops(
    rule: Plain,
    before: Sequence[Entry],
    more: Sequence[Entry],
    stages: frozenset[str],
    project: tuple[date, date] | None,
) -> bool:
    """Whether these entries would be refused: some month, or the whole, below zero and lower."""
    own = [one for one in more if one.code in rule.codes and one.bucket in stages]
    moved: dict[tuple[str, int | None], Decimal] = {}
    for one in own:
        key = (one.bucket, number(one.day) if rule.by_month else None)
        moved[key] = moved.get(key, Decimal(0)) + one.amount
    if not any(moved.values()):
        return False
    times: Iterable[int | None] = (None,)
    if rule.by_month:
        known = [one for one in (*before, *more) if one.code in rule.codes]
        days = [one.day for one in known if one.bucket not in BUDGET]
        for one in known:
            days += list((one.span or project or ()) if one.bucket in BUDGET else ())
        if days:
            times = range(min(map(number, days)), max(map(number, days)) + 1)
    for until in times:
        was = balance(rule, before, until, project)
        now = balance(rule, [*before, *more], until, project)
        if now < 0 and now < was:
            return True
    return False


Tree = Mapping[str, str | None]
"""Key → key of the parent."""


def below(tree: Tree, top: str) -> frozenset[str]:
    """A code and all under it."""
    found = {top}
    while more := {key for key, parent in tree.items() if parent in found} - found:
        found |= more
    return frozenset(found)


def path(tree: Tree, code: str) -> list[str]:
    """The codes from the top down to one."""
    found = [code]
    while (parent := tree[found[0]]) is not None:
        found.insert(0, parent)
    return found
