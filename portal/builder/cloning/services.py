"""Opening the draft of a clone, and what it would lack."""

from collections.abc import Mapping
from datetime import datetime

from portal.builder.cloning.making import Clone, make_clone
from portal.builder.cloning.naming import ClonePlan
from portal.definitions import services
from portal.definitions.neighbors import known_beside
from portal.web.viewer import Viewer


def left_out(source: str, files: Mapping[str, str], plan: ClonePlan) -> Clone:
    """The clone as it would be, to say beforehand what of its source cannot follow."""
    return make_clone(source, files, plan, known_beside(plan.key))


def clone_module(
    *, source: str, files: Mapping[str, str], plan: ClonePlan, actor: Viewer | None, now: datetime
) -> Clone:
    """A new module with a draft made of another one's files.

    Raises Invalid if the key is taken or bad, SourceError for files that are no JSON.
    """
    made = make_clone(source, files, plan, known_beside(plan.key))
    services.new_module(key=plan.key, title="-", actor=actor, now=now, files=made.files)
    return made
