"""Publishing a draft: what changes, what was checked, what stays, and then the act itself."""

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.checks import Judged, judge
from portal.builder.inputs import PublishForm, ReviewForm
from portal.builder.mends import mends_of
from portal.builder.replay_words import ReplayWords
from portal.builder.replaying import MOST, replay_draft
from portal.builder.reviewing import standing_of
from portal.builder.routes.module import said_of
from portal.builder.wording import lacking
from portal.definitions import pilots, plans, services
from portal.definitions.checking import Finding
from portal.definitions.diff import diff
from portal.definitions.drafts import plan_of
from portal.definitions.releases import says_the_same
from portal.errors import Forbidden, Invalid, Message
from portal.records.losses import Loss
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.filters import moment
from portal.web.inputs import options
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/modules/<module>/draft/publish", access=READERS)
def review(module: str) -> BaseResponse:
    """What publishing would change."""
    draft = queries.the_draft(module)
    return show_review(draft)


@area.action("/modules/<module>/draft/publish", access=AUTHORS)
def publish(module: str) -> BaseResponse:
    """Publish the draft as it was looked at; anything wrong is said and changes nothing."""
    draft, form = queries.the_draft(module), PublishForm.sent()
    if not form.validate():
        return show_review(draft, form, status=422)
    if form.revision.data != str(draft.revision):
        form.revision.data = draft.revision
        return show_review(draft, form, status=409, moved=True)
    try:
        if form.is_planned:
            return _plan(draft, form)
        done = services.publish(
            release_id=draft.id,
            actor=current_viewer(),
            now=clock.now(),
            remark=form.note.data or "",
            projects=form.chosen,
            seen_revision=draft.revision,
        )
    except services.Refused as refused:
        return show_review(draft, form, status=422, refused=refused.report.errors)
    except (Invalid, Forbidden) as refusal:
        return show_review(draft, form, status=refusal.status, said=sentence(refusal.message))
    url = url_for("builder.module", module=module)
    if not done.changed:
        text = _("Nothing differs from release %(number)s; the draft is gone.", number=done.number)
        return see_other(url, text, tone="info")
    return see_other(url, said_of(done))


def _plan(draft: queries.Draft, form: PublishForm) -> BaseResponse:
    viewer = current_viewer()
    made = plans.plan(
        release_id=draft.id,
        at=form.moment(viewer.zone),
        projects=form.chosen,
        remark=form.note.data or "",
        actor=viewer,
        now=clock.now(),
        seen_revision=draft.revision,
    )
    text = _("It goes out on %(time)s. Until then nobody changes the draft.", time=moment(made.at))
    return see_other(url_for("builder.review", module=draft.module), text)


@area.action("/modules/<module>/draft/plan/cancel", access=AUTHORS)
def cancel_plan(module: str) -> BaseResponse:
    """Take the plan to publish back: the draft can be changed again."""
    draft = queries.the_draft(module)
    plans.cancel(release_id=draft.id, actor=current_viewer(), now=clock.now())
    url = url_for("builder.review", module=module)
    return see_other(url, _("Nothing is planned any more; the draft can be changed."))


@area.page("/modules/<module>/draft/replay", access=READERS)
def replay(module: str) -> BaseResponse:
    """The last real records through the chains of the draft."""
    draft = queries.the_draft(module)
    judged = judge(module, draft.files, run_cases=False)
    return page_or_fragment(
        "builder/replay.html",
        "builder/_replay.html",
        module=queries.the_module(module),
        is_sound=judged.report.ok,
        replay=replay_draft(judged, clock.now()),
        most=MOST,
        words=ReplayWords(current_viewer().language),
    )


def show_review(
    draft: queries.Draft,
    form: PublishForm | None = None,
    *,
    status: int = 200,
    refused: list[Finding] | None = None,
    moved: bool = False,
    said: str = "",
    review_form: ReviewForm | None = None,
) -> Response:
    """What publishing would change, what was checked, who looked at it, and the button."""
    form = form or PublishForm(revision=draft.revision)
    brief = queries.the_module(draft.module)
    judged = judge(draft.module, draft.files)
    mends = mends_of(draft, judged)
    is_same = says_the_same(draft.module, judged.report)
    plan = plan_of(draft.id)
    is_sound = judged.report.ok and not mends.stale and not is_same
    may_go = is_sound and (plan is None or bool(plan.failed))
    form.projects.choices = options(pilots.open_projects().items())
    return page_or_fragment(
        "builder/publish.html",
        status=status,
        module=brief,
        draft=draft,
        form=form,
        judged=judged,
        errors=refused if refused is not None else judged.report.errors,
        mends=mends,
        lacking=lacking(draft.files),
        diff=diff(queries.current_files(draft.module), draft.files),
        open_records=queries.open_records(draft.module),
        losses=[(one.label, words.dropped(one)) for one in _losses(draft, judged)],
        following=_following(draft.module),
        plural=words.plural(brief.release) if brief.release else "",
        moved=moved,
        said=said,
        plan=plan,
        failed=sentence(Message(plan.failed, plan.failed_args)) if plan and plan.failed else "",
        plan_projects=words.projects_of(plan.projects) if plan else "",
        pilot=pilots.pilot_of(draft.module),
        review=standing_of(draft, current_viewer()),
        review_form=review_form or ReviewForm(revision=draft.revision),
        filed=sum(queries.records_on(draft.module).values()),
        zone=current_viewer().zone,
        is_same=is_same,
        may_write=may_write(current_viewer()),
        may_publish=may_write(current_viewer()) and may_go,
    )


def _losses(draft: queries.Draft, judged: Judged) -> list[Loss]:
    package = judged.report.package
    keys = [file.key for file in package.of_kind("form")] if package else []
    forms = {key: package.forms[key] for key in keys if package and key in package.forms}
    return queries.values_dropped(draft.module, forms)


def _following(module: str) -> int:
    from portal.definitions import queries as definitions

    return max((one.number for one in definitions.history(module)), default=0) + 1
