"""From source text to a syntax tree: characters, length, nesting and size are judged here."""

import ast
import re
from collections.abc import Iterator

from portal import limits
from portal.errors import N_, Message
from portal.expressions.errors import PARTS, SPLIT, ExpressionError

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<text>'(?:[^'\\\x00-\x1f\x7f\ud800-\udfff]|\\['"\\])*'
               | "(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\['"\\])*")
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<open>[(\[])
      | (?P<close>[)\]])
      | (?P<sign>==|!=|<=|>=|[-+*/<>,.])""",
    re.VERBOSE,
)
_INSTEAD = {
    "&&": "and", "||": "or", "<>": "!=", "=": "==", "!": "not", "%": "/ 100", "^": "*",
    "，": ",", "（": "(", "）": ")", "【": "[", "】": "]", "＝": "==", "≠": "!=", "≤": "<=",
    "≥": ">=", "＞": ">", "＜": "<", "“": "'", "”": "'", "‘": "'", "’": "'", "×": "*", "÷": "/",
    "＋": "+", "－": "-", "。": ".", "？": "if", "?": "if",
}  # fmt: skip
_LONGEST_NUMBER = 34  # digits a literal may have


class Source:
    """A source text, its tree, and the way back from tree nodes to lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > limits.EXPRESSION_LENGTH:
            raise ExpressionError(
                Message(
                    N_("An expression may have at most %(most)s characters."),
                    {"most": limits.EXPRESSION_LENGTH},
                ),
                remedy=Message(SPLIT),
            )
        self._check_tokens()
        flat = re.sub(r"[\t\r\n]", " ", text)
        self._lead = len(flat) - len(flat.lstrip(" "))
        self._flat = flat.strip(" ")
        self.tree = self._parse()
        self._check_size()

    def segment(self, node: ast.expr) -> str:
        """The source text of a node."""
        start, end = self._index(node.col_offset), self._index(node.end_col_offset or 0)
        return self._flat[start:end]

    def error(
        self,
        node: ast.expr,
        text: str,
        suggestion: str | None = None,
        *,
        remedy: str = "",
        **args: object,
    ) -> ExpressionError:
        """An error at a node; `text` and `remedy` are message ids marked with N_."""
        index = self._index(node.col_offset) + self._lead
        return self._error_at(index, Message(text, args), suggestion, remedy, **args)

    def _index(self, offset: int) -> int:
        """Python counts columns in UTF-8 bytes; people count characters."""
        if self._flat.isascii():
            return offset
        return len(self._flat.encode()[:offset].decode(errors="ignore"))

    def _error_at(
        self,
        index: int,
        message: Message,
        suggestion: str | None = None,
        remedy: str = "",
        **args: object,
    ) -> ExpressionError:
        before = self.text[:index]
        column = index - (before.rfind("\n") + 1) + 1
        advice = Message(remedy, args) if remedy else None
        return ExpressionError(message, before.count("\n") + 1, column, suggestion, advice)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise self._strange(position)
            yield str(match.lastgroup), match.group(), position
            position = match.end()

    def _strange(self, position: int) -> ExpressionError:
        here = self.text[position : position + 2]
        instead = _INSTEAD.get(here) or _INSTEAD.get(here[:1])
        remedy = ""
        if here[:1] in "'\"":
            message = Message(N_("This text is not closed, or holds a character it may not."))
            remedy = N_("Close it with the quote it begins with, on the same line.")
        elif instead:
            message = Message(
                N_("“%(found)s” is not part of an expression; write “%(instead)s”."),
                {"found": here if here in _INSTEAD else here[:1], "instead": instead},
            )
        else:
            message = Message(
                N_("“%(found)s” is not part of an expression."), {"found": ascii(here[:1])[1:-1]}
            )
            remedy = PARTS
        return self._error_at(position, message, instead, remedy)

    def _check_tokens(self) -> None:
        """Refuse what the language does not have before Python's parser sees it."""
        depth, previous, empty = 0, "space", True
        for kind, token, position in self._tokens():
            depth += (kind == "open") - (kind == "close")
            empty = empty and kind == "space"
            if depth > limits.EXPRESSION_DEPTH:
                raise self._error_at(position, _too_deep(), remedy=SPLIT)
            if (previous, kind) == ("number", "name"):
                message = Message(N_("Numbers are written in digits only."))
                remedy = N_("Write it as in 1250.50, without units and separators.")
                raise self._error_at(position, message, remedy=remedy)
            if (previous, kind) in {("name", "text"), ("text", "name")}:
                raise self._error_at(position, Message(N_("Put a space here.")), " " + token)
            if kind == "number" and len(token.replace(".", "")) > _LONGEST_NUMBER:
                message = Message(N_("This number has too many digits."))
                remedy = N_("Write at most %(most)s digits.")
                raise self._error_at(position, message, remedy=remedy, most=_LONGEST_NUMBER)
            previous = kind
        if empty:
            message = Message(N_("The expression is empty."))
            raise self._error_at(0, message, remedy=N_("Write one, or take the member out."))

    def _parse(self) -> ast.expr:
        try:
            return ast.parse(self._flat, mode="eval").body
        except SyntaxError as error:
            index = max((error.offset or 1) - 1, 0) + self._lead
            message = Message(N_("The expression cannot be read from here."))
            remedy = N_("Look for a sign, a bracket or a comma that is missing before this place.")
            raise self._error_at(min(index, len(self.text)), message, remedy=remedy) from None
        except (RecursionError, MemoryError, ValueError):
            raise ExpressionError(_too_deep(), remedy=Message(SPLIT)) from None

    def _check_size(self) -> None:
        """Count expression nodes and their depth without recursion."""
        count, waiting = 0, [(self.tree, 1)]
        while waiting:
            node, depth = waiting.pop()
            count += 1
            if depth > limits.EXPRESSION_DEPTH:
                raise ExpressionError(_too_deep(), remedy=Message(SPLIT))
            if count > limits.EXPRESSION_NODES:
                raise ExpressionError(
                    Message(
                        N_("An expression may have at most %(most)s parts."),
                        {"most": limits.EXPRESSION_NODES},
                    ),
                    remedy=Message(SPLIT),
                )
            waiting += [
                (child, depth + 1)
                for child in ast.iter_child_nodes(node)
                if isinstance(child, ast.expr)
            ]


def _too_deep() -> Message:
    return Message(
        N_("The expression is nested more than %(most)s levels deep."),
        {"most": limits.EXPRESSION_DEPTH},
    )
