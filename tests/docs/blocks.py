"""The fenced blocks and tables of the documents, as tests read them.

The word behind the language of a JSON block says what the block is:

- `file=<module>/<name>` a file of a module; the pages of a manual together make up the module,
- `field`, `column`, `computed`, `rule`, `section`, `form` a piece of the example form,
- `block`, `workflow` a piece of its workflow, `posting` of its posting rules, `case` of its cases,
- `column_of_sheet` a column of the shipped cost sheet, `rule_of_control` a rule of its control,
- `count_of_health`, `rule_of_health` one more of the shipped rules of health,
- `record` a record of the example form, as stored,
- `refused` beside one of these: the check has to refuse it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MANUAL = sorted((ROOT / "docs/administrators").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCE = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^\1```$", re.M | re.S)
_ROW = re.compile(r"^\|(.+)\|\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line it begins at, language, words behind it, and text."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """How a failing block is named."""
        return f"{self.page.name}:{self.line}"

    @property
    def file(self) -> tuple[str, str] | None:
        """(module, file name) of a whole file."""
        for word in self.words:
            if word.startswith("file="):
                module, _, name = word.removeprefix("file=").partition("/")
                return module, name
        return None

    @property
    def piece(self) -> str:
        """Which piece of the example this is; empty for a whole file."""
        return next((word for word in self.words if word != "refused" and "=" not in word), "")

    def json(self) -> Any:
        """The content; members of an object may stand without their braces."""
        text = self.text.strip()
        return json.loads(text if text[0] in "{[" else "{" + text + "}")


def blocks(pages: list[Path], language: str = "json") -> Iterator[Block]:
    """The blocks of one language, page by page."""
    for page in pages:
        text = page.read_text("utf-8")
        for found in _FENCE.finditer(text):
            _indent, written_in, words, inside = found.groups()
            if written_in == language:
                line = text.count("\n", 0, found.start()) + 1
                yield Block(page, line, language, tuple(words.split()), dedent(inside))


def tables(page: Path, *heading: str) -> Iterator[list[str]]:
    """The rows of the tables whose first headings are these; code marks are taken off."""
    inside = False
    for line in page.read_text("utf-8").splitlines():
        row = _ROW.match(line)
        cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", row[1])] if row else []
        if tuple(cells[: len(heading)]) == heading:
            inside = True
        elif not cells:
            inside = False
        elif inside and not set("".join(cells)) <= set("-: "):
            yield cells


def _plain(cell: str) -> str:
    text = cell.strip().replace("\\|", "|")
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "`" else text
