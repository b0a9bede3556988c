"""A plan as CSV, and tasks read from one: every cell as it stands, or an error of its row."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
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
from portal.spreadsheets.formula_guard import as_meant

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
NO_ENCODING = N_("The file is in none of UTF-8, UTF-16 and GB 18030: save it as UTF-8.")
RAGGED = N_("The row has %(count)s cells, the first line %(head)s: a cell is missing or too many.")
SAME_COLUMN = N_("The column %(name)s stands twice.")
NOT_READ = N_("The column “%(name)s” is not read.")
IS_BROKEN = N_("“%(text)s” in the column %(column)s is an error of the spreadsheet, no content.")
BROKEN = {
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
}  # fmt: skip
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
    """A text in UTF-8, UTF-16 with its mark, or the encoding of Chinese spreadsheets. Raises
    Invalid rather than putting something else where a character cannot be read.
    """
    marked = content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(NO_ENCODING)


def read_sheet(text: str, tasks: Mapping[str, Task]) -> Incoming:
    """The tasks of a CSV; columns it does not have stay as they are. Raises Invalid."""
    lines = _lines(text)
    if not lines:
        raise Invalid(EMPTY)
    places = _places(lines[0])
    if "code" not in places or "name" not in places:
        raise Invalid(NEEDS)
    found = Incoming()
    for name in _unread(lines[0]):
        found.note("1", Message(NOT_READ, {"name": name[:40]}))
    known = {one.code: one for one in tasks.values()}
    numbered = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) < len(lines[0]) or any(cell.strip() for cell in line[len(lines[0]) :]):
            args = {"count": len(line), "head": len(lines[0])}
            found.wrong(str(number), Message(RAGGED, args))
        numbered.append((number, {key: _cell(line, at) for key, at in places.items()}))
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
        ats = [at for at, cell in enumerate(said) if cell in names]
        if len(ats) > 1:
            raise Invalid(SAME_COLUMN, name=said[ats[1]][:40])
        if ats:
            found[key] = ats[0]
    return found


def _unread(head: Sequence[str]) -> Iterator[str]:
    """Columns that nothing is taken from; what goes out only is no wonder."""
    read = {name for names in NAMES.values() for name in names}
    for cell in head:
        name = " ".join(cell.lower().split())
        if name and name not in read and name not in KEYS:
            yield cell.strip()


def _cell(line: Sequence[str], at: int) -> str:
    """A cell on one line; the apostrophe that protects a formula's look is no part of it."""
    text = " ".join(line[at].split()) if at < len(line) else ""
    return as_meant(text)


def _wanted(
    found: Incoming, row: str, cells: Mapping[str, str], known: Task | None, codes: set[str]
) -> Wanted:
    for column in ("code", "name"):  # the others are no text
        if cells[column].upper() in BROKEN:
            found.wrong(row, Message(IS_BROKEN, {"text": cells[column], "column": column}))
    changes: dict[str, Any] = {"name": cells["name"] or None}
    kind = TYPES.get(cells.get("type", "").lower()) if cells.get("type") else None
    if cells.get("type") and kind is None:
        found.wrong(row, Message(NO_TYPE, {"text": cells["type"][:40]}))
    kind = kind or (known.type if known else "task")
    changes["type"] = kind
    if known and kind == "task":
        changes["measure"] = known.measure
    if cells.get("duration"):
        said = parse_duration(cells["duration"])
        if isinstance(said, Message):
            found.wrong(row, said)
        elif kind == "task":
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
