"""From a cell of the page to the list of exactly what it counts."""

from typing import Any

from flask import url_for

from portal.quality.matrix import Age, span
from portal.quality.queries import OPEN, Week
from portal.web.viewer import ProjectBrief


class Links:
    """The lists of one project's registers, narrowed to a cell."""

    def __init__(self, project: ProjectBrief, today: Any) -> None:
        self.project, self.today = project, today

    def listed(self, form: str, **narrowed: str) -> str:
        """The list of a form in this project; `f_due_on__to` stands for `f.due_on:to`."""
        args: dict[str, Any] = {
            key.replace("f_", "f.", 1).replace("__", ":") if key.startswith("f_") else key: value
            for key, value in narrowed.items()
        }
        return url_for("records.index", form_key=form, project=self.project.code, **args)

    def opened(self, form: str) -> str:
        """All that are not closed."""
        return self.listed(form, state=",".join(OPEN))

    def overdue(self, form: str) -> str:
        """Open ones whose day has passed."""
        last = self.today.fromordinal(self.today.toordinal() - 1).isoformat()
        return self.listed(form, state=",".join(OPEN), f_due_on__to=last)

    def aged(self, form: str, key: str, kind: str, age: Age) -> str:
        """Open ones of a kind and an age."""
        first, last = age.days(self.today)
        found = {"state": ",".join(OPEN), f"f_{key}": kind, "f_found_on__to": last.isoformat()}
        if first is not None:
            found["f_found_on__from"] = first.isoformat()
        return self.listed(form, **found)

    def risks(self, probability: int, impact: int) -> str:
        """Open risks of a cell, as they were raised."""
        (p_low, p_high), (i_low, i_high) = span(probability), span(impact)
        return self.listed(
            "risk",
            f_status="open",
            f_probability__from=p_low,
            f_probability__to=p_high,
            f_impact__from=i_low,
            f_impact__to=i_high,
        )

    def risk_level(self, level: str) -> str:
        """Open risks of a level, as they stand."""
        return self.listed("risk", f_status="open", f_level=level)

    def unreviewed(self) -> str:
        """Open risks nobody has reviewed for a month."""
        last = self.today.fromordinal(self.today.toordinal() - 32).isoformat()
        return self.listed("risk", f_status="open", f_reviewed_on__to=last)

    def inspections(self, week: Week, state: str) -> str:
        """Inspections of the week in a state."""
        return self.listed(
            "inspection",
            state=state,
            f_inspected_on__from=week.first.isoformat(),
            f_inspected_on__to=week.last.isoformat(),
        )

    def logs(self, week: Week) -> str:
        """Daily logs of the week."""
        first, last = week.first.isoformat(), week.last.isoformat()
        states = "submitted,returned,approved"
        return self.listed("daily_log", state=states, f_log_on__from=first, f_log_on__to=last)
