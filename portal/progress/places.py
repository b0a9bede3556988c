"""The pages of the progress center, as its second row of tabs."""

from typing import Any

from flask import current_app, request, url_for

from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def places(project: ProjectBrief) -> list[dict[str, Any]]:
    """The center's pages; the one looked at is active."""
    known = [
        ("progress.schedule", _("Schedule")),
        ("progress.sheet", _("Milestones")),
        ("progress.earned", _("Earned value")),
        ("progress.baselines", _("Baselines")),
        ("progress.lookahead", _("Look-ahead")),
        ("progress.trend", _("Trend")),
        ("progress.quality", _("Checks")),
        ("progress.resources", _("Resources")),
        ("progress.simulation", _("Simulation")),
        ("progress.forecast", _("Forecast")),
        ("foresight.bottlenecks", _("Bottlenecks")),
    ]
    area = "" if request.blueprint == "progress" else str(request.blueprint)
    return [
        {
            "label": label,
            "url": url_for(endpoint, code=project.code),
            "active": request.endpoint == endpoint or endpoint.startswith(f"{area}."),
        }
        for endpoint, label in known
        if endpoint in current_app.view_functions
    ]
