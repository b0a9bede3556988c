"""The plan as a grid to type in: rows as they are, and what somebody wants of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import N_, Message
from portal.progress.durations import duration_text, parse_duration
from portal.progress.filing import RowError, Wanted
from portal.progress.links import links_text, parse_links, said_of
from portal.progress.plan import Plan
from portal.progress.tasks import WHY, Task
from portal.records.models import Record

COLUMNS = ("code", "name", "type", "parent", "duration", "links")
TYPES = ("task", "milestone", "decision", "summary")
FRESH_ROWS = 5
ROWS_MOST = 60  # of one page
NEEDS_CODE = N_("Give the task a code.")
NO_TYPE = N_("“%(text)s” is no type of task.")
NEEDS_DURATION = N_("Say how long the task takes.")


@dataclass(slots=True)
class GridRow:
    """A row of the grid as it is shown: texts by column, and what is wrong with it."""

    key: str
    record_id: str
    revision: int
    texts: dict[str, str]
    errors: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What messages call the row."""
        return self.texts["code"] or self.key


def grid_of(plan: Plan, under: str = "", page: int = 1) -> tuple[list[GridRow], int]:
    """The rows of a page of the plan (below a summary, if one is named), and how many pages."""
    tree = list(plan.tree)
    if under in plan.tasks:
        at = next(i for i, (task, _) in enumerate(tree) if task.id == under)
        depth = tree[at][1]
        end = next((i for i in range(at + 1, len(tree)) if tree[i][1] <= depth), len(tree))
        tree = tree[at:end]
    pages = max(1, -(-len(tree) // ROWS_MOST))
    page = min(max(page, 1), pages)
    shown = [task for task, _ in tree[(page - 1) * ROWS_MOST : page * ROWS_MOST]]
    revisions = _revisions([one.id for one in shown])
    codes = {one.id: one.code for one in plan.tasks.values()}
    rows = [GridRow(one.id, one.id, revisions[one.id], _texts(one, codes)) for one in shown]
    return rows, pages


def fresh_rows() -> list[GridRow]:
    """Empty rows for tasks that are new."""
    empty = dict.fromkeys(COLUMNS, "")
    return [GridRow(f"n{at}", "", 0, dict(empty)) for at in range(1, FRESH_ROWS + 1)]


def _revisions(keys: Sequence[str]) -> dict[str, int]:
    statement = select(Record.id, Record.revision).where(Record.id.in_(list(keys)))
    rows = db.session.execute(unscoped(statement, WHY))
    return {row.id: row.revision for row in rows}


def _texts(task: Task, codes: dict[str, str]) -> dict[str, str]:
    is_task = not (task.is_summary or task.is_moment)
    return {
        "code": task.code,
        "name": task.name,
        "type": task.type,
        "parent": codes.get(task.parent, ""),
        "duration": duration_text(task.duration, task.unit) if is_task else "",
        "links": links_text(said_of(task, codes)),
    }


def typed_rows(plan: Plan, given: Mapping[str, str]) -> list[GridRow]:
    """The rows as they were sent; rows of tasks that are no longer there are left out."""
    keys = dict.fromkeys(name.partition("-")[2] for name in given if name.startswith("code-"))
    rows = []
    for key in keys:
        texts = {one: " ".join(given.get(f"{one}-{key}", "").split()) for one in COLUMNS}
        is_known = key in plan.tasks
        if not is_known and not key.startswith("n"):
            continue
        seen = given.get(f"seen-{key}", "0")
        revision = int(seen) if seen.isascii() and seen.isdigit() else 0
        rows.append(GridRow(key, key if is_known else "", revision, texts))
    return rows


def wanted_of(plan: Plan, rows: Sequence[GridRow]) -> tuple[list[Wanted], list[RowError]]:
    """What the rows want that is not so yet; what cannot be read is an error of its row."""
    codes = {one.id: one.code for one in plan.tasks.values()}
    known = {row.record_id: row.texts["code"] for row in rows if row.record_id}
    every = {known.get(key, code) for key, code in codes.items()}
    every |= {row.texts["code"] for row in rows if not row.record_id and row.texts["code"]}
    wanted, errors = [], []
    for row in rows:
        task = plan.tasks.get(row.record_id)
        before = _texts(task, codes) if task else dict.fromkeys(COLUMNS, "")
        if row.texts == before or not (task or _is_filled(row)):
            continue
        one, wrong = _wanted(row, before, every)
        errors += [RowError(row.key, text) for text in wrong]
        wanted.append(one)
    return wanted, errors


def _is_filled(row: GridRow) -> bool:
    """Whether somebody wrote into an empty row; a type alone is nothing written."""
    return any(text for column, text in row.texts.items() if column != "type")


def _wanted(
    row: GridRow, before: Mapping[str, str], codes: Collection[str]
) -> tuple[Wanted, list[Message]]:
    texts, wrong = row.texts, []
    kind = texts["type"] or "task"
    changes: dict[str, Any] = {"name": texts["name"] or None, "type": kind}
    if not texts["code"]:
        wrong.append(Message(NEEDS_CODE))
    if kind not in TYPES:
        wrong.append(Message(NO_TYPE, {"text": kind[:40]}))
    if kind == "task":
        said = parse_duration(texts["duration"]) if texts["duration"] else Message(NEEDS_DURATION)
        if isinstance(said, Message):
            wrong.append(said)
        else:
            changes |= {"duration": f"{said[0]:.2f}", "duration_unit": said[1]}
            if not row.record_id or before["type"] != "task":
                changes["measure"] = "physical"
    links = None
    if texts["links"] != before["links"]:
        links, unread = parse_links(texts["links"], codes)
        wrong += unread
    parent = texts["parent"] if texts["parent"] != before["parent"] else None
    made = Wanted(row.key, texts["code"], row.record_id, row.revision, changes, parent, links)
    return made, wrong
