"""Stored records moved to another release: jobs, a dry run before them, taking them back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.builder import conversion_words, queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.conversions import choosing, reasons, services
from portal.conversions import queries as jobs
from portal.conversions.trial import Trial, try_out
from portal.definitions import queries as definitions
from portal.definitions.queries import PastRelease, Release
from portal.errors import Conflict, Invalid, NotFound
from portal.web.answers import page_or_fragment, see_other, sentence, wants_fragment
from portal.web.inputs import whole
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/conversions"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be moved where, as the page says it."""

    form: str
    number: int
    choices: tuple[str, ...]


@area.page(_AT, access=READERS)
def conversions(module: str) -> BaseResponse:
    """Every job of the module."""
    found = jobs.jobs(module)
    return page_or_fragment(
        "builder/conversions/jobs.html",
        module=queries.the_module(module),
        jobs=found,
        numbers=_numbers(module),
        people=accounts.person_name(sorted({one.started_by for one in found})),
        titles=conversion_words.state_titles(),
        badges=conversion_words.BADGES,
        may_write=may_write(current_viewer()),
    )


@area.page(f"{_AT}/new", access=AUTHORS)
def new_conversion(module: str) -> BaseResponse:
    """Choose what to move, and see what would happen to it."""
    return _new(module, _asked(module, request.args), tried=bool(request.args.getlist("choices")))


@area.action(_AT, access=AUTHORS)
def start_conversion(module: str) -> BaseResponse:
    """Queue the job; what is missing is said, with everything chosen kept."""
    asked = _asked(module, request.form)
    release = _release(module, asked)
    try:
        job = services.start(
            actor=current_viewer(),
            release_id=release.id,
            form=asked.form,
            choices=asked.choices,
            now=clock.now(),
        )
    except Invalid as refused:
        return _new(module, asked, status=422, refused=sentence(refused.errors[0].message))
    except Conflict as refused:
        return _new(module, asked, status=409, refused=sentence(refused.message))
    url = url_for("builder.conversion", module=module, job_id=job.id)
    return see_other(url, conversion_words.started(job.total))


@area.page(f"{_AT}/<job_id>", access=READERS)
def conversion(module: str, job_id: str) -> BaseResponse:
    """One job: how far it is, what it left as it was and why. htmx asks for the progress alone."""
    return _job(module, job_id)


@area.action(f"{_AT}/<job_id>/undo", access=AUTHORS)
def undo_conversion(module: str, job_id: str) -> BaseResponse:
    """Take the job back, as far as nobody changed what it moved."""
    jobs.the_job(module, job_id)
    try:
        services.undo(actor=current_viewer(), conversion_id=job_id, now=clock.now())
    except Conflict as refused:
        return _job(module, job_id, status=409, refused=sentence(refused.message))
    url = url_for("builder.conversion", module=module, job_id=job_id)
    return see_other(url, _("The move is being taken back."))


def _asked(module: str, given: Mapping[str, str]) -> Asked:
    """What the address or the form says; what it leaves out is the usual."""
    brief = queries.the_module(module)
    if brief.release is None:
        raise NotFound
    number = whole(given.get("release", ""))
    forms = list(brief.release.forms)
    form = given.get("form", "")
    values = request.values.getlist("choices")
    return Asked(
        form if form in forms else forms[0] if forms else "",
        brief.release.number if number is None else number,
        tuple(one for one in choosing.CHOICES if one in values),
    )


def _release(module: str, asked: Asked) -> Release:
    """The published release that was asked for, with the form in it; raises NotFound."""
    found = queries.release_files(module, asked.number).release
    release = definitions.release(found.id)
    if asked.form not in release.forms:
        raise NotFound
    return release


def _new(
    module: str, asked: Asked, *, status: int = 200, tried: bool = False, refused: str = ""
) -> Response:
    release, viewer = _release(module, asked), current_viewer()
    trial: Trial | None = None
    if tried and asked.choices:
        target = release.forms[asked.form]
        trial = try_out(
            form=asked.form, target=target, choices=asked.choices, viewer=viewer, now=clock.now()
        )
    chosen = choosing.chosen(asked.form, release.id)
    return page_or_fragment(
        "builder/conversions/new.html",
        status=status,
        module=queries.the_module(module),
        asked=asked,
        ticked=asked.choices if tried or refused else choosing.USUAL,
        forms=[(key, one.title) for key, one in release.forms.items()],
        releases=[one.number for one in definitions.history(module)],
        counts={one: chosen.total([one]) for one in choosing.CHOICES},
        titles=conversion_words.choice_titles(),
        hints=conversion_words.choice_hints(),
        outcomes=conversion_words.trial_titles(),
        trial=trial,
        refused=refused,
    )


def _job(module: str, job_id: str, *, status: int = 200, refused: str = "") -> Response:
    job = jobs.the_job(module, job_id)
    outcome, page = request.args.get("outcome", ""), max(1, request.args.get("page", 1, type=int))
    titles = conversion_words.outcome_titles()
    outcome = outcome if outcome in titles else ""
    left, count = jobs.left(job, outcome, page)
    answer = page_or_fragment(
        "builder/conversions/job.html",
        "builder/conversions/_progress.html",
        status=status,
        module=queries.the_module(module),
        job=job,
        number=_numbers(module)[job.release_id].number,
        form=definitions.form_of(job.release_id, job.form).title,
        people=accounts.person_name([one for one in (job.started_by, job.undone_by) if one]),
        is_at_work=job.state in services.AT_WORK,
        may_undo=may_write(current_viewer()) and job.state in services.OVER,
        counts=jobs.outcomes(job),
        outcome=outcome,
        left=left,
        left_count=count,
        page=page,
        per_page=jobs.PER_PAGE,
        outcomes=titles,
        choices=conversion_words.choice_titles(),
        titles=conversion_words.state_titles(),
        badges=conversion_words.BADGES,
        carried=reasons.CARRIED,
        refused=refused,
    )
    if wants_fragment() and job.state not in services.AT_WORK:
        answer.headers["HX-Refresh"] = "true"  # what one can do now stands outside the fragment
    return answer


def _numbers(module: str) -> Mapping[str, PastRelease]:
    return {one.id: one for one in definitions.history(module)}
