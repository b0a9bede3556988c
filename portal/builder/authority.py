"""Who approves what: the steps of a chain by amount and project, with the names of people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.accounts import queries as accounts
from portal.approvals.people import find_people
from portal.builder import words
from portal.builder.design.authority import Asked, Band, bands, measures
from portal.expressions.telling import told
from portal.forms.compiled import CompiledForm
from portal.projects.queries import project_briefs
from portal.records.models import Record
from portal.web.words import gettext as _
from portal.workflows.blocks import Step
from portal.workflows.people import PeopleRule, Reason
from portal.workflows.tree import WorkflowDefinition, in_language


@dataclass(frozen=True, slots=True)
class Cell:
    """Who decides in a step: names, rules only a request answers, and what is missing.

    `gap`: nobody, or fewer than must approve. `is_asked` is False where the step is passed over.
    """

    is_asked: bool
    names: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    only_when: tuple[str, ...] = ()
    gap: str = ""

    @property
    def text(self) -> str:
        """The cell in one line."""
        if not self.is_asked:
            return "–"
        when = [_("only when: %(condition)s", condition=one) for one in self.only_when]
        gap = [self.gap] if self.gap else []
        return str(_("; ")).join([*self.names, *self.depends, *gap, *when])


@dataclass(frozen=True, slots=True)
class Row:
    """One project and one range of amounts; `project` is its code, empty for the company."""

    project: str
    project_title: str
    band: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """The whole table. `amounts` are what it can be cut by, as (as written, label)."""

    amounts: tuple[tuple[str, str], ...]
    measure: str
    steps: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def gaps(self) -> int:
        """How many cells name too few people."""
        return sum(bool(cell.gap) for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Told:
    """How the words of a chain are told: labels of fields, titles of roles, the language."""

    labels: Mapping[str, str]
    roles: Mapping[tuple[str, str], str]
    language: str


def authority_of(
    workflow: WorkflowDefinition,
    form: CompiledForm,
    said: Told,
    projects: Iterable[str],
    measure: str = "",
) -> Authority:
    """The table of a chain for these projects; for the whole company where its form is."""
    known = measures(workflow)
    chosen = measure if measure in known else next(iter(known), "")
    ranges = bands(workflow, chosen)
    steps = [block for block in workflow.all_blocks() if isinstance(block, Step)]
    by_project = form.definition.scope == "project"
    places = project_briefs(projects) if by_project else {}
    rows = []
    for ident in places if by_project else (None,):
        people = {one.id: _people(one, ident, said) for one in steps}
        place = places.get(ident or "")
        rows += [
            Row(
                place.code if place else "",
                place.name if place else str(_("The whole company")),
                _band(band),
                tuple(_cell(band.step(one.id), people[one.id], said) for one in steps),
            )
            for band in ranges
        ]
    labels = tuple((one, _amount(one, said)) for one in known)
    titles = tuple((one.id, in_language(one.title, said.language)) for one in steps)
    return Authority(labels, chosen, titles, tuple(rows))


def labels_of(form: CompiledForm, language: str) -> dict[str, str]:
    """The labels of a form's fields, for its conditions."""
    found = {"requester": str(_("Requester"))}
    for one in form.definition.header:
        found[one.path] = one.label.in_language(language)
        choices = one.options.get("choices") or {}
        found |= {f"{one.path}={v}": text.in_language(language) for v, text in choices.items()}
    return found


def _amount(measure: str, said: Told) -> str:
    inner = measure.removeprefix("abs(").removesuffix(")").strip()
    label = said.labels.get(inner, inner)
    signless = measure.startswith("abs(")
    return str(_("%(amount)s, whatever its sign", amount=label)) if signless else label


def _people(step: Step, project: str | None, said: Told) -> Cell:
    """Whom the rule of a step finds in a project, and what only a request can answer."""
    fixed = tuple(one for one in step.who.parts if not _by_request(one))
    record = Record(project_id=project, requester_id="", data={})
    found = find_people(PeopleRule(fixed), record)
    names = accounts.person_name([one.person for one in found])
    depends = tuple(
        words.people(PeopleRule((_labeled(one, said),)), said.roles)
        for one in step.who.parts
        if _by_request(one)
    )
    gap = "" if depends else _gap(step, len(found))
    return Cell(True, tuple(names[one.person] for one in found), depends, gap=gap)


def _gap(step: Step, count: int) -> str:
    needed = step.need if isinstance(step.need, int) else 1
    if count >= needed:
        return ""
    if not count:
        return str(_("nobody"))
    return str(_("too few: %(needed)s must approve", needed=needed))


def _by_request(one: Reason) -> bool:
    return one.rule == "field" or (one.rule == "dept_head_of" and one.value != "project")


def _labeled(one: Reason, said: Told) -> Reason:
    return Reason(one.rule, said.labels.get(one.value, one.value))


def _cell(asked: Asked | None, people: Cell, said: Told) -> Cell:
    if asked is None:
        return Cell(False)
    when = tuple(
        told(one, said.labels, said.language) if one else str(_("in all other cases"))
        for one in asked.only_when
    )
    return Cell(True, people.names, people.depends, when, people.gap)


def _band(band: Band) -> str:
    """A range in words: "above 200,000 to 1,000,000"."""
    low = None if band.low is None else _number(band.low)
    high = None if band.high is None else _number(band.high)
    if low is None and high is None:
        return str(_("any amount"))
    if low == high:
        return str(_("exactly %(amount)s", amount=low))
    parts = []
    if low is not None:
        parts.append(
            _("from %(amount)s", amount=low) if band.with_low else _("above %(amount)s", amount=low)
        )
    if high is not None:
        parts.append(
            _("up to %(amount)s", amount=high)
            if band.with_high
            else _("below %(amount)s", amount=high)
        )
    return str(_(", ")).join(map(str, parts))


def _number(amount: Decimal) -> str:
    return f"{amount:,f}"
