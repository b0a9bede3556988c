"""The page on which a funds plan is drafted: what it would hold and why, and the button."""

from datetime import date, timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.dates import last_of
from portal.definitions import queries as definitions
from portal.drafting.inputs import MONTHS, DraftForm
from portal.drafting.lines import Draft, draft
from portal.drafting.services import begin_plan
from portal.errors import N_, Forbidden, Invalid
from portal.funds.money import NOTHING
from portal.funds.reading import names_for
from portal.funds.tables import Block, Cell, Head, Stat, Table
from portal.funds.words import PLAN_FORM, category_titles, direction_title
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.web.access import signed_in
from portal.web.answers import see_other, sentence
from portal.web.area import Area
from portal.web.filters import money, month
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

area = Area("drafting", __name__)
NEAR = 50  # years from now: another century is a slip


@area.page("/projects/<code>/funds/plan/draft", access=signed_in)
def plan(code: str) -> str:
    """The lines a draft would have, each with its reason."""
    project = _project(code)
    form = DraftForm(first=_asked_day(project), months=_asked_months())
    return _page(project, form)


@area.action("/projects/<code>/funds/plan/draft", access=signed_in)
def begin(code: str) -> BaseResponse | tuple[str, int]:
    """The draft of a plan, to be looked over and sent; nothing is posted by it."""
    project = _project(code)
    form = DraftForm.sent()
    if not form.validate() or form.first.data is None:
        return _page(project, form), 422
    made = draft(project, form.first.data, int(form.months.data))
    title = _("Funds plan %(first)s – %(last)s", first=month(made.first), last=month(made.last))
    basis = _(
        "Drafted from the contracts and the schedule as they stood on this day: payment terms, "
        "payment nodes, retention and recovery of advances. Each line says why."
    )
    try:
        record = begin_plan(
            actor=current_viewer(),
            project=project,
            made=made,
            title=title,
            basis=basis,
            now=clock.now(),
        )
    except Invalid as refused:
        return _page(project, form, sentence(refused.message)), 422
    return see_other(
        url_for("records.edit", record_id=record.id),
        _("The plan is drafted. Look it over, add what the contracts do not say, then send it."),
    )


def _project(code: str) -> ProjectBrief:
    """The project, if the viewer may file its funds plan. Raises NotFound, Forbidden."""
    project = project_for_figures(code)
    known = definitions.form_in(PLAN_FORM, project.id)
    if known is None or not definitions.may_file(current_viewer(), known, project.id):
        raise Forbidden(N_("You may not file a funds plan in this project."))
    return project


def _page(project: ProjectBrief, form: DraftForm, problem: str = "") -> str:
    usual = _next_month(project)
    first = form.first.data if form.first.data and _is_near(form.first.data, usual) else usual
    months = str(form.months.data)
    made = draft(project, first, int(months) if months in MONTHS else 3)
    return render_template(
        "drafting/plan.html",
        form=form,
        problem=problem,
        draft=made,
        table=_table(project, made),
        totals=_totals(project, made),
        record_url=record_url,
        **around(project),
    )


def _totals(project: ProjectBrief, made: Draft) -> Block:
    """What the lines add up to in each direction, and the difference."""
    comes, goes = (
        sum((one.amount for one in made.lines if one.direction == direction), NOTHING)
        for direction in ("in", "out")
    )
    unit, left = project.currency, comes - goes
    return Block(
        unit,
        [
            Stat(_("Comes in"), comes, unit=unit),
            Stat(_("Goes out"), goes, unit=unit),
            Stat(_("In less out"), left, unit=unit, is_alarming=left < 0),
        ],
    )


def _table(project: ProjectBrief, made: Draft) -> Table:
    names = names_for((), {one.contract for one in made.lines})
    titles = category_titles()
    rows = [
        [
            Cell(one.on),
            Cell(direction_title(one.direction)),
            Cell(
                titles.get(one.category, one.category),
                sub=names.label(one.contract),
                address=url_for("funds.contract", code=project.code, contract_id=one.contract)
                if one.contract
                else "",
            ),
            Cell(one.amount),
            Cell(one.reason),
        ]
        for one in made.lines
    ]
    heads = [
        Head(_("Day"), "day"),
        Head(_("In or out")),
        Head(_("Category and contract")),
        Head(_("Amount"), "money"),
        Head(_("Why")),
    ]
    known = money(made.known, project.currency)
    return Table(
        "draft",
        _("Lines of the draft"),
        project.currency,
        heads,
        rows,
        empty=_("Nothing is to be expected in these months that no plan expects yet."),
        note=_("Approved plans expect %(amount)s of it already; that is left out.", amount=known)
        if made.known
        else "",
    )


def _asked_day(project: ProjectBrief) -> date:
    """The day of the address; next month where it says none that a plan could begin with."""
    usual = _next_month(project)
    try:
        asked = date.fromisoformat(request.args.get("first", ""))
    except ValueError:
        return usual
    return asked if _is_near(asked, usual) else usual


def _is_near(day: date, usual: date) -> bool:
    return abs(day.year - usual.year) <= NEAR


def _asked_months() -> str:
    asked = request.args.get("months", "3")
    return asked if asked in MONTHS else "3"


def _next_month(project: ProjectBrief) -> date:
    today = clock.date_in(project.zone, clock.now())
    return last_of(today) + timedelta(days=1)
