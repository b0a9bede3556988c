"""Reviews: a draft is looked at by a second author before it goes out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.db import db
from portal.definitions.drafts import held_draft
from portal.definitions.models import DRAFT, DraftEdit, DraftReview, ModuleRelease
from portal.definitions.trail import note
from portal.errors import N_, ChangedMeanwhile, Forbidden, Invalid
from portal.web.viewer import Viewer

ASKED, APPROVED, CHANGES = "asked", "approved", "changes"
VERDICTS = (APPROVED, CHANGES)
_LOOK_FIRST = N_("Another author has to look at this draft before it goes out.")
_HOW = N_(
    "Ask one on the page “Look over and publish”; changes made after their approval count anew."
)


def reviews_of(release_id: str) -> Sequence[DraftReview]:
    """The reviews of a draft or of what it became, the latest first."""
    return db.session.scalars(
        select(DraftReview)
        .where(DraftReview.release_id == release_id)
        .order_by(DraftReview.asked_at.desc(), DraftReview.id.desc())
    ).all()


def waiting_for(person_id: str) -> Sequence[tuple[str, DraftReview]]:
    """(module, review) of the drafts a person was asked to look at, the longest waiting first."""
    rows = db.session.execute(
        select(ModuleRelease.module, DraftReview)
        .join(ModuleRelease, ModuleRelease.id == DraftReview.release_id)
        .where(
            DraftReview.reviewer_id == person_id,
            DraftReview.verdict == ASKED,
            ModuleRelease.state == DRAFT,
        )
        .order_by(DraftReview.asked_at, DraftReview.id)
    )
    return [(module, review) for module, review in rows]


def possible_reviewers(draft: ModuleRelease) -> list[str]:
    """Ids of the active authors who had no hand in a draft, by name."""
    hands = _authors_of(draft)
    return [one for one in accounts.holders_of_role("author", kind="system") if one not in hands]


def approval_of(draft: ModuleRelease) -> DraftReview | None:
    """The approval that holds for the draft as it stands: given by one who wrote none of it.

    What a reviewer said last counts: whoever asks for changes afterwards approves no more.
    """
    hands = _authors_of(draft)
    answered = [one for one in reviews_of(draft.id) if one.answered_at is not None]
    last = {one.reviewer_id: one for one in sorted(answered, key=_answered)}
    for one in last.values():
        holds = one.verdict == APPROVED and one.revision == draft.revision
        if holds and one.reviewer_id not in hands:
            return one
    return None


def _answered(one: DraftReview) -> tuple[datetime, str]:
    assert one.answered_at is not None
    return one.answered_at, one.id


def demand_second_author(draft: ModuleRelease) -> None:
    """Raises Forbidden where the company wants a second author and none approved the draft."""
    company = accounts.company()
    if company is not None and company.second_author and approval_of(draft) is None:
        raise Forbidden(_LOOK_FIRST, hint=_HOW)


def ask(*, release_id: str, reviewer_id: str, actor: Viewer, now: datetime) -> DraftReview:
    """Ask an author to look at a draft as it stands. Raises Invalid, Conflict, NotFound."""
    draft = held_draft(release_id)
    if reviewer_id not in possible_reviewers(draft) or reviewer_id == actor.person_id:
        raise Invalid(N_("Choose an author who wrote none of this draft."))
    for one in reviews_of(release_id):
        if one.verdict == ASKED and one.reviewer_id == reviewer_id:
            one.revision, one.asked_by, one.asked_at = draft.revision, actor.person_id, now
            break
    else:
        one = DraftReview(
            release_id=release_id,
            revision=draft.revision,
            asked_by=actor.person_id,
            asked_at=now,
            reviewer_id=reviewer_id,
            verdict=ASKED,
        )
        db.session.add(one)
    db.session.flush()
    detail = {"reviewer": reviewer_id, "revision": draft.revision}
    note(actor, "module.review_asked", draft.module, detail, now)
    return one


def answer(
    *,
    release_id: str,
    verdict: str,
    remark: str,
    seen_revision: int,
    actor: Viewer,
    now: datetime,
) -> DraftReview:
    """Say of a draft as it was looked at that it may go out, or what is to be changed.

    Any author who wrote none of it may, asked or not. Raises Forbidden, Conflict, Invalid.
    """
    draft = held_draft(release_id)
    if actor.person_id not in possible_reviewers(draft):
        raise Forbidden(N_("You wrote some of this draft: another author has to look at it."))
    if draft.revision != seen_revision:
        raise ChangedMeanwhile(
            N_("Somebody changed the draft since you looked at it. Look at it again.")
        )
    if verdict not in VERDICTS:
        raise Invalid(N_("Say whether it may go out."))
    if verdict == CHANGES and not remark:
        raise Invalid(N_("Say what is to be changed."))
    mine = [one for one in reviews_of(release_id) if one.reviewer_id == actor.person_id]
    found = next((one for one in mine if one.verdict == ASKED), None)
    if found is None:
        found = DraftReview(
            release_id=release_id,
            asked_by=actor.person_id,
            asked_at=now,
            reviewer_id=actor.person_id,
        )
        db.session.add(found)
    found.verdict, found.remark, found.answered_at = verdict, remark, now
    found.revision = draft.revision
    db.session.flush()
    detail = {"verdict": verdict, "revision": draft.revision}
    note(actor, "module.review", draft.module, detail, now)
    return found


def _authors_of(draft: ModuleRelease) -> set[str]:
    """Who wrote any of a draft; its opener too where no edit says more, or where it began as new.

    What a module begins with (blank, like another one, from a sheet, from a package) is no edit.
    """
    edits = select(DraftEdit.person_id).where(DraftEdit.release_id == draft.id).distinct()
    hands = {person for person in db.session.scalars(edits) if person}
    if draft.created_by and (draft.based_on_id is None or not hands):
        hands.add(draft.created_by)
    return hands
