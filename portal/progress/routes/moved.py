"""What moved in the plan since a moment, and why."""

from datetime import UTC, datetime, timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import N_, NotFound
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.moved import difference
from portal.progress.places import places
from portal.progress.plan import plan_of
from portal.progress.routes.area import area
from portal.progress.tables import moved_table
from portal.web.access import signed_in
from portal.web.filters import moment
from portal.web.words import gettext as _

NO_MOMENT = N_("There is no plan as of this moment.")
USUAL = timedelta(days=7)


def asked_moment() -> datetime:
    """The moment of the address, a week ago unless it says. Raises NotFound."""
    text = request.args.get("since", "")
    if not text:
        return clock.now() - USUAL
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound(NO_MOMENT) from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


@area.page("/projects/<code>/progress/moved", access=signed_in)
def moved(code: str) -> str:
    """The tasks that moved, by how many days, and what holds them now."""
    project = project_for_figures(code)
    since = asked_moment()
    before, after = plan_of(project, known_at=since), plan_of(project)
    return render_template(
        "progress/moved.html",
        **around(project),
        places=places(project),
        found=difference(before, after),
        since=since,
        plan=after,
    )


@area.page(f"/projects/<code>/progress/moved.{FORMAT}", access=signed_in)
def moved_file(code: str, kind: str) -> BaseResponse:
    """What moved to take along."""
    project = project_for_figures(code)
    since = asked_moment()
    found = difference(plan_of(project, known_at=since), plan_of(project))
    url = url_for("progress.moved", code=project.code, since=since.isoformat(), _external=True)
    title, subject = _("What moved in the plan"), f"{moment(since)} → {_('now')}"
    return TakenAlong(project, "moved", title, subject, [moved_table(found)], url).answer(kind)
