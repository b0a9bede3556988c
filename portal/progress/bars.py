"""A row of the drawing: the shapes of its bar as paths, in units of the picture. Pure."""

from dataclasses import dataclass

from portal.progress.plan import PlanRow

NAME_MOST = 34  # characters beside a bar
HIGH = 10  # of a bar
LETTER = 5.8  # how wide a letter beside a bar is


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the drawing. `late` is where its float ends; `old` its bar in the baseline; `mark`
    whether it is a decision that is due, or blocked by one.
    """

    row: PlanRow
    y: int
    x: float
    width: float
    done: float
    late: float
    old: tuple[float, float] | None
    mark: str = ""

    @property
    def end(self) -> float:
        return self.x + self.width

    @property
    def kind(self) -> str:
        task = self.row.task
        return "summary" if task.is_summary else "moment" if task.is_moment else "task"

    @property
    def tone(self) -> str:
        """done, critical, near or free: each has its own look beside its color."""
        if self.row.is_finished:
            return "done"
        return "critical" if self.row.is_critical else "near" if self.row.is_near else "free"

    @property
    def name(self) -> str:
        """What stands beside the bar."""
        name = self.row.task.name
        return name if len(name) <= NAME_MOST else f"{name[: NAME_MOST - 1]}…"

    @property
    def name_at(self) -> float:
        return round(max(self.end, self.late) + 10, 1)

    @property
    def name_ends(self) -> float:
        """Where its name ends at the latest: Chinese signs are twice as wide as letters."""
        name = self.name
        return self.name_at + LETTER * (len(name) + sum(sign > "\u2e80" for sign in name))

    @property
    def shape(self) -> str:
        """The bar itself; a rhombus for what takes no time, a bracket for a summary."""
        x, y, wide = self.x, self.y, self.width
        if self.kind == "moment":
            return f"M{x} {y + 7}l7 7l-7 7l-7 -7z"
        if self.kind == "summary":
            return f"M{x} {y + 8}h{wide}v9l-4 -5h-{max(wide - 8, 0):.1f}l-4 5z"
        return f"M{x} {y + 8}h{wide}v{HIGH}h-{wide}z"

    @property
    def done_shape(self) -> str:
        """What is done, within the bar of a task; empty where nothing is."""
        if self.kind != "task" or self.done <= 0:
            return ""
        return f"M{self.x} {self.y + 11}h{self.done}v4h-{self.done}z"

    @property
    def float_shape(self) -> str:
        """A line as long as its float; empty without any."""
        end = round(self.end, 1)
        return f"M{end} {self.y + 13}H{self.late}m0 -4v8" if self.late > end else ""

    @property
    def old_shape(self) -> str:
        """Where it stood in the baseline, below the bar."""
        if self.old is None:
            return ""
        first, last = self.old
        if self.kind == "moment":
            return f"M{last} {self.y + 8}l6 6l-6 6l-6 -6z"
        wide = round(max(last - first, 1.5), 1)
        return f"M{first} {self.y + 20}h{wide}v4h-{wide}z"
