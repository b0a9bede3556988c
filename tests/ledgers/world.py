"""A small company to post in: a project, people, registers, and records moved between states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.db import SYSTEM, db, set_context
from portal.definitions import queries as published
from portal.definitions.models import ModuleRelease
from portal.definitions.posting_lines import compile_rules
from portal.ids import new_id
from portal.ledgers import rulebook
from portal.ledgers.models import LEDGERS, Posting
from portal.ledgers.services import on_transition
from portal.projects.models import Membership, Project
from portal.records.models import Record
from portal.records.transitions import Transition
from portal.web.viewer import Viewer
from tests.ledgers.forms import REGISTERS, Json, compiled


class Taught:
    """Stands in for what is published: forms taught here first, then the real ones."""

    def __init__(self) -> None:
        self.forms: dict[tuple[str, str], Any] = {}

    def form_of(self, release_id: str, form: str) -> Any:
        found = self.forms.get((release_id, form))
        return found or published.form_of(release_id, form)


TAUGHT = Taught()
rulebook.definitions = TAUGHT  # type: ignore[assignment]
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@dataclass
class World:
    """Everything hangs on one release; forms and rules are put in by `teach`."""

    release_id: str
    requester: Person
    project: Project
    named: dict[str, Record] = field(default_factory=dict)

    def teach(self, form: Json, *rules: Json) -> None:
        """Make a form with its posting rules known."""
        made = compiled(form)
        taught = SimpleNamespace(form=made, postings=compile_rules(rules, made))
        TAUGHT.forms[(self.release_id, form["form"])] = taught

    def record(
        self,
        form: str,
        data: Mapping[str, Any],
        *,
        number: str | None = None,
        state: str = "draft",
        project: Project | None = None,
        at_company: bool = False,
    ) -> Record:
        """A record as if somebody had saved it."""
        of = None if at_company else (project or self.project).id
        record = Record(
            id=new_id(),
            module="test",
            form=form,
            release_id=self.release_id,
            project_id=of,
            requester_id=self.requester.id,
            state=state,
            number=number or f"{form}-{len(self.named):04}",
            subject=str(data.get("name") or data.get("reason") or form),
            data=dict(data),
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(record)
        db.session.flush()
        self.named[record.number or record.id] = record
        return record

    def entry(self, form: str, name: str, **data: Any) -> str:
        """An entry of a register of the company; answers its id."""
        given = {"name": name, **data}
        return self.record(form, given, number=name, state="approved", at_company=True).id

    def move(self, record: Record, state: str, now: datetime = NOW) -> Transition:
        """Change a record's state the way the engine does, postings included."""
        actor = Viewer(person_id=self.requester.id)
        transition = Transition(record, record.state, state, record.transition_seq + 1, actor, now)
        record.state, record.transition_seq = state, transition.seq
        on_transition(transition)
        return transition

    def person(
        self, login: str, *roles: str, external: bool = False, member: bool = True
    ) -> Person:
        """Another person, in the project unless told otherwise."""
        person = Person(
            id=new_id(), login=login, name=login.title(), external=external, created_at=NOW
        )
        db.session.add(person)
        db.session.flush()
        if external:
            person.project_id = self.project.id
        if member:
            for role in roles or ("member",):
                db.session.add(
                    Membership(
                        project_id=self.project.id,
                        person_id=person.id,
                        role=role,
                        created_at=NOW,
                    )
                )
        db.session.flush()
        return person

    def another_project(self, code: str, currency: str) -> Project:
        """A second project."""
        project = _project(code, currency)
        db.session.add(project)
        db.session.flush()
        return project


def make_world(code: str = "P1", currency: str = "CNY") -> World:
    """A company with one project, in the system's context."""
    set_context(db.session(), SYSTEM)
    person = Person(id=new_id(), login="engineer", name="Li Engineer", created_at=NOW)
    release = ModuleRelease(id=new_id(), module="test", number=1, state="published", created_at=NOW)
    project = _project(code, currency)
    db.session.add_all([person, release, project])
    db.session.flush()
    world = World(release.id, person, project)
    for register in REGISTERS.values():
        world.teach(register)
    return world


def _project(code: str, currency: str) -> Project:
    return Project(
        id=new_id(),
        code=code,
        name=f"Project {code}",
        currency=currency,
        zone="Asia/Shanghai",
        calendar={},
        created_at=NOW,
    )


def balance(ledger: str, measure: str = "amount", **where: Any) -> Decimal:
    """The plain sum of a ledger's measure, for entries with these attributes."""
    model = LEDGERS[ledger]
    statement = select(func.sum(getattr(model, measure)))
    for name, value in where.items():
        statement = statement.where(getattr(model, name) == value)
    return Decimal(db.session.scalar(statement) or 0)


def entries(ledger: str) -> list[Any]:
    """All entries of a ledger, change of state by change of state, then row by row."""
    model: Any = LEDGERS[ledger]
    statement = (
        select(model)
        .join(Posting, Posting.id == model.posting_id)
        .order_by(Posting.transition_seq, Posting.rule, model.row, model.id)
    )
    return list(db.session.scalars(statement))
