"""Forms of the project pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.services import CURRENCIES
from portal.accounts.zones import zone_pairs
from portal.projects import calendar_text
from portal.web.inputs import BaseForm, clean, empty_is_none, options

STATUS_TITLES = {
    "planned": _("Planned"),
    "active": _("Active"),
    "paused": _("Paused"),
    "closed": _("Closed"),
}
WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


def _required() -> DataRequired:
    return DataRequired(_("Please fill this in."))


def _day(label: Any) -> DateField:
    return DateField(label, [Optional()], filters=[empty_is_none])


class ProjectForm(BaseForm):
    """What a project is, and when people work on it."""

    code = StringField(
        _("Code"),
        [_required(), Length(max=20)],
        filters=[clean],
        description=_("Short and lasting, such as P-101; record numbers begin with it."),
        render_kw={"autocapitalize": "characters"},
    )
    name = StringField(_("Name"), [_required(), Length(max=200)], filters=[clean])
    status = SelectField(_("Status"), choices=options(STATUS_TITLES.items()), default="active")
    department_id = SelectField(_("Department"), [Optional()], filters=[empty_is_none])
    currency = SelectField(_("Currency"))
    zone = SelectField(_("Time zone"))
    starts_on = _day(_("Start date"))
    ends_on = _day(_("End date"))
    weekdays = SelectMultipleField(
        _("Working days"),
        coerce=int,
        choices=options(WEEKDAYS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    holidays = TextAreaField(
        _("Days off"),
        [Optional(), Length(max=10_000)],
        description=_("One per line; a span as 2026-10-01..2026-10-07."),
        render_kw={"spellcheck": "false"},
    )
    workdays = TextAreaField(
        _("Working days on weekends"),
        [Optional(), Length(max=10_000)],
        description=_("Days worked in return for a holiday, one per line."),
        render_kw={"spellcheck": "false"},
    )

    def offer(
        self, departments: Iterable[tuple[str, str]], currency: str, zone: str
    ) -> "ProjectForm":
        """Fill the lists; the present currency and zone are always among them."""
        self.department_id.choices = options([("", _("none")), *departments])
        currencies = dict.fromkeys((*CURRENCIES, self.currency.data or currency))
        self.currency.choices = options((c, c) for c in currencies)
        self.zone.choices = options(zone_pairs(self.zone.data or zone))
        return self

    def values(self) -> dict[str, Any]:
        """The columns of a project. Raises Invalid for a calendar that makes no sense."""
        return {
            "code": self.code.data,
            "name": self.name.data,
            "status": self.status.data,
            "department_id": self.department_id.data,
            "currency": self.currency.data,
            "zone": self.zone.data,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "calendar": calendar_text.calendar(
                self.weekdays.data or (),
                calendar_text.dates_in(self.holidays.data or "", path="holidays"),
                calendar_text.dates_in(self.workdays.data or "", path="workdays"),
            ),
        }


class MemberForm(BaseForm):
    """A person and the role they get."""

    person_id = SelectField(_("Person"), [_required()], validate_choice=False)
    role = SelectField(_("Role in the project"), [_required()])
