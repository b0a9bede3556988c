"""What of a plan an address asks to see."""

from typing import Any

from flask import request

from portal.progress.gantt import FIT, ZOOMS
from portal.progress.plan import Plan
from portal.progress.shown import deepest, is_closed, moments, shown_rows, usual_level
from portal.web.inputs import whole
from portal.web.rendering import same_choice


class PlanView:
    """What of the plan the address asks to see, and the addresses that ask for something else."""

    def __init__(self, plan: Plan) -> None:
        args = request.args
        self.deepest = deepest(plan)
        self.level = whole(args.get("level", "")) or usual_level(plan)
        self.closed = frozenset(one for one in args.get("closed", "").split(",") if one)
        self.show = args.get("show", "")
        self.critical_only = self.show == "critical"
        chosen = args.get("zoom", "")
        self.zoom = chosen if chosen in ZOOMS else FIT
        if self.show == "milestones":
            self.rows = moments(plan)
            return
        self.rows = shown_rows(
            plan, level=self.level, closed=self.closed, critical_only=self.critical_only
        )

    def is_closed(self, row: Any) -> bool:
        """Whether a summary is shown closed."""
        return is_closed(row, level=self.level, closed=self.closed)

    def address(self, endpoint: str = "progress.schedule", **changes: Any) -> str:
        """This page with some choices changed; None takes one out."""
        return same_choice(endpoint, **changes)

    def toggle(self, row: Any) -> str:
        """The page with a summary opened or closed. What a level hides is opened by that level."""
        code = row.task.code
        if row.depth + 1 >= self.level:
            return self.address(level=row.depth + 2, closed=None) + f"#{row.task.id}"
        chosen = self.closed - {code} if code in self.closed else self.closed | {code}
        return self.address(closed=",".join(sorted(chosen))) + f"#{row.task.id}"
