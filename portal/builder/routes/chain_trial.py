"""A chain tried on a sample: the way it goes with real names, walked through as each person."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts import queries as accounts
from portal.approvals import shell
from portal.builder.area import READERS, area
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_sample import (
    Prepared,
    Sample,
    cases_of,
    fields_read,
    links_read,
    prepare,
)
from portal.builder.chain_story import Story, people_in, status_told
from portal.builder.routes.chain import AT, show, the_desk
from portal.definitions.pilots import open_projects
from portal.web.answers import sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.workflows import preview
from portal.workflows.blocks import Step
from portal.workflows.facts import Facts
from portal.workflows.playing import ACTS, MOST_ACTS, Act, Played, play
from portal.workflows.state import State
from portal.workflows.tree import in_language

_FIELD = "v-"
_MOST_PEOPLE = 300


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who can act now: in which step, where they may return it to, and whether they may
    hand it over."""

    person: str
    name: str
    step: str
    returns: tuple[tuple[str, str], ...] = ()
    may_transfer: bool = False


@area.page(f"{AT}/try", access=READERS)
def try_chain(module: str, file: str) -> BaseResponse:
    """The sample, the route, and what everybody did so far; nothing of it is stored."""
    desk = the_desk(module, file)
    workflow, form = desk.workflow, desk.form
    if workflow is None or form is None:
        return show("try_chain", desk, can_try=False)
    sample = _asked(desk)
    prepared = prepare(desk, sample)
    facts = Facts(at=clock.now().isoformat())
    acts = _acts()
    played = play(workflow, sample.requester, acts, facts, prepared.answer)
    state = played[-1].state
    entries = (
        preview.remaining_chain(workflow, state, facts=facts, answer=prepared.answer)
        if state is not None and state.outcome is None
        else ()
    )
    expected = {one.person for entry in entries for one in entry.people}
    story = Story(desk, sample.requester, people_in(played, sample.requester, *expected))
    refusal = played[-1].refusal
    return show(
        "try_chain",
        desk,
        status=422 if refusal or prepared.errors else 200,
        can_try=True,
        sample=sample,
        cases=cases_of(desk),
        people=accounts.active_people()[:_MOST_PEOPLE],
        projects=open_projects(),
        by_project=form.definition.scope == "project",
        inputs=_inputs(desk, prepared),
        links=links_read(workflow, form),
        errors={f"{_FIELD}{path}": sentence(one) for path, one in prepared.errors.items()},
        story=story,
        played=played,
        refusal=sentence(shell.worded(refusal, workflow, current_viewer())) if refusal else "",
        acts=[_written(one) for one in _kept(played)],
        state=state,
        status_told=status_told(state),
        turns=_turns(desk, story, state) if state and len(acts) < MOST_ACTS else [],
        entries=entries,
        title_of=lambda text: in_language(text, desk.language),
    )


def _asked(desk: ChainDesk) -> Sample:
    """The sample of the address; an unknown person or project falls back on a known one."""
    known = {one.id for one in accounts.active_people()}
    projects, viewer = open_projects(), current_viewer()
    requester, project = _text("requester"), _text("project")
    form = desk.form
    by_project = form is not None and form.definition.scope == "project"
    cases = cases_of(desk)
    case = request.args.get("case", cases[0][0] if cases else "")
    return Sample(
        requester=requester if requester in known else viewer.person_id,
        project=(project if project in projects else next(iter(projects), None))
        if by_project
        else None,
        case=case[:10],
        typed={
            name.removeprefix(_FIELD): str(one_line(value))[: limits.EXPRESSION_LENGTH]
            for name, value in request.args.items()
            if name.startswith(_FIELD) and request.args.get("seen") == case
        },
    )


def _text(name: str) -> str:
    return request.args.get(name, "")[:100]


def _acts() -> list[Act]:
    """The acts of the address, `approve:<person>`, `return:<person>:<block>` and
    `transfer:<person>:<person>`, as they came."""
    found = []
    for text in request.args.getlist("act")[:MOST_ACTS]:
        kind, _mark, rest = text[:200].partition(":")
        person, _mark, to = rest.partition(":")
        if kind in ACTS and person:
            found.append(Act(kind, person, to))
    return found


def _kept(played: tuple[Played, ...]) -> list[Act]:
    """The acts that were carried out: a refused one is forgotten."""
    return [one.act for one in played if one.act is not None and one.refusal is None]


def _written(act: Act) -> str:
    return ":".join(part for part in (act.kind, act.person, act.to) if part)


def _turns(desk: ChainDesk, story: Story, state: State) -> list[Turn]:
    workflow = desk.workflow
    assert workflow is not None
    found = []
    for epoch, seat in state.open_seats():
        block = workflow.block(epoch.step)
        targets = block.returns if isinstance(block, Step) else ()
        returns = tuple((one, story.title(one)) for one in targets)
        found.append(
            Turn(
                seat.person,
                story.name(seat.person),
                story.title(epoch.step),
                returns,
                may_transfer=isinstance(block, Step) and block.transfer is not None,
            )
        )
    return found


def _inputs(desk: ChainDesk, prepared: Prepared) -> list[dict[str, Any]]:
    """The inputs of the fields that decide the way, with what they may be where it is a list."""
    assert desk.workflow is not None
    assert desk.form is not None
    found = []
    for one in fields_read(desk.workflow, desk.form):
        kind = one.kind.name
        choices: list[tuple[str, str]] = []
        if kind == "choice":
            known = one.options.get("choices") or {}
            choices = [(key, text.in_language(desk.language)) for key, text in known.items()]
        elif kind == "user":
            choices = [(p.id, p.name) for p in accounts.active_people()[:_MOST_PEOPLE]]
        elif kind == "department":
            choices = [(each.id, each.name) for each in accounts.departments()]
        found.append(
            {
                "name": f"{_FIELD}{one.path}",
                "label": one.label.in_language(desk.language),
                "kind": kind,
                "choices": choices,
                "value": prepared.texts.get(one.path, ""),
            }
        )
    return found
