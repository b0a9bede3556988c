"""The company's own settings."""

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.accounts import services
from portal.admin.area import area
from portal.admin.inputs import CompanyForm
from portal.errors import Invalid, NotFound
from portal.projects import calendar_text
from portal.projects.inputs import WEEKDAYS
from portal.web.access import system_role
from portal.web.answers import page_or_fragment, see_other
from portal.web.inputs import options
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

people_admin = system_role("people_admin")


@area.page("/company", access=people_admin)
def company() -> BaseResponse:
    """Name, language, zone, calendar."""
    one = accounts.company()
    if one is None:
        raise NotFound()
    calendar = one.calendar
    form = CompanyForm(
        obj=one,
        weekdays=calendar.get("weekdays", []),
        holidays=calendar_text.as_text(calendar.get("holidays", [])),
        workdays=calendar_text.as_text(calendar.get("workdays", [])),
    )
    return _page(form)


@area.action("/company", access=people_admin)
def save_company() -> BaseResponse:
    """Save the company's settings."""
    form = CompanyForm.sent()
    form.weekdays.choices = options(WEEKDAYS)
    try:
        if not form.validate():
            return _page(form, status=422)
        services.edit_company(
            actor=current_viewer(),
            name=form.name.data,
            zone=form.zone.data,
            language=form.language.data,
            calendar=calendar_text.calendar(
                form.weekdays.data or (),
                calendar_text.dates_in(form.holidays.data or "", path="holidays"),
                calendar_text.dates_in(form.workdays.data or "", path="workdays"),
            ),
            second_author=form.second_author.data,
            now=clock.now(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, status=422)
    return see_other(url_for("admin.company"), _("The company's settings are saved."))


def _page(form: CompanyForm, *, status: int = 200) -> Response:
    form.weekdays.choices = options(WEEKDAYS)
    return page_or_fragment(
        "admin/company.html", status=status, form=form, company=accounts.company()
    )
