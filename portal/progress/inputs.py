"""Forms of the progress center's own pages."""

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.web.inputs import BaseForm, clean, options


class BaselineForm(BaseForm):
    """What a baseline is called."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Please fill this in.")), Length(max=80)],
        filters=[clean],
        description=_("Such as contract plan, or after the flood."),
    )


class SimulationForm(BaseForm):
    """How often, and by which chance."""

    runs = IntegerField(
        _("Runs"), [DataRequired(_("Please fill this in.")), NumberRange(min=100, max=5000)]
    )
    seed = IntegerField(
        _("Seed"),
        [InputRequired(_("Please fill this in.")), NumberRange(min=0, max=10**9)],
        description=_("The same seed and plan give the same result."),
    )
    correlation = DecimalField(
        _("Correlation of durations"),
        [Optional(), NumberRange(min=0, max=1)],
        places=2,
        description=_("0: each is drawn alone. Above: they come out long or short together."),
    )
    among = SelectField(
        _("Among"),
        choices=options(
            [("all", _("all uncertain tasks")), ("summary", _("tasks below the same summary"))]
        ),
    )
