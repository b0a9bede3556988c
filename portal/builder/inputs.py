"""The inputs of the author's pages."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from portal.builder.starters import Blank, key_from, prefix_from
from portal.forms.texts import Text
from portal.web.inputs import BaseForm, clean, one_line, options

_KEY = re.compile(r"([a-z][a-z0-9_]{0,40})?\Z")
_PREFIX = re.compile(r"([A-Z][A-Z0-9]{0,9})?\Z")


def is_key(text: str) -> bool:
    """Whether it can be the key of a module."""
    return bool(text and _KEY.match(text))


def is_prefix(text: str) -> bool:
    """Whether numbers can begin with it."""
    return bool(text and _PREFIX.match(text))


class NewModuleForm(BaseForm):
    """A new module from blank."""

    title_en = StringField(_l("Title in English"), [Length(max=80)], [clean])
    title_zh = StringField(_l("Title in Chinese"), [Length(max=80)], [clean])
    key = StringField(
        _l("Key"),
        [Regexp(_KEY, message=_l("Small letters, digits and _, beginning with a letter."))],
        [clean],
    )
    group = SelectField(_l("Place in the menu"))
    prefix = StringField(
        _l("Numbers begin with"),
        [Regexp(_PREFIX, message=_l("Up to ten capital letters and digits."))],
        [clean],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """One title at least, and a key where none can be made from it."""
        fine = super().validate(extra_validators)
        if not self.title_en.data and not self.title_zh.data:
            self.title_en.errors = [str(_l("Give the module a title in one language at least."))]
            return False
        if not self.blank.key:
            self.key.errors = [str(_l("Write a key: none can be made from this title."))]
            return False
        return fine

    @property
    def blank(self) -> Blank:
        """What was asked for, with the key and the letters that were left to us."""
        key = self.key.data or key_from(self.title_en.data or "")
        title = Text(self.title_en.data or "", self.title_zh.data or "")
        return Blank(key, title, self.group.data, self.prefix.data or prefix_from(key)[:10])


class PublishForm(BaseForm):
    """Where and when a draft goes out; `revision` is the draft as it was looked at."""

    where = RadioField(
        _l("For whom"),
        choices=options([("all", _l("Everybody")), ("some", _l("A pilot in some projects"))]),
        default="all",
    )
    projects = SelectMultipleField(
        _l("Projects of the pilot"),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    when = RadioField(
        _l("When"),
        choices=options([("now", _l("At once")), ("at", _l("At a set time"))]),
        default="now",
    )
    at = DateTimeLocalField(
        _l("Time"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    note = TextAreaField(_l("Note for the history"), [Length(max=500)], [clean])
    revision = HiddenField(validators=[InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Projects for a pilot, and a time where one is to be waited for."""
        fine = bool(super().validate(extra_validators))
        if self.is_pilot and not self.projects.data:
            self.projects.errors = [str(_l("Choose the projects that try it."))]
            fine = False
        if self.is_planned and not self.at.data and not self.at.errors:
            self.at.errors = [str(_l("Say when it is to go out."))]
            fine = False
        return fine

    @property
    def is_pilot(self) -> bool:
        """Whether it goes to some projects only."""
        return bool(self.where.data == "some")

    @property
    def is_planned(self) -> bool:
        """Whether it waits for a time."""
        return bool(self.when.data == "at")

    @property
    def chosen(self) -> list[str]:
        """The projects of the pilot; none for everybody."""
        return list(self.projects.data or ()) if self.is_pilot else []

    def moment(self, zone: str) -> datetime:
        """The time as an instant: it was typed in the reader's zone."""
        assert self.at.data is not None
        return self.at.data.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class AskReviewForm(BaseForm):
    """Whom to ask to look at a draft."""

    reviewer = SelectField(_l("Author"), [InputRequired()], validate_choice=False)


class ReviewForm(BaseForm):
    """What an author says of another's draft; `revision` is the draft as it was looked at."""

    remark = TextAreaField(_l("Remark"), [Length(max=2000)], [clean])
    revision = HiddenField(validators=[InputRequired()])


class PackageForm(BaseForm):
    """A package to take in."""

    file = FileField(_l("Package"), render_kw={"accept": ".portal"})


class TrustForm(BaseForm):
    """The key of somebody else, and whose it is."""

    name = StringField(_l("Whose key"), [Length(max=80)], [one_line])
    public_key = TextAreaField(_l("Public key"), [Length(max=2_000)], [clean])
