"""What the demo company holds, judged after one load."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import Company, Person, RoleGrant
from portal.accounts.queries import active_people
from portal.accounts.sessions import viewer_of
from portal.approvals import queries as approvals
from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.audit.queries import verify
from portal.db import db, system_context
from portal.demo.applications import TURNS as PAYMENT_TURNS
from portal.demo.cast import ADMIN, CARDS, PEOPLE
from portal.ledgers import reconciliation
from portal.projects.models import Project
from portal.records.models import Attachment, Comment, Record, RecordRevision

AT_LEAST = {"change_request": 30, "payment": 50, "day_labor": 120}
STATES = {"draft", "submitted", "returned", "approved", "rejected", "withdrawn"}
STEPS = {
    "payment": {"check", "cost", "dept_head", "director", "project_manager"},
    "change_request": {"check", "board", "sponsor"},
    "day_labor": {"foreman", "site_manager", "labor_officer", "owner"},
}


@pytest.fixture(autouse=True)
def reading(demo_app: Flask):  # type: ignore[no-untyped-def]
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def test_it_is_marked_as_a_demo_and_holds_three_projects_in_two_currencies() -> None:
    company = db.session.scalars(select(Company)).one()
    assert company.demo
    assert company.ready
    projects = db.session.scalars(select(Project)).all()
    assert len(projects) == 3
    assert {one.currency for one in projects} == {"CNY", "AED"}


def test_about_25_people_hold_every_role_the_chains_ask_for() -> None:
    people = active_people()
    assert 25 <= len(people) <= 32
    assert sum(one.external for one in people) == 2
    roles = set(db.session.scalars(select(RoleGrant.role)))
    wanted = {"director", "sponsor", "cashier", "finance", "cost_controller", "change_board"}
    assert wanted | {"author", "people_admin", "auditor", "operator"} <= roles
    logins = {one.login for one in (*PEOPLE, ADMIN)}
    assert {login for login, _title in CARDS} <= logins


def test_there_are_as_many_records_as_promised_in_every_state() -> None:
    counted = Counter(db.session.scalars(select(Record.form)))
    for form, least in AT_LEAST.items():
        assert counted[form] >= least, form
        states = set(db.session.scalars(select(Record.state).where(Record.form == form)))
        assert states == STATES, form


def test_something_waits_at_every_step_and_one_is_stuck() -> None:
    for form, steps in STEPS.items():
        waiting = set(
            db.session.scalars(
                select(Task.step)
                .join(Record, Record.id == Task.record_id)
                .where(Task.state == "open", Record.form == form)
            )
        )
        assert waiting == steps, form
    stuck = select(func.count()).select_from(Approval).where(Approval.state == "stuck")
    assert db.session.scalar(stuck) == 1


def test_there_are_returns_transfers_edits_comments_and_photos() -> None:
    kinds = set(db.session.scalars(select(ApprovalEvent.kind).distinct()))
    assert {"returned", "transferred", "restarted", "withdrawn", "resubmitted", "edited"} <= kinds
    assert (db.session.scalar(select(func.count()).select_from(Comment)) or 0) >= 5
    assert (db.session.scalar(select(func.count()).select_from(Attachment)) or 0) >= 20
    more = select(func.count()).select_from(RecordRevision).where(RecordRevision.revision > 2)
    assert (db.session.scalar(more) or 0) > 0


def test_the_history_is_half_a_year_and_ends_about_now() -> None:
    first, last = db.session.execute(
        select(func.min(Record.created_at), func.max(Record.updated_at))
    ).one()
    assert timedelta(days=170) < clock.now() - first < timedelta(days=215)
    assert clock.now() - timedelta(days=4) < last <= clock.now()


def test_the_director_has_a_full_inbox_and_the_engineer_work_left() -> None:
    def person(login: str) -> str:
        return db.session.scalars(select(Person.id).where(Person.login == login)).one()

    assert approvals.inbox_count(viewer_of(person("lin.hai"))) >= 3
    own = select(Record.state).where(Record.requester_id == person("chen.li"))
    assert {"draft", "returned"} <= set(db.session.scalars(own))


def test_every_planned_turn_of_a_payment_was_taken() -> None:
    """A plan that names a step the payment never reached would tell another story."""
    waiting = sum(turn.startswith("wait:") for turn in PAYMENT_TURNS.values())
    open_ones = select(func.count()).where(Record.form == "payment", Record.state == "submitted")
    assert db.session.scalar(open_ones) == waiting


def test_the_audit_chain_holds_and_the_ledgers_agree_with_the_records() -> None:
    verdict = verify()
    assert verdict.whole
    assert verdict.checked > 1_000
    assert list(reconciliation.all_problems(clock.now())) == []
