"""Forms of the progress center's own pages."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.web.inputs import BaseForm, clean


class BaselineForm(BaseForm):
    """What a baseline is called."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Please fill this in.")), Length(max=80)],
        filters=[clean],
        description=_("Such as contract plan, or after the flood."),
    )
