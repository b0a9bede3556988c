"""Pages of the cost center; importing this package fills the area."""

from portal.costs.routes import registers, sheet, snapshots
from portal.costs.routes.area import area

__all__ = ["area", "registers", "sheet", "snapshots"]
