"""Forms of the cost center's own pages."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from portal.web.inputs import BaseForm, clean, options


class FreezeForm(BaseForm):
    """What a frozen sheet is called."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Please fill this in.")), Length(max=80)],
        filters=[clean],
        description=_("Such as the month it closes."),
    )


class BasisForm(BaseForm):
    """By which column of the sheet a project's budget is controlled."""

    column = SelectField(_("Available is"))

    def offer(self, columns: Iterable[tuple[str, str]]) -> "BasisForm":
        """Fill the list."""
        self.column.choices = options(columns)
        return self
