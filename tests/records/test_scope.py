"""Who sees a record: every way to it, for everybody, held against an oracle that shares no code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, exists, func, literal, select, union, update
from sqlalchemy.orm import aliased

from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.db import db, set_context
from portal.notify.models import Notice
from portal.records import comments, services
from portal.records.models import (
    Comment,
    Record,
    RecordIndex,
    RecordLink,
    RecordRevision,
)
from portal.web.viewer import Viewer
from tests.stage import EXTERNAL, IN_P1, IN_P2, Stage


@dataclass
class World:
    """The stage with a record of each sort: (form, project, requester, state, who takes part)."""

    stage: Stage
    records: dict[str, tuple[str, str | None, str, str, frozenset[str]]] = field(
        default_factory=dict
    )

    def add(
        self, record_id: str, form: str, project: str | None, requester: str, *part: str
    ) -> None:
        state = self.stage.record(record_id).state
        self.records[record_id] = (form, project, requester, state, frozenset(part))

    def may_see(self, viewer: Viewer, record_id: str) -> bool:
        """The oracle, in plain words."""
        form, project, requester, state, part = self.records[record_id]
        login = {person: name for name, person in self.stage.people.items()}[viewer.person_id]
        if login == requester:
            return True
        if state == "draft":
            return False
        if "auditor" in viewer.system_roles or login in part:
            return True
        if viewer.is_external:
            return False
        held = viewer.project_roles.get(self.stage.projects[project], set()) if project else set()
        if form == "cost_code":
            return True
        if form == "appraisal":
            return "project_manager" in held or "finance" in viewer.roles
        return project is not None and self.stage.projects[project] in viewer.project_roles

    def visible(self, viewer: Viewer) -> set[str]:
        return {one for one in self.records if self.may_see(viewer, one)}

    @contextmanager
    def as_(self, viewer: Viewer) -> Iterator[None]:
        """A session with these eyes."""
        with self.stage.app.app_context():
            set_context(db.session(), viewer)
            yield
            db.session.rollback()


@pytest.fixture
def world(stage: Stage) -> World:
    made = World(stage)
    made.add(stage.entries["cost_code"], "cost_code", None, "cleo")
    made.add(stage.entries["crew"], "crew", "P1", "rita")
    made.add(stage.draft(), "purchase", "P1", "rita")
    made.add(stage.draft("olga", stage.purchase(), project="P2"), "purchase", "P2", "olga")
    filed = stage.filed(login="ron")
    made.add(filed, "purchase", "P1", "ron", "carl", "chloe")
    board = stage.filed(stage.large())
    stage.approve(board, "carl")
    made.add(board, "purchase", "P1", "rita", "carl", "chloe", "beth", "bob", "bill", EXTERNAL)
    done = stage.filed()
    stage.approve(done, "carl", "mark")
    made.add(done, "purchase", "P1", "rita", "carl", "chloe", "mark", "fin")
    elsewhere = stage.draft("olga", stage.purchase(), project="P2")
    stage.submit(elsewhere, "olga")
    made.add(elsewhere, "purchase", "P2", "olga")
    private = stage.draft("rita", {"title": "Ron's year"}, "appraisal")
    stage.submit(private)
    made.add(private, "appraisal", "P1", "rita", "fin")
    for record_id, (_, _, requester, _, _) in made.records.items():
        with stage.acting(requester) as viewer:
            comments.add_comment(
                actor=viewer, record=services.get(record_id), text="hello", now=stage.now()
            )
    return made


def ids(statement: Any) -> set[str]:
    return set(db.session.scalars(statement))


CHILDREN = (RecordRevision, RecordLink, RecordIndex, Comment, Approval, ApprovalEvent)
other = aliased(Record)
remark = aliased(Comment)
recent = select(Record.id, Record.form).cte("recent")
inner = select(Record).subquery()
of_inner = aliased(Record, inner)

WAYS: dict[str, Callable[[World], set[str]]] = {
    "list": lambda w: {row.id for row in db.session.scalars(select(Record))},
    "column": lambda w: ids(select(Record.id)),
    "session.get": lambda w: {one for one in w.records if db.session.get(Record, one)},
    "service get": lambda w: {one for one in w.records if reached(one)},
    "legacy query": lambda w: {row.id for row in db.session.query(Record)},
    "alias": lambda w: ids(select(other.id)),
    "cte": lambda w: ids(select(recent.c.id)),
    "subquery": lambda w: ids(select(inner.c.id)),
    "aliased subquery": lambda w: ids(select(of_inner.id)),
    "in": lambda w: ids(
        select(Comment.record_id).where(Comment.record_id.in_(select(Record.id)))
    ),
    "join": lambda w: ids(select(Record.id).join(Comment, Comment.record_id == Record.id)),
    "join from child": lambda w: ids(
        select(Record.id).select_from(Comment).join(Record, Record.id == Comment.record_id)
    ),
    "outer join": lambda w: ids(
        select(other.id).select_from(Comment).outerjoin(other, other.id == Comment.record_id)
    ) - {None},
    "join to an alias": lambda w: ids(
        select(other.id).select_from(Comment).join(other, other.id == Comment.record_id)
    ),
    "join by key to an alias": lambda w: ids(
        select(other.id).select_from(Approval).join(other)
    ) | ids(select(Record.id).where(~exists().where(Approval.record_id == Record.id))),
    "join to a child's alias": lambda w: ids(
        select(remark.record_id).select_from(Notice).outerjoin(remark, literal(True)).distinct()
    ) - {None} if db.session.scalar(select(func.count()).select_from(Notice)) else ids(
        select(remark.record_id)
    ),
    "a child's alias": lambda w: ids(select(remark.record_id)),
    "only an alias": lambda w: {
        one for one in w.records
        if db.session.scalar(select(func.count()).select_from(other).where(other.id == one))
    },
    "exists of an alias": lambda w: {
        one for one in w.records if db.session.scalar(select(exists().where(other.id == one)))
    },
    "class and alias": lambda w: ids(
        select(other.id).select_from(Record).join(other, other.id == Record.id)
    ),
    "union": lambda w: ids(
        union(
            select(Record.id).where(Record.form == "purchase"),
            select(Record.id).where(Record.form != "purchase"),
        )
    ),
    "exists": lambda w: {
        one for one in w.records
        if db.session.scalar(select(exists().where(Record.id == one)))
    },
    "literal with exists": lambda w: {
        one for one in w.records
        if db.session.scalar(select(literal(1)).where(exists().where(Record.id == one)))
    },
    "count one by one": lambda w: {
        one for one in w.records
        if db.session.scalar(select(func.count()).select_from(Record).where(Record.id == one))
    },
    "scalar subquery": lambda w: {
        one for one in w.records
        if db.session.scalar(
            select(select(Record.id).where(Record.id == one).scalar_subquery())
        )
    },
    "group": lambda w: ids(select(func.max(Record.id)).group_by(Record.id)),
    "update": lambda w: ids(update(Record).values(subject="mine").returning(Record.id)),
    "delete": lambda w: ids(
        delete(Comment).where(Comment.text == "hello").returning(Comment.record_id)
    ),
    "children's comments": lambda w: ids(select(Comment.record_id)),
    "update of children": lambda w: ids(
        update(Comment).values(text="mine").returning(Comment.record_id)
    ),
}  # fmt: skip


def reached(record_id: str) -> bool:
    from portal.errors import NotFound

    try:
        services.get(record_id)
    except NotFound:
        return False
    return True


PEOPLE = (
    "rita", "ron", "carl", "beth", "mark", "olga", "mona", "fin", "cleo", "audrey", "oskar",
    "paul", "nobody", EXTERNAL,
)  # fmt: skip


@pytest.mark.parametrize("login", PEOPLE)
def test_every_way_leads_to_the_same_records_and_no_others(world: World, login: str) -> None:
    with world.stage.looking(login) as viewer:
        expected = world.visible(viewer)
    found = {}
    for way, look in WAYS.items():
        with world.as_(viewer):
            found[way] = look(world) & world.records.keys()
    assert {way: one for way, one in found.items() if one != expected} == {}
    with world.as_(viewer):
        assert db.session.scalar(select(func.count()).select_from(Record)) == len(expected)


@pytest.mark.parametrize("login", PEOPLE)
def test_what_hangs_on_a_record_is_seen_with_it(world: World, login: str) -> None:
    with world.stage.looking(login) as viewer:
        expected = world.visible(viewer)
        for child in CHILDREN:
            whole = {row.record_id for row in world.stage.rows(child)}
            assert ids(select(child.record_id)) == whole & expected, child.__name__
        own = ids(select(Task.record_id).where(Task.person_id == viewer.person_id))
        whole = {row.record_id for row in world.stage.rows(Task)}
        assert ids(select(Task.record_id)) == (whole & expected) | own
        assert ids(select(Notice.person_id)) <= {viewer.person_id}


@pytest.mark.parametrize("login", PEOPLE)
def test_pages_answer_as_the_scope_says(world: World, login: str) -> None:
    with world.stage.looking(login) as viewer:
        expected = world.visible(viewer)
    browser = world.stage.browser(login)
    printed = next(iter(sorted(expected)), None)
    for record_id in world.records:
        for page in ("", "/history", "/print.pdf"):
            if page == "/print.pdf" and record_id in expected - {printed}:
                continue  # one sheet is enough, each takes its time
            answer = browser.get(f"/records/{record_id}{page}")
            assert answer.status_code == (200 if record_id in expected else 404), page


def test_who_left_the_project_sees_it_no_more_but_what_they_took_part_in(world: World) -> None:
    from portal.projects import services as projects

    stage = world.stage
    with stage.system(writing=True):
        for login in ("chloe", "ron"):
            projects.remove_member(
                actor=None, project_id=stage.projects["P1"], person_id=stage.people[login],
                now=stage.now(),
            )  # fmt: skip
    for login in ("chloe", "ron"):
        with stage.looking(login) as viewer:
            assert viewer.projects == frozenset()
            assert ids(select(Record.id)) & world.records.keys() == world.visible(viewer)
            assert len(world.visible(viewer)) in {2, 4}


def test_nothing_is_asked_by_nobody(stage: Stage) -> None:
    with stage.app.app_context(), pytest.raises(RuntimeError, match="nobody is asking"):
        db.session.scalars(select(Record)).all()


def test_one_viewers_conditions_never_serve_another(world: World) -> None:
    """The shape of a statement is remembered, whose it was is not."""
    statement = select(Record.id)
    found = {}
    for login in ("audrey", "nobody", "rita", "audrey", EXTERNAL):
        with world.stage.looking(login) as viewer:
            found[login] = ids(statement)
            assert found[login] & world.records.keys() == world.visible(viewer)


ROLES = st.frozensets(st.sampled_from(["member", "checker", "board", "project_manager"]))


@given(data=st.data())
def test_whatever_somebody_holds_the_list_is_what_the_rules_say(
    world: World, data: st.DataObject
) -> None:
    stage = world.stage
    held = data.draw(st.dictionaries(st.sampled_from(["P1", "P2"]), ROLES))
    system = st.frozensets(st.sampled_from(["auditor", "operator", "people_admin", "author"]))
    is_external = data.draw(st.booleans())
    viewer = Viewer(
        person_id=stage.people[data.draw(st.sampled_from([*IN_P1, *IN_P2, "fin", "nobody"]))],
        project_roles={stage.projects[code]: roles for code, roles in held.items()},
        roles=data.draw(st.frozensets(st.sampled_from(["finance", "cost_clerk", "member"]))),
        system_roles=frozenset() if is_external else data.draw(system),
        is_external=is_external,
    )
    way = data.draw(st.sampled_from(sorted(WAYS)))
    with world.as_(viewer):
        assert WAYS[way](world) & world.records.keys() == world.visible(viewer), way
