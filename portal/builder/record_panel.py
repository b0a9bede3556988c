"""What authors find on the page of a record: a way to make an example of it."""

from portal.builder.area import may_write
from portal.records.routes.area import Panel
from portal.records.views import RecordPage
from portal.web.viewer import Viewer


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """The link to make an example of it, for authors and once it was sent."""
    record = page.record
    if not may_write(viewer) or record.state == "draft":
        return []
    return [Panel("builder/_example_link.html", "side", {"record": record})]
