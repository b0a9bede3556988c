"""A draft is given to a second author, and they say what they think of it."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.inputs import AskReviewForm, ReviewForm
from portal.builder.routes.publishing import show_review
from portal.definitions import reviews
from portal.errors import Conflict, Invalid
from portal.web.answers import see_other, sentence
from portal.web.inputs import whole
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.action("/modules/<module>/draft/review/ask", access=AUTHORS)
def ask_review(module: str) -> BaseResponse:
    """Ask an author to look at the draft; they find it on their home page."""
    draft, form = queries.the_draft(module), AskReviewForm.sent()
    try:
        reviews.ask(
            release_id=draft.id,
            reviewer_id=form.reviewer.data or "",
            actor=current_viewer(),
            now=clock.now(),
        )
    except Invalid as refusal:
        return show_review(draft, status=422, said=sentence(refusal.message))
    return _back(module, _("They were asked, and find the draft on their home page."))


@area.action("/modules/<module>/draft/review", access=AUTHORS)
def answer_review(module: str) -> BaseResponse:
    """Say of the draft as it was looked at that it may go out, or what is to be changed."""
    draft, form = queries.the_draft(module), ReviewForm.sent()
    seen = whole(form.revision.data or "")
    try:
        done = reviews.answer(
            release_id=draft.id,
            verdict=request.form.get("verdict", ""),
            remark=form.remark.data or "" if form.validate() else "",
            seen_revision=-1 if seen is None else seen,
            actor=current_viewer(),
            now=clock.now(),
        )
    except (Invalid, Conflict) as refusal:
        form.revision.data = draft.revision
        return show_review(
            draft, status=refusal.status, said=sentence(refusal.message), review_form=form
        )
    if done.verdict == reviews.APPROVED:
        return _back(module, _("You said that it may go out."))
    return _back(module, _("Your remark stands on the page of the draft."))


def _back(module: str, said: str) -> BaseResponse:
    return see_other(url_for("builder.review", module=module), said)
