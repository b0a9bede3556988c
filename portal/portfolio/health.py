"""How the viewer's projects stand, at a glance: what is left of the budget, what is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.costs.columns import sheet_in_force
from portal.ledgers.pages import Center, Figure
from portal.ledgers.queries import sums
from portal.progress.queries import Brief, briefs
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Health:
    """A project at a glance; `left` is in its own currency, None while it has no budget."""

    left: Figure | None
    milestones: Brief


def health(viewer: Viewer, now: datetime) -> Mapping[str, Health]:
    """The health of the viewer's own projects, by id; nothing for people from outside."""
    projects = () if viewer.is_external else viewer.project_list
    if not projects:
        return {}
    sheet = sheet_in_force()
    column = sheet.ledger_columns[sheet.left]
    found = sums((column,), ("project_id", "ccy"), [one.id for one in projects], {})
    left = {group.by: group.values for group in found}
    milestones = briefs(projects, now)
    made = {}
    for one in projects:
        values = left.get((one.id, one.currency))
        center = Center("cost", one)
        figure = center.figure(column, values, ccy=one.currency) if values else None
        made[one.id] = Health(figure, milestones[one.id])
    return made
