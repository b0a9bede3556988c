"""What a record's next state would move: the figures of the rows it touches, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal import clock
from portal.approvals.impact import Move
from portal.costs import control
from portal.costs.columns import leading_to_entries, sheet_in_force
from portal.costs.reaching import reaches
from portal.costs.sheet import COST
from portal.definitions.queries import form_in
from portal.funds import columns as funds
from portal.labor import columns as labor
from portal.ledgers.columns import Column
from portal.ledgers.naming import names_of
from portal.ledgers.pages import Center, Way
from portal.ledgers.queries import sums
from portal.ledgers.services import Effect, preview
from portal.progress import columns as progress
from portal.projects.queries import project_brief
from portal.records.models import Record
from portal.records.transitions import APPROVED
from portal.records.views import withheld
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class _Watched:
    """The figures of a ledger worth showing to who decides, per row of its page.

    `by` are the attributes that tell rows apart, `names` what the address calls them.
    """

    center: str
    by: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[Column, ...]


WATCHED: tuple[_Watched, ...] = (
    _Watched(
        "funds",
        ("contract_id", "direction", "ccy"),
        ("contract", "direction", "ccy"),
        (
            funds.CURRENT,
            funds.CERTIFIED,
            funds.ADVANCE_OPEN,
            funds.RETENTION,
            funds.PAID,
            funds.DUE,
            funds.LOOSE,
        ),
    ),
    _Watched(
        "labor",
        ("ccy",),
        ("ccy",),
        (
            labor.SIGNED_AMOUNT,
            labor.UNSIGNED_AMOUNT,
            labor.ACCRUED,
            labor.RECOVERABLE,
            labor.AT_RISK,
        ),
    ),
    _Watched("progress", ("milestone_id",), ("milestone",), (progress.SHIFT,)),
)


def _watched() -> tuple[_Watched, ...]:
    """Of the cost sheet the figures whose entries say what moved, those of detail included."""
    known, sheet = leading_to_entries(), sheet_in_force()
    shown = [one for one in sheet.shown(every=True) if one.key in known]
    told = tuple(one for one in shown if one.key != sheet.budget)
    return (_Watched("cost", ("cost_code_id", "ccy"), ("cost_code", "ccy"), told), *WATCHED)


def moves_of(record: Record, viewer: Viewer, after: str = APPROVED) -> list[Move]:
    """The figures a record would move by coming into a state; nothing for people from outside."""
    if record.project_id is None or viewer.is_external or not _sees(viewer, record.project_id):
        return []
    effects = preview(record, after, clock.now())
    project = project_brief(record.project_id)
    if not effects or project is None:
        return []
    watched = [one for one in _watched() if one.center != "labor" or _reads_pay(record, viewer)]
    told = [move for one in watched for move in _moves(one, effects, project)]
    return told + _budgets(effects, project)


def _reads_pay(record: Record, viewer: Viewer) -> bool:
    """Whether amounts of a record are for this viewer: where they are private, so is their sum."""
    form = form_in(record.form, record.project_id)
    if form is None:
        return True
    kept = withheld(viewer, form, record.project_id, is_own=False)
    return not any(form.form.definition.fields[path].kind.name == "money" for path in kept)


def _budgets(effects: Sequence[Effect], project: ProjectBrief) -> list[Move]:
    """What would be left of the budgets that are controlled: of each code, and where a rule over
    several codes or by month would not hold.
    """
    lines = [one.attributes for one in effects if one.ledger == COST]
    sheet, center = sheet_in_force(), Center("cost", project)
    found = reaches(sheet, project.id, lines, are_posted=False)
    names = control.labels(found)
    made = []
    for one in found:
        if not one.is_beyond and not (one.rule.is_plain and one.month is None):
            continue
        column = sheet.ledger_columns[one.column]
        place = "under" if one.target.is_group else "cost_code"
        choice = {place: one.target.id} if one.target.id else {}
        choice["ccy"] = one.currency
        url = center.figure(column, {}, **choice).url
        if one.month is not None:
            choice["until"] = max(one.month, date(1900, 1, 1)).isoformat()[:7]
            url = Way(project.code, "cost", one.column, choice, page="costs.months").url
        text = f"{names[one.target.id] or project.code} · {column.label}"
        if month := control.month_text(one):
            text = _("%(what)s, until the end of %(month)s", what=text, month=month)
        made.append(Move(text, one.before, one.after, one.currency, url, warns=one.is_beyond))
    return made


def _sees(viewer: Viewer, project_id: str) -> bool:
    return viewer.sees_all_projects or project_id in viewer.projects


Key = tuple[Any, ...]


def _moves(watched: _Watched, effects: Sequence[Effect], project: ProjectBrief) -> Iterator[Move]:
    ledger = watched.columns[0].ledger
    rows: dict[Key, list[Mapping[str, Any]]] = {}
    for effect in effects:
        if effect.ledger == ledger:
            key = tuple(effect.attributes.get(name) for name in watched.by)
            rows.setdefault(key, []).append(effect.attributes)
    if not rows:
        return
    where = {watched.by[0]: {key[0] for key in rows}}
    stands = {
        group.by: group.values for group in sums(watched.columns, watched.by, [project.id], where)
    }
    names = names_of({str(value) for key in rows for value in key if value})
    for key, lines in rows.items():
        choice = dict(zip(watched.names, key, strict=True))
        row = names[key[0]].label if key[0] in names else ""
        for column in watched.columns:
            change = _change(column, lines)
            if change:
                before = stands.get(key, {}).get(column.key, Decimal(0))
                url = Center(watched.center, project).way(column.key, **choice).url
                yield _move(column, row, before, before + change, choice, url)


def _change(column: Column, lines: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((column.contribution(line) for line in lines), Decimal(0))


def _move(
    column: Column, row: str, before: Decimal, after: Decimal, choice: Mapping[str, Any], url: str
) -> Move:
    unit = str(choice.get("ccy", "")) if column.unit == "money" else _("days")
    label = f"{row} · {column.label}" if row else str(column.label)
    return Move(label, before, after, unit, url, warns=column.warns and after < 0)
