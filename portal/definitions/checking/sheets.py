"""Columns of a sheet: each named once, built on columns before it, of amounts that add up."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.definitions.checking.findings import Notes, Package
from portal.definitions.checking.module_file import DECLARE_ROLE, UNKNOWN_ROLE
from portal.definitions.checking.references import DID_YOU_MEAN
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions.scope import nearest

Json = Mapping[str, Any]
IS_SHARE = N_("“%(key)s” is a percentage and cannot be added up.")
NAME_AMOUNTS = N_("Name columns of amounts.")


def check_sheets(package: Package) -> None:
    """Every sheet of the module whose shape is sound."""
    for file in package.of_kind("sheet"):
        raw = file.raw or {}
        known = _check_columns(raw["columns"], file.notes)
        shares = {one["id"] for one in raw["columns"] if "share" in one}
        named: list[tuple[Path, str]] = [
            (("marks", mark), key) for mark, key in raw["marks"].items()
        ]
        for member in ("headlines", "portfolio"):
            named += [((member, at), key) for at, key in enumerate(raw.get(member, ()))]
        control = raw.get("control", {})
        if control:
            named += _check_control(control, file.notes)
        if (role := control.get("exception")) and ("company", role) not in package.roles:
            file.notes.add(("control", "exception"), UNKNOWN_ROLE, DECLARE_ROLE, role=role)
        for path, key in named:
            if key not in known:
                _unknown(file.notes, path, key, known)
            elif path[0] == "control" and key in shares:
                file.notes.add(path, IS_SHARE, NAME_AMOUNTS, key=key)
            elif path[0] == "marks" and path[1] not in ("forecast", "projected") and not known[key]:
                file.notes.add(
                    path,
                    N_("“%(key)s” cannot be led back to single entries."),
                    N_("Name a column that only adds and takes away sums of entries."),
                    key=key,
                )


def _check_control(control: Json, notes: Notes) -> Iterator[tuple[Path, str]]:
    """The columns that rules of budget control look at; what a rule is about is said once."""
    yield ("control", "available"), control["available"]
    yield from (
        (("control", "choices", at), key) for at, key in enumerate(control.get("choices", ()))
    )
    for at, rule in enumerate(control.get("rules", ())):
        place: Path = ("control", "rules", at)
        if "available" in rule:
            yield (*place, "available"), rule["available"]
        if "level" in rule and "codes" in rule:
            notes.add(
                (*place, "codes"),
                N_("The rule says twice which cost codes it is about."),
                N_("Name a level of the tree or the codes, not both."),
            )


def _check_columns(columns: list[Json], notes: Notes) -> dict[str, bool]:
    """Columns by key, and whether each is made of entries alone: no floor, share or open part."""
    known: dict[str, bool] = {}
    shares: set[str] = set()
    for at, column in enumerate(columns):
        key = column["id"]
        if key in known:
            notes.add(
                ("columns", at, "id"),
                N_("The column “%(key)s” stands there twice."),
                N_("Give each column a key of its own."),
                key=key,
            )
        uses = list(_uses(column))
        for path, other in uses:
            if other not in known:
                _unknown(notes, ("columns", at, *path), other, known)
            elif other in shares:
                notes.add(("columns", at, *path), IS_SHARE, NAME_AMOUNTS, key=other)
        if "share" in column:
            shares.add(key)
        is_plain = not {"open", "share", "replaced_by"} & column.keys()
        plain = (
            is_plain and not column.get("floor") and all(known.get(one, True) for _, one in uses)
        )
        known[key] = plain
    return known


def _uses(column: Json) -> Iterator[tuple[Path, str]]:
    for member in ("of", "in"):
        if "share" in column:
            yield ("share", member), column["share"][member]
    for member, keys in column.get("formula", {}).items():
        yield from ((("formula", member, at), key) for at, key in enumerate(keys))


def _unknown(notes: Notes, path: Path, key: str, known: Mapping[str, bool]) -> None:
    other = nearest(key, list(known))
    notes.add(
        path,
        N_("No column before this one is called “%(key)s”."),
        DID_YOU_MEAN if other else N_("Put the column it builds on before it."),
        key=key,
        other=other or "",
    )
