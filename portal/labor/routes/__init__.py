"""Pages of the day-labor center; importing this package fills the area."""

from portal.labor.routes import ledger, month, pivot, wages
from portal.labor.routes.area import area

__all__ = ["area", "ledger", "month", "pivot", "wages"]
