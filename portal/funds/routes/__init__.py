"""Pages of the funds center; importing this package fills the area."""

from portal.funds.routes import company, contract, plan, sheet, tabled
from portal.funds.routes.area import area

__all__ = ["area", "company", "contract", "plan", "sheet", "tabled"]
