"""Forms of the pages about oneself: sign-in, passwords, profile, first run."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from portal.accounts.services.company import CURRENCIES
from portal.accounts.zones import zone_pairs
from portal.limits import PASSWORD_LENGTH_LEAST, PASSWORD_LENGTH_MOST
from portal.web.inputs import BaseForm, clean, empty_is_none, options

LANGUAGES = options([("en", "English"), ("zh", "简体中文")])


def required() -> DataRequired:
    """An entry that must be there."""
    return DataRequired(_("Please fill this in."))


def zone_field(label: Any, **more: Any) -> SelectField:
    """A choice of time zones."""
    return SelectField(label, choices=options(zone_pairs()), **more)


def _secret(label: Any, *validators: Any, autocomplete: str, **more: Any) -> PasswordField:
    return PasswordField(
        label,
        [required(), *validators],
        render_kw={"autocomplete": autocomplete, "maxlength": PASSWORD_LENGTH_MOST},
        **more,
    )


def _new_password(label: Any) -> PasswordField:
    return _secret(
        label,
        autocomplete="new-password",
        description=_(
            "At least %(least)s characters. Fifteen or more, such as a short sentence, are better.",
            least=PASSWORD_LENGTH_LEAST,
        ),
    )


class SignInForm(BaseForm):
    """Who one is, and the proof."""

    login = StringField(
        _("Sign-in name"),
        [required(), Length(max=254)],
        filters=[clean],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "autofocus": True},
    )
    password = _secret(_("Password"), autocomplete="current-password")


class ForgottenForm(BaseForm):
    """Who asks for a reset link."""

    login = StringField(
        _("Sign-in name or e-mail"),
        [required(), Length(max=254)],
        filters=[clean],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "autofocus": True},
    )


class NewPasswordForm(BaseForm):
    """A first or a forgotten password, typed twice."""

    password = _new_password(_("New password"))
    again = _secret(
        _("New password again"),
        EqualTo("password", _("The two passwords differ.")),
        autocomplete="new-password",
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password of somebody signed in."""

    present = _secret(_("Present password"), autocomplete="current-password")


class ProfileForm(BaseForm):
    """Name and preferences."""

    name = StringField(_("Full name"), [required(), Length(max=200)], filters=[clean])
    language = SelectField(_("Language"), choices=LANGUAGES)
    zone = SelectField(
        _("Time zone"),
        [Optional()],
        filters=[empty_is_none],
        description=_("Times are shown in this zone."),
    )
    theme = SelectField(
        _("Theme"),
        choices=options([("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]),
    )

    def __init__(self, *args: Any, company_zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_company = _("As the company (%(zone)s)", zone=company_zone)
        self.zone.choices = options([("", as_company), *zone_pairs()])
        self.zone.validate_choice = False  # the service knows every zone there is


class FirstRunForm(BaseForm):
    """The company, its first administrator, and the modules to begin with."""

    company = StringField(
        _("Company name"), [required(), Length(max=200)], filters=[clean],
        render_kw={"autofocus": True, "autocomplete": "organization"},
    )  # fmt: skip
    currency = SelectField(
        _("Base currency"),
        choices=options((c, c) for c in CURRENCIES),
        description=_("Figures of all projects are summed in it. It cannot be changed later."),
    )
    zone = zone_field(_("Time zone"), default="Asia/Shanghai")
    language = SelectField(_("Language"), choices=LANGUAGES)
    name = StringField(
        _("Your name"), [required(), Length(max=200)], filters=[clean],
        render_kw={"autocomplete": "name"},
    )  # fmt: skip
    login = StringField(
        _("Sign-in name"), [required(), Length(max=80)], filters=[clean],
        description=_("Small letters, digits and . _ - + @"),
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )  # fmt: skip
    email = EmailField(
        _("E-mail"), [Optional(), Length(max=254)], filters=[clean, empty_is_none],
        render_kw={"autocomplete": "email"},
    )  # fmt: skip
    password = _new_password(_("Password"))
    again = _secret(
        _("Password again"),
        EqualTo("password", _("The two passwords differ.")),
        autocomplete="new-password",
    )
