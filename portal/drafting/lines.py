"""The lines of a drafted funds plan, each with its reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.dates import last_of, read_day
from portal.drafting.sources import CONTRACT, Source, Timing, sources, timing
from portal.drafting.spread import Job, amounts, by_nodes, shares
from portal.drafting.terms import Certificate, Standing, certificates, released, terms_of
from portal.funds.money import Direction
from portal.funds.open_items import OpenItem, standing
from portal.funds.outlook import outlooks
from portal.funds.reading import Book, lapses_of, names_for, read_book
from portal.ledgers.naming import Named, names_of
from portal.web.filters import day, money, month
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

NOTHING = Decimal(0)
WITHOUT_A_SCHEDULE = 3  # months over which what remains is spread where nobody says when


@dataclass(frozen=True, slots=True)
class Line:
    """Money expected on a day, and why."""

    on: date
    direction: Direction
    category: str
    contract: str | None
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The lines of a plan from its first to its last day; `known` is what is planned already."""

    first: date
    last: date
    lines: Sequence[Line]
    known: Decimal


def draft(project: ProjectBrief, first: date, months: int) -> Draft:
    """What is to be expected in these months and no approved plan expects yet."""
    book, when = read_book(project), timing(project)
    last = first
    for _n in range(months):
        last = last_of(last) + timedelta(days=1)
    last -= timedelta(days=1)
    every = [line for one in sources(project) for line in _contract(one, when, book)]
    every += _owed(project, book, first)
    found = sorted(
        (one for one in every if first <= one.on <= last and one.amount > 0),
        key=lambda one: (one.on, one.direction, one.category, one.contract or "", one.reason),
    )
    lines, known = _beside(project, book, found)
    return Draft(first, last, lines, known)


@dataclass(frozen=True, slots=True)
class Work:
    """Work that is measured on a day, why then, and when it is paid if that is known."""

    on: date
    amount: Decimal
    reason: str
    paid_on: date | None = None


def _contract(one: Source, when: Timing, book: Book) -> Iterator[Line]:
    """The advance, work by work, retention: everything of a contract that is still to come."""
    terms, today, of = terms_of(one.data), book.today, one.figures
    so_far = Standing(of["certified"], of["advance_recovered"], of["retention_held"])
    if one.awaits_advance:
        on = max(today, read_day(one.data.get("signed_on")) or today)
        yield _line(one, on, "advance", one.awaits_advance, _("Advance agreed and not paid yet"))
    works = [*_in_approval(one, book), *(_nodes(one, when, today) or _planned(one, when, today))]
    made = certificates(terms, so_far, [(work.on, work.amount) for work in works])
    for work, certificate in zip(works, made, strict=True):
        on = work.paid_on or work.on + timedelta(days=terms.payment_days)
        yield _line(one, max(on, today), "progress", certificate.net, _why(work, certificate, on))
    held = so_far.held + sum((each.retention for each in made), NOTHING)
    plan = lapses_of([one.contract.id]).get(one.contract.id, [])
    for due, amount in released(held, of["retention_released"], plan):
        reason = _("Retention due by the contract on %(day)s", day=day(due))
        yield _line(one, max(due, today), "retention", amount, reason)


def _line(one: Source, on: date, category: str, amount: Decimal, reason: str) -> Line:
    return Line(on, one.direction, category, one.contract.id, amount, reason[:160])


def _in_approval(one: Source, book: Book) -> list[Work]:
    """What was applied for and is not decided yet: it will be due as it was applied for."""
    claims = [
        each
        for each in book.money
        if each.stage == "claim"
        and (each.key.contract, each.key.direction) == (one.contract.id, one.direction)
        and each.amount > 0
    ]
    return [
        Work(each.on, each.amount, _("Applied for on %(day)s", day=day(each.on)), each.due)
        for each in claims
    ]


