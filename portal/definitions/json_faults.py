"""What is wrong with a text as JSON: where, a sentence, and what to write instead."""

import re
from bisect import bisect_right
from json import JSONDecodeError
from typing import Any

from portal.errors import N_, Message

Path = tuple[str | int, ...]

# What people type who write another language, or with another keyboard.
INSTEAD = {
    "'": '"', "“": '"', "”": '"', "‘": '"', "’": '"', "，": ",", "、": ",", "；": ",", ";": ",",
    "：": ":", "=": ":", "｛": "{", "｝": "}", "【": "[", "】": "]",
}  # fmt: skip
_WORD = re.compile(r"\w+")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_SHOWN = 40

COMMENT = N_("JSON has no comments.")
TAKE_OUT = N_("Take it out; a definition explains itself by titles, labels and hints.")
WRITE_INSTEAD = N_("Write “%(instead)s” instead of “%(found)s”.")
STRAIGHT = N_("Write straight double quotes around it.")
CORRECT = N_("Correct the JSON at this place.")


class SourceError(ValueError):
    """A text that cannot be read; `line` and `column` count from 1."""

    def __init__(self, message: Message, remedy: Message, line: int, column: int) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy
        self.line = line
        self.column = column


def line_starts(text: str) -> tuple[int, ...]:
    """The offsets at which lines begin."""
    return (0, *(match.end() for match in re.finditer(r"\n", text)))


def line_column(lines: tuple[int, ...], offset: int) -> tuple[int, int]:
    """(line, column) of an offset, both from 1."""
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


class Faults:
    """Makes the errors of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = line_starts(text)

    def at(self, place: int, text: str, remedy: str = CORRECT, **args: Any) -> SourceError:
        """An error at an offset; `args` fill both sentences."""
        line, column = line_column(self.lines, min(place, len(self.text)))
        return SourceError(Message(text, args), Message(remedy, args), line, column)

    def unexpected(self, place: int, text: str, remedy: str, **args: Any) -> SourceError:
        """Something else than what has to stand here: a comment, a wrong mark, anything."""
        found = self.text[place : place + 1]
        if self.text.startswith(("//", "/*", "#"), place):
            return self.at(place, COMMENT, TAKE_OUT)
        if found in INSTEAD:
            remedy = STRAIGHT if INSTEAD[found] == '"' else WRITE_INSTEAD
            return self.at(place, text, remedy, found=found, instead=INSTEAD[found])
        return self.at(place, text, remedy, **args)

    def missing(self, place: int, text: str, mark: str) -> SourceError:
        """A comma or a colon that is not there: it belongs behind what stands before."""
        found = self.text[place : place + 1]
        if INSTEAD.get(found) == mark or self.text.startswith(("//", "/*", "#"), place):
            return self.unexpected(place, text, "")
        behind = len(self.text[:place].rstrip())
        return self.at(behind, text, N_("Write “%(mark)s” here."), mark=mark)

    def no_name(self, place: int) -> SourceError:
        """No name of a member where one has to stand."""
        word = _WORD.match(self.text, place)
        return self.unexpected(
            place,
            N_("The name of a member is expected here, in quotes."),
            N_("Write it in double quotes: “%(word)s”.") if word else CORRECT,
            word=word[0][:_SHOWN] if word else "",
        )

    def one_comma_too_many(self, place: int) -> SourceError:
        """A comma before a closing bracket."""
        comma = self.text.rindex(",", 0, place)
        text = N_("A comma stands behind the last entry.")
        return self.at(comma, text, N_("Take the comma out."))

    def not_closed(self, opened: int) -> SourceError:
        """The text ends while something is open; named at the bracket that was likely forgotten."""
        return self.open(self._likely_open(opened))

    def open(self, place: int) -> SourceError:
        """A bracket that nothing closes, or one of the other kind."""
        text = N_("This “%(mark)s” is not closed.")
        return self.at(place, text, N_("Close it behind its last entry."), mark=self.text[place])

    def _likely_open(self, opened: int) -> int:
        """The first bracket whose closing one stands further left than it should."""
        waiting: list[int] = []
        for token in _BRACKET.finditer(self.text):
            if token[0] in "{[":
                waiting.append(token.start())
            elif token[0] in "}]" and waiting:
                opener = waiting.pop()
                indent, begins = self._indent(token.start())
                if begins and indent < self._indent(opener)[0]:
                    return opener
        return opened

    def _indent(self, place: int) -> tuple[int, bool]:
        """(blanks at the beginning of the line, whether it begins with what stands here)."""
        start = self.text.rfind("\n", 0, place) + 1
        line = self.text[start : place + 1]
        indent = len(line) - len(line.lstrip(" \t"))
        return indent, indent == place - start

    def bad_text(self, error: JSONDecodeError) -> SourceError:
        """A text in quotes that breaks off, or holds what it may not."""
        if error.msg.startswith("Unterminated"):
            text, remedy = N_("This text is not closed."), N_("Close it with a double quote.")
        elif self.text[error.pos : error.pos + 1] in ("\n", "\r"):
            text = N_("This text is not closed at the end of its line.")
            remedy = N_("Close it with a double quote; a line break inside is written \\n.")
        elif "escape" in error.msg:
            text = N_("This is no escape of JSON.")
            remedy = N_("A backslash is written twice; the others are \\n, \\t, \\u00e9 and \\”.")
        else:
            text = N_("This text holds a control character.")
            remedy = N_("Take it out, or write it as \\t or \\u0000.")
        return self.at(error.pos, text, remedy)
