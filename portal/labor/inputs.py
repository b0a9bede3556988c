"""Forms of the day-labor center's own pages."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, ValidationError

from portal.web.inputs import BaseForm

_NEEDED = _("Please fill this in.")


class RunForm(BaseForm):
    """Which hours an accrual begins with."""

    team = SelectField(_("Team"), [DataRequired(_NEEDED)], validate_choice=True)
    first = DateField(_("First day"), [DataRequired(_NEEDED)])
    last = DateField(_("Last day"), [DataRequired(_NEEDED)])
    rules = SelectField(_("Pay rules"), [DataRequired(_NEEDED)], validate_choice=True)

    def validate_last(self, field: DateField) -> None:
        """The days are in order."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(str(_("The last day lies before the first.")))
