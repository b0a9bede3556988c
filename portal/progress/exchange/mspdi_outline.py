"""The tree of an MSPDI file: its tasks in their order, their codes, what stands below what."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from portal.errors import N_, Message
from portal.progress.exchange import mspdi_values as values
from portal.progress.exchange.incoming import Incoming, first
from portal.progress.exchange.mspdi_values import text_of

TWICE = N_("The number (UID) %(uid)s stands twice in the file.")
OTHER_CODE = N_("Its WBS code “%(wbs)s” is too long or stands above already; it is %(code)s here.")
SKIPS = N_("Its outline level %(level)s has no level above it; it stands one level deeper only.")
CODE_MOST = 30


class Outline:
    """The tasks of a file, the project itself left out."""

    def __init__(self, listed: Element, found: Incoming) -> None:
        # the first task of a file of Microsoft Project is the project itself
        elements = [
            one
            for one in listed.findall("Task")
            if text_of(one, "UID") != "0" and text_of(one, "IsNull") not in values.TRUE
        ]
        self.found = found
        self.elements = [
            (text_of(one, "UID") or f"#{at}", one) for at, one in enumerate(elements, start=1)
        ]
        self.given: set[str] = set()
        """UIDs of tasks whose code is not their own WBS code."""
        self.codes = self._codes()
        self._levels = [self._level(uid, one) for uid, one in self.elements]
        self.summaries = set(self._summaries())

    def _codes(self) -> dict[str, str]:
        """A code per UID: its WBS, outline number or number, whichever is there and free."""
        codes: dict[str, str] = {}
        taken: set[str] = set()
        said = {text_of(one, "WBS") for _uid, one in self.elements}
        for at, (uid, one) in enumerate(self.elements, start=1):
            asked = [text_of(one, tag) for tag in ("WBS", "OutlineNumber", "ID")]
            others = [one for one in asked[1:] if one not in said]
            free = [one for one in (asked[0], *others) if one not in taken]
            code = first([one for one in free if len(one) <= CODE_MOST]) or f"T{at}"
            if uid in codes:
                self.found.wrong(codes[uid], Message(TWICE, {"uid": uid[:40]}))
                continue
            if asked[0] and asked[0] != code:
                self.found.note(code, Message(OTHER_CODE, {"wbs": asked[0][:60], "code": code}))
            if code != asked[0]:
                self.given.add(uid)
            codes[uid] = code
            taken.add(code)
        return codes

    def _level(self, uid: str, one: Element) -> int:
        """How deep a task stands: as it says, else by its outline number."""
        text = text_of(one, "OutlineLevel")
        if not text:
            return max(1, len([part for part in text_of(one, "OutlineNumber").split(".") if part]))
        number = values.whole(text)
        if number is None:
            values.odd(self.found, self.codes[uid], text, values.LEVEL)
            return 1
        return max(1, number)

    def _summaries(self) -> Iterator[str]:
        """UIDs of tasks that say so, or that others stand below."""
        for at, (uid, one) in enumerate(self.elements):
            deeper = at + 1 < len(self._levels) and self._levels[at + 1] > self._levels[at]
            said = values.flag(self.found, self.codes[uid], one, "Summary")
            if deeper or said:
                yield uid

    def below(self) -> Iterator[tuple[Element, str, str]]:
        """Every task with its UID and the code of the summary above it, empty at the top."""
        above: list[str] = []
        for (uid, one), level in zip(self.elements, self._levels, strict=True):
            if level > len(above) + 1:
                self.found.note(self.codes[uid], Message(SKIPS, {"level": level}))
            above = above[: min(level, len(above) + 1) - 1]
            yield one, uid, above[-1] if above else ""
            above.append(self.codes[uid])
