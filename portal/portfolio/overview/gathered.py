"""What several panels of one overview show: read once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values, totals
from portal.db import remembered
from portal.labor.queries import Unsigned, unsigned_tickets
from portal.ledgers.models import CostEntry, LaborEntry, ProgressEntry
from portal.progress.queries import MilestoneSheet, milestone_sheet
from portal.web.viewer import ProjectBrief


def costs_of(project: ProjectBrief) -> Mapping[str, Mapping[str, Decimal]]:
    """The totals of the cost sheet by currency."""
    known = remembered(CostEntry)
    if project.id not in known:
        found = code_values(sheet_in_force(), [project.id])
        known[project.id] = {ccy: totals(codes.values()) for (_, ccy), codes in found.items()}
    made: Mapping[str, Mapping[str, Decimal]] = known[project.id]
    return made


def milestones_of(project: ProjectBrief, now: datetime) -> MilestoneSheet:
    """The milestones as of now."""
    known = remembered(ProgressEntry)
    if project.id not in known:
        known[project.id] = milestone_sheet(project, now)
    made: MilestoneSheet = known[project.id]
    return made


def tickets_of(project: ProjectBrief, now: datetime) -> Sequence[Unsigned]:
    """The tickets nobody has signed yet."""
    known = remembered(LaborEntry)
    if project.id not in known:
        known[project.id] = unsigned_tickets(project, now)
    made: Sequence[Unsigned] = known[project.id]
    return made
