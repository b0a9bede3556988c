"""Where the review of a draft stands, for whoever looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts import queries as accounts
from portal.builder.area import may_write
from portal.builder.queries import Draft
from portal.db import db
from portal.definitions import reviews
from portal.definitions.models import ModuleRelease
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Said:
    """One review: who, what, when; `is_of_now` whether the draft is still what they looked at."""

    name: str
    verdict: str
    remark: str
    at: datetime
    is_of_now: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What was said, whom one may ask (id, name), and whether this reader may answer."""

    said: Sequence[Said]
    authors: Sequence[tuple[str, str]]
    is_needed: bool
    is_given: bool
    may_answer: bool


def standing_of(draft: Draft, viewer: Viewer) -> Standing:
    """The reviews of a draft as its page shows them."""
    row = db.session.get_one(ModuleRelease, draft.id)
    found = reviews.reviews_of(draft.id)
    possible = reviews.possible_reviewers(row)
    names = accounts.person_name({*possible, *(one.reviewer_id for one in found)})
    company = accounts.company()
    return Standing(
        said=[
            Said(
                names.get(one.reviewer_id, "–"),
                one.verdict,
                one.remark,
                one.answered_at or one.asked_at,
                one.revision == draft.revision,
            )
            for one in found
        ],
        authors=[(one, names[one]) for one in possible if one != viewer.person_id],
        is_needed=company is not None and company.second_author,
        is_given=reviews.approval_of(row) is not None,
        may_answer=may_write(viewer) and viewer.person_id in possible,
    )
