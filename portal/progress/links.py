"""Predecessors as people write them: `1.2`, `1.3 FS+2d`, `2.1SS-4h`, separated by commas."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.errors import N_, Message
from portal.progress.tasks import Task
from portal.schedule.network import LinkType

_HOW = re.compile(
    r"\s*(?P<type>FS|SS|FF|SF)?\s*(?:(?P<sign>[+\-−])\s*(?P<lag>\d+(?:\.\d+)?)\s*(?P<unit>[dh天时]?))?\s*\Z",
    re.IGNORECASE,
)
CODE_MOST = 60  # characters; a code has fewer
NO_TASK = N_("There is no task “%(code)s” in this plan.")
NO_LINK = N_("“%(text)s” is no predecessor; write 1.2, 1.2 FS+3d or 1.2 SS-4h.")


@dataclass(frozen=True, slots=True)
class Said:
    """A predecessor by its code, the type of link, and its lag in days (d) or hours (h)."""

    code: str
    type: LinkType = LinkType.FS
    lag: Decimal = Decimal(0)
    unit: str = "d"


def parse_links(text: str, codes: Collection[str]) -> tuple[list[Said], list[Message]]:
    """The predecessors of a text, and what of it is none. `codes` are those there are."""
    found, wrong = [], []
    for part in re.split(r"[,;，；、\n]+", text):
        if not part.strip():
            continue
        said = _parse(part.strip(), codes)
        if isinstance(said, Said):
            found.append(said)
        else:
            wrong.append(said)
    return found, wrong


def _parse(text: str, codes: Collection[str]) -> Said | Message:
    """The longest code the text begins with whose rest says how the link is."""
    for end in range(min(len(text), CODE_MOST), 0, -1):
        if text[:end].rstrip() not in codes:
            continue
        how = _HOW.match(text, end)
        if how:
            lag = Decimal(how["lag"] or 0)
            unit = "h" if how["unit"] in ("h", "H", "时") else "d"
            kind = LinkType((how["type"] or "FS").upper())
            return Said(text[:end].rstrip(), kind, lag if how["sign"] == "+" else -lag, unit)
    plain = re.match(r"[\w.\-/]+\s*\Z", text)
    return Message(NO_TASK, {"code": text[:40]}) if plain else Message(NO_LINK, {"text": text[:40]})


def said_of(task: Task, codes: dict[str, str]) -> list[Said]:
    """What a task waits for, by code. `codes` are codes by record id."""
    return [
        Said(codes[one.task], one.type, one.lag, one.unit)
        for one in task.links
        if one.task in codes
    ]


def links_text(links: Iterable[Said]) -> str:
    """The predecessors as text that `parse_links` reads."""
    return ", ".join(_text(one) for one in links)


def _text(one: Said) -> str:
    if not one.lag:
        return one.code if one.type is LinkType.FS else f"{one.code} {one.type.value}"
    lag = f"{one.lag.normalize():+f}"
    return f"{one.code} {one.type.value}{lag}{one.unit}"


def stored_links(links: Iterable[Said], ids: dict[str, str]) -> list[dict[str, object]]:
    """The predecessors as rows of the form's table; `ids` are record ids by code."""
    return [
        {
            "_id": f"p{at}",
            "task": ids[one.code],
            "link": one.type.value,
            "lag": f"{one.lag:.2f}",
            "lag_unit": one.unit,
        }
        for at, one in enumerate(links, start=1)
    ]
