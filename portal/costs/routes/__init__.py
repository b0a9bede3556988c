"""Pages of the cost center; importing this package fills the area."""

from portal.costs.routes import sheet, snapshots
from portal.costs.routes.area import area

__all__ = ["area", "sheet", "snapshots"]
