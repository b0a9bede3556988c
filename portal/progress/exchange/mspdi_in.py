"""A plan read from MSPDI XML, whatever the program that wrote it left out or wrote oddly."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element

from portal.errors import N_, Invalid, Message
from portal.progress.exchange.incoming import Incoming, first
from portal.progress.exchange.mspdi_out import CONSTRAINTS, LINKS
from portal.progress.exchange.xml_tree import read_xml
from portal.progress.filing import Wanted
from portal.progress.links import Said
from portal.progress.tasks import Task
from portal.schedule.network import LinkType

NOT_PROJECT = N_("This XML file is no plan: it has no tasks as Microsoft Project writes them.")
NO_NAME = N_("The task has no name; its number is taken instead.")
NOT_A = N_("“%(text)s” is no %(what)s.")
DURATION, DAY, NUMBER, LINK = N_("duration"), N_("date"), N_("number"), N_("link")
NO_PREDECESSOR = N_("It waits for task %(uid)s, which is not in the file.")
PERCENT_LAG = N_("A lag in percent of the duration is left out.")
ELAPSED = N_("Its duration is elapsed time; it is taken as working time.")
NO_CALENDAR = N_("Its calendar “%(name)s” is not in the register: it runs on that of the project.")
PROGRESS = N_("%(count)s tasks have progress in the file. Report it by a progress update.")
SUMMARY_LINK = N_("It waits for a summary: the link is left out.")
_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")
_TYPES = {code: kind for kind, code in LINKS.items()}
_LIMITS = {code: kind for kind, code in CONSTRAINTS.items()}
_ELAPSED = {"4", "6", "8", "10", "12"}
_PERCENT = {"19", "20", "51", "52"}


def read_mspdi(content: bytes, tasks: Mapping[str, Task], calendars: Mapping[str, str]) -> Incoming:
    """The tasks of a file. `tasks` are those on file: the same code is the same task. `calendars`
    are record ids by name. Raises Invalid for what is no such file.
    """
    root = read_xml(content)
    listed = root.find("Tasks")
    if root.tag != "Project" or listed is None:
        raise Invalid(NOT_PROJECT)
    return _Reader(root, listed, tasks, calendars).read()


class _Reader:
    """Reads one file."""

    def __init__(
        self,
        root: Element,
        listed: Element,
        tasks: Mapping[str, Task],
        calendars: Mapping[str, str],
    ) -> None:
        self.found = Incoming()
        self.known = {one.code: one for one in tasks.values()}
        self.calendars = calendars
        day = _text(root, "MinutesPerDay")
        self.day = int(day) if day.isdigit() and int(day) else 480
        self.names = {
            _text(one, "UID"): _text(one, "Name") for one in root.iterfind("Calendars/Calendar")
        }
        # the first task of a file of Microsoft Project is the project itself
        self.elements = [
            one
            for one in listed.findall("Task")
            if _text(one, "UID") != "0" and _text(one, "IsNull") != "1"
        ]
        self.codes = self._codes()

    def _codes(self) -> dict[str, str]:
        """A code per UID: its WBS, outline number or number, whichever is there and free."""
        codes: dict[str, str] = {}
        for at, one in enumerate(self.elements, start=1):
            uid = _text(one, "UID") or f"#{at}"
            taken = set(codes.values())
            asked = [_text(one, tag)[:30] for tag in ("WBS", "OutlineNumber", "ID")]
            codes[uid] = first([code for code in asked if code not in taken]) or f"T{at}"
        return codes

    def read(self) -> Incoming:
        above: list[str] = []
        summaries = self._summaries()
        for at, one in enumerate(self.elements, start=1):
            uid = _text(one, "UID") or f"#{at}"
            level = _text(one, "OutlineLevel")
            depth = min(int(level) if level.isdigit() else 1, len(above) + 1) or 1
            above = above[: depth - 1]
            self._task(one, uid, above[-1] if above else "", summaries)
            above.append(self.codes[uid])
        progressed = sum(_text(one, "PercentComplete") not in ("", "0") for one in self.elements)
        if progressed:
            self.found.note("", Message(PROGRESS, {"count": progressed}))
        return self.found

    def _summaries(self) -> set[str]:
        """UIDs of tasks that say so, or that others stand below."""
        found = set()
        levels = [
            int(level) if (level := _text(one, "OutlineLevel")).isdigit() else 1
            for one in self.elements
        ]
        for at, one in enumerate(self.elements):
            deeper = at + 1 < len(levels) and levels[at + 1] > levels[at]
            if deeper or _text(one, "Summary") == "1":
                found.add(_text(one, "UID") or f"#{at + 1}")
        return found

    def _task(self, one: Element, uid: str, parent: str, summaries: set[str]) -> None:
        code = self.codes[uid]
        name = _text(one, "Name")
        if not name:
            self.found.note(code, Message(NO_NAME))
        changes: dict[str, Any] = {"name": (name or code)[:160]}
        is_summary = uid in summaries
        minutes = self._minutes(one, code, "Duration")
        is_moment = _text(one, "Milestone") == "1" or minutes == 0
        changes["type"] = "summary" if is_summary else "milestone" if is_moment else "task"
        known = self.known.get(code)
        if changes["type"] == "task":
            changes |= self._duration(one, code, minutes)
            changes["measure"] = known.measure if known else "physical"
        if not is_summary:
            changes |= self._limits(one, code)
        self.found.wanted.append(
            Wanted(
                code,
                code,
                known.id if known else "",
                None,
                changes,
                parent,
                [] if is_summary else self._links(one, code, summaries),
            )
        )

    def _minutes(self, one: Element, code: str, tag: str) -> int | None:
        text = _text(one, tag)
        if not text:
            return None
        span = _SPAN.match(text)
        if span is None:
            self._odd(code, text, DURATION)
            return None
        days, hours, minutes, _seconds = (Decimal(part or 0) for part in span.groups())
        return int(days * 1440 + hours * 60 + minutes)

    def _duration(self, one: Element, code: str, minutes: int | None) -> dict[str, Any]:
        shape = _text(one, "DurationFormat")
        if shape in _ELAPSED:
            self.found.note(code, Message(ELAPSED))
        if minutes is None:
            if not _text(one, "Duration"):
                self._odd(code, "", DURATION)
            return {}
        if shape in ("3", "4", "5", "6"):
            return {"duration": f"{Decimal(minutes) / 60:.2f}", "duration_unit": "h"}
        return {"duration": f"{Decimal(minutes) / self.day:.2f}", "duration_unit": "d"}

    def _limits(self, one: Element, code: str) -> dict[str, Any]:
        limit = _LIMITS.get(_text(one, "ConstraintType"))
        on = self._day(one, code, "ConstraintDate") if limit else None
        needs = limit is not None and limit != "as_late_as_possible"
        changes: dict[str, Any] = {
            "constraint": limit if on or not needs else None,
            "constraint_on": on if needs else None,
            "deadline": self._day(one, code, "Deadline"),
        }
        slack = _text(one, "TotalSlack")
        if slack:
            amount = self._number(code, slack)
            if amount is not None:
                changes["imported_slack"] = f"{amount / 10 / self.day:.2f}"
        name = self.names.get(_text(one, "CalendarUID"), "")
        if name and name in self.calendars:
            changes["calendar"] = self.calendars[name]
        elif name and _text(one, "CalendarUID") != "-1":
            self.found.note(code, Message(NO_CALENDAR, {"name": name}))
        return changes

    def _links(self, one: Element, code: str, summaries: set[str]) -> list[Said]:
        found: dict[tuple[str, LinkType], Said] = {}
        for each in one.iterfind("PredecessorLink"):
            uid = _text(each, "PredecessorUID")
            other = self.codes.get(uid)
            if other is None:
                self.found.note(code, Message(NO_PREDECESSOR, {"uid": uid or "?"}))
                continue
            if uid in summaries:
                self.found.note(code, Message(SUMMARY_LINK))
                continue
            kind = _TYPES.get(_text(each, "Type") or "1")
            if kind is None:
                self._odd(code, _text(each, "Type"), LINK)
                continue
            lag = Decimal(0)
            if _text(each, "LagFormat") in _PERCENT:
                self.found.note(code, Message(PERCENT_LAG))
            elif _text(each, "LinkLag"):
                lag = self._number(code, _text(each, "LinkLag")) or Decimal(0)
            amount, unit = self._lag(lag / 10)
            found[other, kind] = Said(other, kind, amount, unit)
        return list(found.values())

    def _lag(self, minutes: Decimal) -> tuple[Decimal, str]:
        if minutes * 100 % self.day == 0:
            return minutes / self.day, "d"
        return round(minutes / 60, 2), "h"

    def _day(self, one: Element, code: str, tag: str) -> str | None:
        text = _text(one, tag)
        if not text or text == "NA":
            return None
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            self._odd(code, text, DAY)
            return None

    def _number(self, code: str, text: str) -> Decimal | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            self._odd(code, text, NUMBER)
            return None
        if not number.is_finite() or abs(number) > 10**10:
            self._odd(code, text, NUMBER)
            return None
        return number

    def _odd(self, code: str, text: str, what: str) -> None:
        self.found.wrong(code, Message(NOT_A, {"text": text[:40], "what": Message(what)}))


def _text(one: Element, tag: str) -> str:
    return " ".join((one.findtext(tag) or "").split())
