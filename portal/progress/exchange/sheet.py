"""A plan as CSV, and tasks read from one: every cell as it stands, or an error of its row."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from portal.errors import N_, Invalid, Message
from portal.forms.kinds import KindError
from portal.forms.kinds.reading import fit, read_date, read_decimal
from portal.progress.durations import duration_text, parse_duration
from portal.progress.exchange.incoming import Incoming
from portal.progress.filing import Wanted
from portal.progress.links import links_text, parse_links, said_of
from portal.progress.plan import Plan
from portal.progress.tasks import Task

KEYS = (
    "code", "name", "type", "summary", "duration", "predecessors", "constraint", "constraint_on",
    "deadline", "budget", "start", "finish", "total_float", "done",
)  # fmt: skip
READ = KEYS[:10]
"""What comes in; the rest is computed and goes out only."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "wbs", "编号", "任务编号"),
    "name": ("name", "task", "task name", "名称", "任务名称"),
    "type": ("type", "类型"),
    "summary": ("summary", "summary above", "parent", "上级汇总任务", "上级"),
    "duration": ("duration", "工期"),
    "predecessors": ("predecessors", "前置任务"),
    "constraint": ("constraint", "限制条件"),
    "constraint_on": ("constraint_on", "constraint date", "限制日期"),
    "deadline": ("deadline", "最后期限"),
    "budget": ("budget", "cost", "预算", "任务预算"),
}
TYPES = {
    "task": "task", "任务": "task", "milestone": "milestone", "里程碑": "milestone",
    "decision": "decision", "决策点": "decision", "summary": "summary", "汇总": "summary",
}  # fmt: skip
LIMITS = frozenset(
    {"start_from", "finish_from", "start_by", "finish_by", "start_on", "finish_on"}
) | {"as_late_as_possible"}
NEEDS = N_("The first line must name the columns code and name.")
EMPTY = N_("The file has no tasks.")
UNREADABLE = N_("The file is no CSV: line %(line)s.")
NO_CODE = N_("There is no code.")
TWICE = N_("The code “%(code)s” stands in line %(line)s already.")
NO_DAY = N_("“%(text)s” in the column %(column)s is no date.")
NO_NUMBER = N_("“%(text)s” in the column %(column)s is no amount.")
NO_TYPE = N_("“%(text)s” is no type of task.")
NO_LIMIT = N_("“%(text)s” is no constraint.")
LINES_MOST = 20_000


def rows_of(plan: Plan) -> Iterator[list[Any]]:
    """The plan as rows, in the order of KEYS."""
    codes = {one.id: one.code for one in plan.tasks.values()}
    for row in plan.rows:
        task = row.task
        is_task = not (task.is_summary or task.is_moment)
        yield [
            task.code,
            task.name,
            task.type,
            codes.get(task.parent, ""),
            duration_text(task.duration, task.unit) if is_task else "",
            links_text(said_of(task, codes)),
            task.data.get("constraint") or "",
            task.day("constraint_on"),
            task.day("deadline"),
            task.budget or None,
            row.starts_on,
            row.ends_on,
            None if row.total_float is None else round(row.total_float, 2),
            round(row.done * 100, 2),
        ]


def decoded(content: bytes) -> str:
    """A text in UTF-8, else in the encoding of Chinese spreadsheets."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def read_sheet(text: str, tasks: Mapping[str, Task]) -> Incoming:
    """The tasks of a CSV; columns it does not have stay as they are. Raises Invalid."""
    lines = _lines(text)
    if not lines:
        raise Invalid(EMPTY)
    places = _places(lines[0])
    if "code" not in places or "name" not in places:
        raise Invalid(NEEDS)
    found = Incoming()
    known = {one.code: one for one in tasks.values()}
    numbered = [
        (number, {key: _cell(line, at) for key, at in places.items()})
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    seen: dict[str, int] = {}
    codes = set(known) | {cells["code"] for _, cells in numbered if cells["code"]}
    for number, cells in numbered:
        row, code = str(number), cells["code"]
        if not code:
            found.wrong(row, Message(NO_CODE))
        elif code in seen:
            found.wrong(row, Message(TWICE, {"code": code, "line": seen[code]}))
        else:
            seen[code] = number
            found.wanted.append(_wanted(found, row, cells, known.get(code), codes))
    if not numbered:
        raise Invalid(EMPTY)
    return found


def _lines(text: str) -> list[list[str]]:
    head = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    try:
        for line in reader:
            lines.append(line)
            if len(lines) > LINES_MOST:
                raise Invalid(UNREADABLE, line=LINES_MOST)
    except csv.Error:
        raise Invalid(UNREADABLE, line=reader.line_num) from None
    return lines


def _places(head: Sequence[str]) -> dict[str, int]:
    said = [" ".join(cell.lower().split()) for cell in head]
    found = {}
    for key, names in NAMES.items():
        at = next((at for at, cell in enumerate(said) if cell in names), None)
        if at is not None:
            found[key] = at
    return found


def _cell(line: Sequence[str], at: int) -> str:
    return " ".join(line[at].split()) if at < len(line) else ""


def _wanted(
    found: Incoming, row: str, cells: Mapping[str, str], known: Task | None, codes: set[str]
) -> Wanted:
    changes: dict[str, Any] = {"name": cells["name"] or None}
    kind = TYPES.get(cells.get("type", "").lower()) if cells.get("type") else None
    if cells.get("type") and kind is None:
        found.wrong(row, Message(NO_TYPE, {"text": cells["type"][:40]}))
    kind = kind or (known.type if known else "task")
    changes["type"] = kind
    if kind == "task" and cells.get("duration"):
        said = parse_duration(cells["duration"])
        if isinstance(said, Message):
            found.wrong(row, said)
        else:
            changes |= {"duration": f"{said[0]:.2f}", "duration_unit": said[1]}
    if "constraint" in cells:
        limit = cells["constraint"]
        if limit and limit not in LIMITS:
            found.wrong(row, Message(NO_LIMIT, {"text": limit[:40]}))
        changes["constraint"] = limit or None
    for key in ("constraint_on", "deadline"):
        if key in cells:
            changes[key] = _day(found, row, key, cells[key])
    if "budget" in cells:
        changes["budget"] = _amount(found, row, cells["budget"])
    links = None
    if "predecessors" in cells and kind != "summary":
        links, wrong = parse_links(cells["predecessors"], codes)
        for one in wrong:
            found.wrong(row, one)
    parent = cells.get("summary")
    return Wanted(row, cells["code"], known.id if known else "", None, changes, parent, links)


def _day(found: Incoming, row: str, column: str, text: str) -> str | None:
    try:
        on = read_date(text)
    except KindError:
        found.wrong(row, Message(NO_DAY, {"text": text[:40], "column": column}))
        return None
    return None if on is None else on.isoformat()


def _amount(found: Incoming, row: str, text: str) -> str | None:
    """An amount as people write it; anything else is an error, never 0."""
    try:
        number = read_decimal(text)
        return None if number is None else f"{fit(number, 2):.2f}"
    except KindError:
        found.wrong(row, Message(NO_NUMBER, {"text": text[:40], "column": "budget"}))
        return None
