"""Opening the draft of a clone."""

from collections.abc import Mapping
from datetime import datetime

from portal.builder.cloning.making import Clone, make_clone
from portal.builder.cloning.naming import ClonePlan
from portal.definitions import services
from portal.definitions.neighbors import known_beside
from portal.web.viewer import Viewer


def clone_module(
    *, source: str, files: Mapping[str, str], plan: ClonePlan, actor: Viewer | None, now: datetime
) -> Clone:
    """A new module with a draft made of another one's files.

    Raises Invalid if the key is taken or bad, SourceError for files that are no JSON.
    """
    draft = services.new_module(key=plan.key, title="-", actor=actor, now=now)
    made = make_clone(source, files, plan, known_beside(plan.key))
    revision = draft.revision
    for name, text in made.files.items():
        revision = services.save_draft_file(
            release_id=draft.id, name=name, text=text, seen_revision=revision, actor=actor, now=now
        )
    return made
