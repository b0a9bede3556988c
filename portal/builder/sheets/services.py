"""Opening the draft of a module made of a sheet."""

from collections.abc import Mapping
from datetime import datetime

from portal.definitions import services
from portal.definitions.checking import check_module
from portal.definitions.neighbors import known_beside
from portal.errors import FieldError, Invalid
from portal.web.viewer import Viewer


def make_module(*, key: str, files: Mapping[str, str], actor: Viewer | None, now: datetime) -> None:
    """A new module with a draft of these files. Raises Invalid if they do not pass every check,
    example included, or if the key is taken or bad."""
    report = check_module(files, known=known_beside(key))
    if report.errors:
        raise Invalid(errors=[FieldError("", "wrong", one.message) for one in report.errors[:5]])
    services.new_module(key=key, title="-", actor=actor, now=now, files=files)