def _planned(one: Source, when: Timing, today: date) -> list[Work]:
    """The work that remains, month by month as the schedule has it."""
    jobs, own = when.jobs(one.contract)
    if jobs:
        how = _("by its tasks") if own else _("by the whole schedule")
    else:
        last = when.ends_on if when.ends_on and when.ends_on > today else None
        jobs = [Job(today, last or today + timedelta(days=30 * WITHOUT_A_SCHEDULE), Decimal(1))]
        how = _("evenly: no task is open")
    parts = shares(jobs, today)
    return [
        Work(
            on,
            amount,
            _(
                "Work of %(month)s: %(share)s %% of what remains, %(how)s",
                month=month(on),
                share=f"{part * 100:.1f}",
                how=how,
            ),
        )
        for (on, part), (_on, amount) in zip(parts, amounts(one.left, parts), strict=True)
    ]


def _nodes(one: Source, when: Timing, today: date) -> list[Work]:
    """The payment nodes still to be billed, where the contract has any."""
    rows = one.data.get("payment_nodes") or ()
    known = names_of({str(row["milestone"]) for row in rows if row.get("milestone")})
    found = []
    for row in rows:
        on = when.reached_on(known.get(str(row.get("milestone")))) or read_day(
            row.get("planned_on")
        )
        share = Decimal(row.get("share") or 0) / 100
        amount = (one.figures["current"] * share).quantize(Decimal("0.01"))
        found.append((max(on or today, today), amount, str(row.get("node") or "")))
    billed = one.figures["certified"] + one.figures["claimed"]
    return [
        Work(on, amount, _("Payment node: %(node)s, %(day)s", node=node, day=day(on)))
        for on, amount, node in by_nodes(found, billed)
    ]


def _why(work: Work, made: Certificate, on: date) -> str:
    """The reason, what is held back and recovered, when it is paid."""
    parts = [work.reason]
    if made.retention:
        parts.append(_("retention −%(amount)s", amount=money(made.retention)))
    if made.recovery:
        parts.append(_("advance −%(amount)s", amount=money(made.recovery)))
    if on > work.on:
        parts.append(_("paid after %(days)s days", days=(on - work.on).days))
    return "; ".join(parts)


def _owed(project: ProjectBrief, book: Book, first: date) -> Iterator[Line]:
    """What is certified and open, on the day it is due; what is late, or due before the draft
    begins, on its first day: a planned line shrinks by all that is owed under its key.
    """
    items = standing(book.of(project.currency)).open
    forms = names_of({one.key.contract for one in items if one.key.contract})
    names = names_for({one.document for one in items}, ())
    for one in items:
        if not _may_be_planned(one, forms):
            continue
        on = max(one.due, book.today, first)
        reason = _("Open of %(document)s", document=names.document(one.document))
        if one.due < book.today:
            reason = _(
                "Open of %(document)s, due since %(day)s",
                document=names.document(one.document),
                day=day(one.due),
            )
        elif one.due < first:
            reason = _(
                "Open of %(document)s, due on %(day)s",
                document=names.document(one.document),
                day=day(one.due),
            )
        category = one.key.category or "other"
        yield Line(on, one.key.direction, category, one.key.contract, one.open, reason[:160])


def _may_be_planned(one: OpenItem, contracts: Mapping[str, Named]) -> bool:
    """A line of a plan names a contract or none, and a category by which it is met."""
    of = one.key
    if of.contract is None:
        return of.category is not None
    return of.contract in contracts and contracts[of.contract].form == CONTRACT


def _beside(project: ProjectBrief, book: Book, lines: Iterable[Line]) -> tuple[list[Line], Decimal]:
    """The lines less what approved plans expect of the same in the same month."""
    left: dict[tuple[Direction, str, str | None, date], Decimal] = {}
    for outlook in outlooks(project, book):
        for each in outlook.projection.lines if outlook.currency == project.currency else ():
            key = each.line.key
            place = (key.direction, key.category or "", key.contract, last_of(each.line.on))
            left[place] = left.get(place, NOTHING) + each.remaining
    found, known = [], NOTHING
    for one in lines:
        place = (one.direction, one.category, one.contract, last_of(one.on))
        taken = min(one.amount, left.get(place, NOTHING))
        if taken > 0:
            left[place] -= taken
            known += taken
        if one.amount > taken:
            found.append(replace(one, amount=one.amount - taken))
    return found, known
