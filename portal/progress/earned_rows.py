"""The figures of earned value as rows: what each is called, how it is reckoned, its value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.errors import N_, Message
from portal.progress.earned import Earned
from portal.schedule.undefined import Figure, Undefined
from portal.web.words import gettext as _

Unit = Literal["money", "ratio", "periods", "date"]
FAR_AWAY = N_("At this pace the end is too far away to be told.")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: `formula` in words, or why it is undefined; `alarm` where it means trouble."""

    key: str
    label: str
    formula: str
    value: Figure | date
    unit: Unit
    alarm: bool = False

    @property
    def reason(self) -> Message | None:
        return self.value.reason if isinstance(self.value, Undefined) else None


def cost_rows(found: Earned) -> Sequence[Row]:
    """Earned value (DOMAIN 5.3)."""
    one = found.value
    return [
        Row(
            "bac",
            _("Budget at completion (BAC)"),
            _("value of all tasks of the baseline"),
            one.bac,
            "money",
        ),
        Row("pv", _("Planned value (PV)"), _("value planned by the data date"), one.pv, "money"),
        Row("ev", _("Earned value (EV)"), _("value × share done, task by task"), one.ev, "money"),
        Row("ac", _("Actual cost (AC)"), _("actual cost by the data date"), one.ac, "money"),
        Row(
            "sv",
            _("Schedule variance (SV)"),
            _("EV − PV"),
            one.schedule_variance,
            "money",
            one.schedule_variance < 0,
        ),
        Row(
            "cv",
            _("Cost variance (CV)"),
            _("EV − AC"),
            one.cost_variance,
            "money",
            one.cost_variance < 0,
        ),
        _ratio("spi", _("Schedule performance (SPI)"), _("EV ÷ PV"), one.spi),
        _ratio("cpi", _("Cost performance (CPI)"), _("EV ÷ AC"), one.cpi),
        Row(
            "eac", _("Estimate at completion, by the trend (EAC)"), _("BAC ÷ CPI"), one.eac, "money"
        ),
        Row(
            "eac_plan",
            _("Estimate, the rest as planned"),
            _("AC + BAC − EV"),
            one.eac_as_planned,
            "money",
        ),
        Row(
            "eac_both",
            _("Estimate, cost and pace as so far"),
            _("AC + (BAC − EV) ÷ (CPI · SPI)"),
            one.eac_of_both,
            "money",
        ),
        Row("etc", _("Estimate to complete (ETC)"), _("EAC − AC"), one.etc, "money"),
        Row(
            "vac",
            _("Variance at completion (VAC)"),
            _("BAC − EAC"),
            one.vac,
            "money",
            isinstance(one.vac, Decimal) and one.vac < 0,
        ),
        Row(
            "tcpi",
            _("Performance that keeps the budget (TCPI)"),
            _("(BAC − EV) ÷ (BAC − AC)"),
            one.tcpi_of_budget,
            "ratio",
        ),
        Row(
            "tcpi_eac",
            _("Performance that keeps the estimate"),
            _("(BAC − EV) ÷ (EAC − AC)"),
            one.tcpi_of_estimate,
            "ratio",
        ),
    ]


def time_rows(found: Earned) -> Sequence[Row]:
    """Earned schedule (DOMAIN 5.4)."""
    one = found.schedule
    cpi = found.value.cpi
    both: Figure = cpi
    if not isinstance(cpi, Undefined):
        both = one.spi if isinstance(one.spi, Undefined) else one.estimate(one.spi * cpi)
    as_paced = one.spi if isinstance(one.spi, Undefined) else one.estimate(one.spi)
    finish = found.forecast_finish
    told: Figure | date = finish or Undefined(Message(FAR_AWAY))
    if finish is None and isinstance(one.duration, Undefined):
        told = one.duration
    return [
        Row(
            "at",
            _("Time passed (AT)"),
            _("from the first day of the baseline to the data date"),
            one.actual,
            "periods",
        ),
        Row(
            "es",
            _("Earned schedule (ES)"),
            _("when what is earned should have been earned"),
            one.earned,
            "periods",
        ),
        Row("pd", _("Planned duration (PD)"), _("of the baseline"), one.planned, "periods"),
        Row(
            "svt",
            _("Schedule variance in time, SV(t)"),
            _("ES − AT"),
            one.variance,
            "periods",
            one.variance < 0,
        ),
        _ratio("spit", _("Schedule performance in time, SPI(t)"), _("ES ÷ AT"), one.spi),
        Row(
            "ieac",
            _("Duration if the pace stays, IEAC(t)"),
            _("PD ÷ SPI(t)"),
            one.duration,
            "periods",
        ),
        Row(
            "eact_1",
            _("Duration, the rest as planned"),
            _("AT + PD − ES"),
            one.estimate(Decimal(1)),
            "periods",
        ),
        Row(
            "eact_2",
            _("Duration, the rest at the pace so far"),
            _("AT + (PD − ES) ÷ SPI(t)"),
            as_paced,
            "periods",
        ),
        Row(
            "eact_3",
            _("Duration, pace and cost as so far"),
            _("AT + (PD − ES) ÷ (SPI(t) · CPI)"),
            both,
            "periods",
        ),
        Row(
            "finish",
            _("Finish by earned schedule"),
            _("first day of the baseline + IEAC(t)"),
            told,
            "date",
            finish is not None and finish > found.planned_finish,
        ),
    ]


def _ratio(key: str, label: str, formula: str, value: Figure) -> Row:
    return Row(key, label, formula, value, "ratio", isinstance(value, Decimal) and value < 1)
