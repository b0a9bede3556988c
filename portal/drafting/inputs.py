"""The form of the page on which a funds plan is drafted."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, ValidationError

from portal.web.inputs import BaseForm, options

MONTHS = ("1", "3", "6", "12")


class DraftForm(BaseForm):
    """From which day on, and for how long."""

    first = DateField(_("First day planned"), [DataRequired(_("Please fill this in."))])
    months = SelectField(
        _("Number of months"),
        choices=options((one, one) for one in MONTHS),
        default="3",
        validate_choice=True,
    )

    def validate_first(self, field: DateField) -> None:
        """A day of these decades."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(str(_("Choose a day between 2000 and 2100.")))
