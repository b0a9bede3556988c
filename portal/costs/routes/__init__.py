"""Pages of the cost center; importing this package fills the area."""

from portal.costs.routes import months, registers, sheet, snapshots
from portal.costs.routes.area import area

__all__ = ["area", "months", "registers", "sheet", "snapshots"]
