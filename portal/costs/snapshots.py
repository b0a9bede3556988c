"""The cost sheet as it stood once: frozen with its columns and its tree, and compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.costs.columns import sheet_in_force
from portal.costs.queries import CostSheet, cost_sheets
from portal.db import db
from portal.errors import NotFound
from portal.ledgers.models import Snapshot
from portal.ledgers.pages import Figure
from portal.ledgers.snapshots import kept
from portal.web.viewer import ProjectBrief

Json = Mapping[str, Any]
KIND = "cost_sheet"


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot and who took it."""

    snapshot: Snapshot
    by: str


def snapshots(project: ProjectBrief) -> list[Taken]:
    """The frozen sheets of a project, newest first."""
    return [Taken(one, name) for one, name in kept(project.id, KIND)]


def the_snapshot(project: ProjectBrief, snapshot_id: str) -> Snapshot:
    """One frozen sheet of a project. Raises NotFound."""
    found = db.session.scalars(
        select(Snapshot).where(Snapshot.id == snapshot_id, Snapshot.project_id == project.id)
    ).first()
    if found is None:
        raise NotFound
    return found


def frozen(project: ProjectBrief) -> dict[str, Any]:
    """The sheet as it stands now, in plain JSON: columns, and per currency the codes in order."""
    shown = {one.key for one in sheet_in_force().shown(every=True)}
    columns = [one for one in sheet_in_force().columns if one.key in shown]
    return {
        "columns": [
            {
                "id": one.key,
                "label": {"en": one.label.en, "zh": one.label.zh},
                "unit": "percent" if one.share else "money",
                "warns": one.warns,
            }
            for one in columns
        ],
        "sheets": [_sheet(one, shown) for one in cost_sheets(project)],
    }


def _sheet(one: CostSheet, shown: set[str]) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "rows": [
            {
                "id": row.node.code.id,
                "code": row.node.code.code,
                "name": row.node.code.name,
                "depth": row.node.depth,
                "is_group": row.node.is_group,
                "values": _values(row.figures, shown),
            }
            for row in one.rows
        ],
        "total": _values(one.total, shown),
    }


def _values(figures: Mapping[str, Figure], shown: Iterable[str]) -> dict[str, str | None]:
    kept = {key: figures[key] for key in sorted(shown)}
    return {key: f"{one.value:.2f}" if one.is_defined else None for key, one in kept.items()}


@dataclass(frozen=True, slots=True)
class Delta:
    """An amount then and now; None where the code, or the column, was not there."""

    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class DeltaRow:
    """A cost code whose figures differ."""

    code: str
    name: str
    depth: int
    is_group: bool
    deltas: Mapping[str, Delta]


@dataclass(frozen=True, slots=True)
class Difference:
    """What moved between two sheets in one currency; `columns` that did, in the later order."""

    currency: str
    columns: Sequence[Json]
    rows: Sequence[DeltaRow]
    total: Mapping[str, Delta]


def differences(before: Json, after: Json) -> list[Difference]:
    """What moved from one sheet to a later one, per currency; codes and columns that did not are
    left out, and so are shares.
    """
    old, new = _by(before["sheets"], "currency"), _by(after["sheets"], "currency")
    columns = {**_by(before["columns"], "id"), **_by(after["columns"], "id")}
    amounts = [one for one in columns.values() if one["unit"] == "money"]
    made = (_difference(key, old.get(key), new.get(key), amounts) for key in {**new, **old})
    return [one for one in made if one.rows]


def _difference(
    currency: str, old: Json | None, new: Json | None, columns: Sequence[Json]
) -> Difference:
    before, after = (_by(one["rows"], "id") if one else {} for one in (old, new))
    keys = [one["id"] for one in columns]
    rows = []
    for code in {**after, **before}:
        row = after.get(code) or before[code]
        deltas = _deltas(
            before.get(code, {}).get("values"), after.get(code, {}).get("values"), keys
        )
        if any(one.change for one in deltas.values()):
            rows.append(DeltaRow(row["code"], row["name"], row["depth"], row["is_group"], deltas))
    total = _deltas(old["total"] if old else None, new["total"] if new else None, keys)
    moved = {key for row in rows for key, one in row.deltas.items() if one.change}
    return Difference(currency, [one for one in columns if one["id"] in moved], rows, total)


def _deltas(before: Json | None, after: Json | None, keys: Iterable[str]) -> dict[str, Delta]:
    return {key: Delta(_amount(before, key), _amount(after, key)) for key in keys}


def _amount(values: Json | None, key: str) -> Decimal | None:
    found = (values or {}).get(key)
    return None if found is None else Decimal(found)


def _by(parts: Iterable[Json], member: str) -> dict[str, Json]:
    return {one[member]: one for one in parts}


def rows_of(body: Json) -> Iterator[tuple[str, Json]]:
    """(currency, row) of a frozen sheet, amounts as decimals; the total of a currency stands last,
    without a code and a name.
    """
    for sheet in body["sheets"]:
        total = {"code": "", "name": "", "depth": 0, "is_group": True, "values": sheet["total"]}
        for row in (*sheet["rows"], total):
            amounts = {key: _amount(row["values"], key) for key in row["values"]}
            yield sheet["currency"], {**row, "values": amounts}
