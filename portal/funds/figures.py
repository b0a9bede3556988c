"""The figures of the funds center that rules of health may name."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.definitions.measures import Measure, Measured
from portal.funds.columns import DUE, PAID
from portal.ledgers.pages import Center
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief

MEASURES = (
    Measure(
        "funds.collected",
        _l("Collected"),
        _l("Received in percent of what contracts that pay us owe to date"),
        "percent",
    ),
)


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """The part of what is owed to us that was received, per currency."""
    by_id = {one.id: one for one in projects}
    where = {"direction": ("in",)}
    for group in sums((PAID, DUE), ("project_id", "ccy"), sorted(by_id), where):
        project_id, currency = group.by
        owed = group.values[PAID.key] + group.values[DUE.key]
        if owed > 0:
            way = Center("funds", by_id[project_id]).way(DUE.key, direction="in", ccy=currency)
            share = group.values[PAID.key] / owed * 100
            yield "funds.collected", Measured(project_id, share, way, currency)
