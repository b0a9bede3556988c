"""Pages of the progress center; importing this package fills the area."""

from portal.progress.routes import editing, moved, schedule, sheet
from portal.progress.routes.area import area

__all__ = ["area", "editing", "moved", "schedule", "sheet"]
