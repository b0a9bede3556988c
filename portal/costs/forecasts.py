"""Forecasts of what is still to come: the latest that stands for a cost code, and its record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.ledgers.standing import FORECAST, standing_cost


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is still to come on a cost code, who said so in which record, from which day on."""

    amount: Decimal
    record_id: str
    on: date


Key = tuple[str, str, str]
"""Project, currency, cost code."""


def standing_forecasts(projects: Collection[str], *, why: str = "") -> dict[Key, Forecast]:
    """The latest forecast of every cost code that was not taken back; `why`, a reason, lets it be
    read whoever the viewer is.
    """
    return {
        (one.project_id, one.ccy, one.cost_code_id): Forecast(
            one.amount, one.record_id, one.effective_on
        )
        for one in standing_cost(FORECAST, projects, why=why)
    }
