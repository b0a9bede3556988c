"""Forms of the administration pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.inputs import LANGUAGES
from portal.accounts.zones import zone_pairs
from portal.web.inputs import BaseForm, clean, empty_is_none, options


def _required() -> DataRequired:
    return DataRequired(_("Please fill this in."))


def _text(label: Any, most: int, **options: Any) -> StringField:
    return StringField(
        label, [Optional(), Length(max=most)], filters=[clean, empty_is_none], **options
    )


class PersonForm(BaseForm):
    """A person's facts."""

    name = StringField(_("Full name"), [_required(), Length(max=200)], filters=[clean])
    login = StringField(
        _("Sign-in name"), [_required(), Length(max=80)], filters=[clean],
        description=_("Small letters, digits and . _ - + @"),
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
    )  # fmt: skip
    email = EmailField(
        _("E-mail"), [Optional(), Length(max=254)], filters=[clean, empty_is_none],
        description=_("Invitations and new passwords are sent here only."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    phone = TelField(
        _("Phone"), [Optional(), Length(max=40)], filters=[clean, empty_is_none],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    title = _text(_("Position"), 200)
    department_id = SelectField(_("Department"), [Optional()], filters=[empty_is_none])
    language = SelectField(_("Language"), choices=LANGUAGES)
    zone = SelectField(_("Time zone"), [Optional()], filters=[empty_is_none])
    external = BooleanField(
        _("External person"),
        description=_("Works for the client, a supervisor or a contractor; sees one project only."),
    )
    project_id = SelectField(
        _("Project of an external person"), [Optional()], filters=[empty_is_none]
    )

    def offer(
        self,
        departments: Iterable[tuple[str, str]],
        projects: Iterable[tuple[str, str]],
        company_zone: str,
    ) -> "PersonForm":
        """Fill the lists; a zone outside the list stays."""
        self.department_id.choices = options([("", _("none")), *departments])
        self.project_id.choices = options([("", _("none")), *projects])
        as_company = _("As the company (%(zone)s)", zone=company_zone)
        self.zone.choices = options([("", as_company), *zone_pairs(self.zone.data)])
        return self

    def values(self) -> dict[str, Any]:
        """The columns of a person."""
        return {name: field.data for name, field in self._fields.items() if name != "request_key"}


class DepartmentForm(BaseForm):
    """A department, where it stands and who leads it."""

    code = StringField(_("Code"), [_required(), Length(max=40)], filters=[clean])
    name = StringField(_("Name"), [_required(), Length(max=200)], filters=[clean])
    parent_id = SelectField(_("Part of"), [Optional()], filters=[empty_is_none])
    head_id = SelectField(
        _("Head"), [Optional()], filters=[empty_is_none], validate_choice=False,
        description=_("Decides where a chain asks the head of the department."),
    )  # fmt: skip
    active = BooleanField(_("In use"), default=True)


class GrantForm(BaseForm):
    """A role for a person: `role` is kind:role."""

    person_id = SelectField(_("Person"), [_required()], validate_choice=False)
    role = SelectField(_("Role"), [_required()])


class ImportForm(BaseForm):
    """A list of people: a file, or its text carried from the check to the import."""

    file = FileField(_("CSV file"))
    text = TextAreaField(
        _("Or paste the rows"), [Length(max=2_000_000)], render_kw={"spellcheck": "false"}
    )
    invite = BooleanField(_("Send every new person an invitation by e-mail"))


class CompanyForm(BaseForm):
    """What may change about the company."""

    name = StringField(_("Company name"), [_required(), Length(max=200)], filters=[clean])
    language = SelectField(_("Language"), choices=LANGUAGES)
    zone = SelectField(
        _("Time zone"),
        choices=options(zone_pairs()),
        description=_("For everybody who has not chosen their own."),
    )
    weekdays = SelectMultipleField(
        _("Working days"), coerce=int, widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip
    holidays = TextAreaField(
        _("Days off"), [Length(max=10_000)],
        description=_("One per line; a span as 2026-10-01..2026-10-07."),
        render_kw={"spellcheck": "false"},
    )  # fmt: skip
    workdays = TextAreaField(
        _("Working days on weekends"), [Length(max=10_000)],
        description=_("Days worked in return for a holiday, one per line."),
        render_kw={"spellcheck": "false"},
    )  # fmt: skip
    second_author = BooleanField(
        _("A second author looks at every release"),
        description=_("Modules are published only after an author who wrote none of it approved."),
    )
