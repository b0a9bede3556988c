"""The rows of the plan as markup: cut once from their macros, then filled in task by task.

A plan of a thousand tasks is two thousand rows; a template that writes each cell by itself would
take longer than everything else on the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app

from portal.forms.rendering.parts import Html, Marks, Parts, join_all
from portal.progress.bars import Bar
from portal.progress.routes.lines import Line
from portal.web.words import gettext as _

ALARM = " alarm"


def _cut(macro: str, *arguments: Any) -> Parts:
    marks = Marks()
    module: Any = current_app.jinja_env.get_template("progress/rows.html").module
    return marks.cut(str(getattr(module, macro)(marks, *arguments)))


def mark_words() -> Mapping[str, str]:
    """What the marks of rows mean."""
    return {
        "due": _("a decision that is due and not taken"),
        "blocked": _("blocked by a decision that is due"),
    }


def line_rows(lines: Sequence[Line], *, compared: bool) -> Html:
    """The rows of the table; `compared`: with a column of days late."""
    row, opens = _cut("line", mark_words()), _("Open or close %(code)s", code="\0")
    return join_all(row.join(_line(one, opens, compared=compared)) for one in lines)


def _line(one: Line, opens: str, *, compared: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "classes": f"is-{one.tone} group" if one.is_summary else f"is-{one.tone}",
        "depth": str(one.depth),
        "toggle": one.toggle,
        "toggle_words": opens.replace("\0", one.code) if one.toggle else None,
        "expanded": "false" if one.is_closed else "true",
        "is_closed": one.is_closed,
        "url": one.url,
        "code": one.code,
        "name": one.name,
        "is_due": one.mark == "due",
        "is_blocked": one.mark == "blocked",
        "duration": one.duration,
        "start": one.start,
        "finish": one.finish,
        "compared": compared,
        "late": one.late,
        "late_alarm": ALARM if one.is_late else None,
        "slack": one.slack,
        "slack_alarm": ALARM if one.is_tight else None,
        "done": one.done,
    }


def bar_shapes(bars: Iterable[Bar]) -> Html:
    """The bars of the drawing."""
    shape = _cut("bar")
    return join_all(shape.join(_bar(one)) for one in bars)


def _bar(one: Bar) -> dict[str, Any]:
    mark = f" is-{one.mark}" if one.mark else ""
    return {
        "classes": f"bar-{one.kind} is-{one.tone}{mark}",
        "title": one.row.task.label,
        "old": one.old_shape,
        "shape": one.shape,
        "done": one.done_shape,
        "float": one.float_shape,
        "at": str(one.name_at),
        "y": str(one.y + 17),
        "name": one.name,
    }
