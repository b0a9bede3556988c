"""Lists of people as spreadsheets write them: read with tolerance, written without formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.errors import N_, Invalid
from portal.limits import IMPORT_ROWS
from portal.spreadsheets.formula_guard import as_meant, plain_text
from portal.web.inputs import one_line

COLUMNS: Final = (
    "login",
    "name",
    "email",
    "phone",
    "department",
    "title",
    "language",
    "zone",
    "project",
    "roles",
)
_ALIASES: Final = {
    "登录名": "login",
    "账号": "login",
    "用户名": "login",
    "姓名": "name",
    "邮箱": "email",
    "电子邮箱": "email",
    "e-mail": "email",
    "电话": "phone",
    "手机": "phone",
    "手机号": "phone",
    "部门": "department",
    "部门编码": "department",
    "职务": "title",
    "岗位": "title",
    "position": "title",
    "语言": "language",
    "时区": "zone",
    "time zone": "zone",
    "外部项目": "project",
    "项目": "project",
    "角色": "roles",
    "sign-in name": "login",
}


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16, else GB 18030 (what Excel writes in China)."""
    if b"\0" in data[:1000] and data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a list: the line of the file it begins on, and its cells by column name."""

    line: int
    cells: Mapping[str, str]


def rows(text: str) -> list[Row]:
    """The rows; empty ones are left out. Raises Invalid for an unusable heading.

    Cells are cleaned as what is typed into a page: one line, no control characters, without the
    apostrophe that protects what looks like a formula.
    """
    text = text.replace("\0", "").removeprefix("\ufeff")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = list(_lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error:
        raise Invalid(N_("This is not a CSV file.")) from None
    if not table:
        raise Invalid(N_("The list is empty."))
    heading = [_column(cell) for cell in table[0][1]]
    known = [column for column in heading if column in COLUMNS]
    if "login" not in known or "name" not in known or len(known) != len(set(known)):
        raise Invalid(
            N_("The first row must name the columns, among them login and name, each once.")
        )
    if len(table) - 1 > IMPORT_ROWS:
        raise Invalid(N_("At most %(most)s rows at once."), most=IMPORT_ROWS)
    return [
        Row(
            line,
            {
                c: as_meant(one_line(v))
                for c, v in zip(heading, cells, strict=False)
                if c in COLUMNS
            },
        )
        for line, cells in table[1:]
    ]


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every row that holds something; a cell may span lines."""
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return _ALIASES.get(name, name)


def written(heading: Sequence[str], lines: Iterable[Mapping[str, str]]) -> str:
    """A CSV text with a byte-order mark (so that Excel reads UTF-8), without formula cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    for line in lines:
        writer.writerow([plain_text(line.get(column, "")) for column in heading])
    return "\ufeff" + out.getvalue()
