"""The figures that rules of health may name: each center declares its own, wiring collects them.

A figure is measured for all projects at once, never project by project.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from flask import url_for

from portal.definitions.figure_keys import KEYS
from portal.web.viewer import ProjectBrief, Viewer

MeasureUnit = Literal["percent", "days", "count", "money"]


class Leads(Protocol):
    """The way to what a figure is made of."""

    @property
    def url(self) -> str:
        """Its address, made when a page shows it."""


@dataclass(frozen=True, slots=True)
class PageWay:
    """The way to a page of a project."""

    endpoint: str
    code: str

    @property
    def url(self) -> str:
        return url_for(self.endpoint, code=self.code)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a project: in one currency, or of one row (a cost code, a milestone)."""

    project_id: str
    value: Decimal
    way: Leads
    currency: str = ""
    row: str = ""
    row_label: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that rules may name by its key; label and meaning speak the reader's language.

    `told_to`: who is told its value in a project; others are told the color alone.
    """

    key: str
    label: Any
    meaning: Any
    unit: MeasureUnit
    told_to: Callable[[Viewer, str], bool] | None = None


Take = Callable[[Sequence[ProjectBrief], datetime], Iterable[tuple[str, Measured]]]
"""What measures several figures of several projects: (key of the measure, figure)."""

_measures: dict[str, Measure] = {}
_takers: dict[Take, frozenset[str]] = {}


def register_measures(measures: Sequence[Measure], take: Take) -> None:
    """Offer figures to rules. Called once per center, from portal.wiring.

    Raises KeyError for a figure that is not declared in KEYS.
    """
    if unknown := {one.key for one in measures} - KEYS:
        raise KeyError(", ".join(sorted(unknown)))
    _measures.update((one.key, one) for one in measures)
    _takers[take] = frozenset(one.key for one in measures)


def known_measures() -> Mapping[str, Measure]:
    """Every figure that was offered, by key."""
    return _measures


def take_measures(
    keys: frozenset[str], projects: Sequence[ProjectBrief], now: datetime
) -> dict[str, list[Measured]]:
    """These figures of these projects, by key; a key nobody offers has none."""
    found: dict[str, list[Measured]] = {key: [] for key in keys}
    for take, offered in _takers.items():
        if not keys.isdisjoint(offered):
            for key, one in take(projects, now):
                if key in found:
                    found[key].append(one)
    return found
