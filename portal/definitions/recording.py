"""Noting every edit of a draft, so that it can be taken back."""

from datetime import datetime

from portal.db import db
from portal.definitions.edits import Step
from portal.definitions.models import DraftEdit, ModuleRelease
from portal.definitions.slices import changes
from portal.ids import new_id
from portal.web.viewer import Viewer


def edited(
    draft: ModuleRelease,
    name: str,
    before: str | None,
    after: str | None,
    actor: Viewer | None,
    now: datetime,
    step: Step | None = None,
) -> int:
    """Note what became of a file's text (None: no file); answers the draft's new revision."""
    step = step or Step(new_id())
    for cut in changes(before, after):
        draft.revision += 1
        db.session.add(
            DraftEdit(
                release_id=draft.id, number=draft.revision, act=step.act, name=name,
                start=cut.start, removed=cut.removed, added=cut.added,
                person_id=(actor.person_id or None) if actor else None, at=now,
                way=step.way, takes_back=step.takes_back,
            )
        )  # fmt: skip
    db.session.flush()
    return draft.revision
