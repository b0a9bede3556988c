"""Pages of the progress center; importing this package fills the area."""

from portal.progress.routes import (
    baselines,
    earned,
    editing,
    exchange,
    forecast,
    moved,
    picture,
    reports,
    schedule,
    sheet,
    simulation,
)
from portal.progress.routes.area import area

__all__ = [
    "area",
    "baselines",
    "earned",
    "editing",
    "exchange",
    "forecast",
    "moved",
    "picture",
    "reports",
    "schedule",
    "sheet",
    "simulation",
]
