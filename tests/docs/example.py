"""The example module of the manual, put together from its pages, and pieces laid into it."""

import copy
import json
from functools import cache
from typing import Any

from portal import paths
from portal.definitions.checking import Report, check_module
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from tests.docs.blocks import MANUAL, Block, blocks

EXAMPLE = "purchases"
FORM, WORKFLOW = "purchase.form.json", "purchase.workflow.json"
SHEET, SHEET_COLUMN, SHEET_RULE = "cost.sheet.json", "column_of_sheet", "rule_of_control"
HEALTH = {"count_of_health": "counts", "rule_of_health": "rules"}
POSTINGS, CASES = "purchase.postings.json", "purchase.cases.json"


@cache
def modules() -> dict[str, dict[str, str]]:
    """The modules whose files stand in the manual: name of the module → file → text."""
    found: dict[str, dict[str, str]] = {}
    for block in blocks(MANUAL):
        if block.file:
            module, name = block.file
            assert name not in found.setdefault(module, {}), f"{name} stands there twice"
            found[module][name] = block.text
    return found


@cache
def offers() -> Offers:
    """What the shipped modules and those of the manual offer to each other."""
    made = offers_of(module_folders(paths.DEFINITIONS))
    for name, files in modules().items():
        made.add(name, files)
    return made


def check(module: str, files: dict[str, str], *, run_cases: bool = True) -> Report:
    """The report of a module beside the shipped ones."""
    return check_module(files, known=offers().known(module), run_cases=run_cases)


def with_piece(block: Block) -> Report:
    """The report of the example with one piece laid into it; its own cases need not hold then."""
    if block.piece in (SHEET_COLUMN, SHEET_RULE):
        return with_sheet(block.piece, block.json())
    if block.piece in HEALTH:
        return with_health(HEALTH[block.piece], block.json())
    files = {name: json.loads(text) for name, text in modules()[EXAMPLE].items()}
    piece = block.json()
    _LAY[block.piece](copy.deepcopy(piece), files)
    texts = {name: json.dumps(raw, ensure_ascii=False) for name, raw in files.items()}
    return check(EXAMPLE, texts, run_cases=block.piece == "case")


def with_health(member: str, piece: Any) -> Report:
    """The report of the shipped rules of health with one more count or rule at their head."""
    files = read_folder(paths.DEFINITIONS / "project_control")
    raw = json.loads(files["project.health.json"])
    raw[member].insert(0, piece)
    files["project.health.json"] = json.dumps(raw, ensure_ascii=False)
    return check("project_control", files)


def _field(piece: Any, files: Any) -> None:
    files[FORM]["data"]["properties"].update(piece)


def _column(piece: Any, files: Any) -> None:
    files[FORM]["data"]["properties"]["lines"]["items"]["properties"].update(piece)


def _computed(piece: Any, files: Any) -> None:
    files[FORM]["computed"].update(piece)


def _rule(piece: Any, files: Any) -> None:
    files[FORM]["rules"] += piece if isinstance(piece, list) else [piece]


def _section(piece: Any, files: Any) -> None:
    files[FORM]["layout"] += piece if isinstance(piece, list) else [piece]


def _form(piece: Any, files: Any) -> None:
    """Members of the form; the fields of `data` join the others."""
    data = piece.pop("data", {"properties": {}})
    files[FORM]["data"]["properties"].update(data["properties"])
    files[FORM]["computed"].update(piece.pop("computed", {}))
    files[FORM].update(piece)


def _block(piece: Any, files: Any) -> None:
    files[WORKFLOW]["blocks"] += piece if isinstance(piece, list) else [piece]


def _workflow(piece: Any, files: Any) -> None:
    files[WORKFLOW].update(piece)


def _module(piece: Any, files: Any) -> None:
    files["module.json"].update(piece)


def _posting(piece: Any, files: Any) -> None:
    files[POSTINGS]["rules"] += piece if isinstance(piece, list) else [piece]


def _case(piece: Any, files: Any) -> None:
    files[CASES]["cases"] += piece if isinstance(piece, list) else [piece]


def with_sheet(kind: str, piece: Any) -> Report:
    """The report of the module that has the cost sheet, with one more column or rule at its end."""
    files = read_folder(paths.DEFINITIONS / "budget")
    sheet = json.loads(files[SHEET])
    (sheet["columns"] if kind == SHEET_COLUMN else sheet["control"]["rules"]).append(piece)
    return check("budget", {**files, SHEET: json.dumps(sheet)}, run_cases=False)


_LAY = {
    "field": _field,
    "column": _column,
    "computed": _computed,
    "rule": _rule,
    "section": _section,
    "form": _form,
    "block": _block,
    "workflow": _workflow,
    "module": _module,
    "posting": _posting,
    "case": _case,
}
PIECES = frozenset({*_LAY, *HEALTH, SHEET_COLUMN, SHEET_RULE})
