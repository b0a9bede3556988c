"""What a record is about to post: its rules applied to its content and the facts of the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal import clock
from portal.accounts.models import Company
from portal.accounts.queries import COMPANY_ID
from portal.db import read_fixed, unscoped
from portal.definitions.posting_lines import PostingLine, PostingRule
from portal.forms.outcome import CellKey, Facts
from portal.ledgers.catalog import LEDGERS
from portal.ledgers.lines import lines
from portal.ledgers.rulebook import RuleBook
from portal.ledgers.values import followed_links
from portal.projects.models import Project
from portal.records.facts import load_links
from portal.records.models import Record

WHY = "postings follow the whole record, whoever decides on it"


def planned_lines(
    book: RuleBook, data: Mapping[str, Any], state: str, facts: Facts
) -> list[PostingLine]:
    """The lines a record of this content posts when it enters a state."""
    entering = book.on(state)
    if not entering:
        return []
    facts = replace(facts, links=_links(entering, book, data))
    return lines(entering, book.form, data, facts, state)


def chosen_project(project_id: Any) -> Any:
    """A project: what rules know of it, its zone, until when it is closed; beside it the company's
    `own` currency.
    """
    return (
        select(
            Project.id,
            Project.code,
            Project.name,
            Project.currency,
            Project.zone,
            Project.closed_until,
            Company.currency.label("own"),
        )
        .select_from(Project)
        .outerjoin(Company, Company.id == COMPANY_ID)
        .where(Project.id == project_id)
    )


_project = unscoped(chosen_project(bindparam("project")), WHY)


def project_of(record: Record) -> Any:
    """The project of a record, as chosen above."""
    (project,) = read_fixed(_project, {"project": record.project_id})
    return project


def facts_of(record: Record, now: datetime, *, approved: bool, project: Any = None) -> Facts:
    """What rules may know of a record at the moment it changes its state.

    `project`: its project where that was read before.
    """
    project = project or project_of(record)
    day = clock.date_in(project.zone, now)
    submitted, decided = record.submitted_at, record.decided_at
    return Facts(
        today=day,
        requester=record.requester_id,
        project={key: project._mapping[key] for key in ("id", "code", "name", "currency")},
        record={
            "id": record.id,
            "number": record.number,
            "state": record.state,
            "submitted_on": clock.date_in(project.zone, submitted) if submitted else day,
            "approved_on": clock.date_in(project.zone, decided)
            if decided
            else (day if approved else None),
        },
    )


def attributes_of(line: PostingLine, day: date) -> dict[str, Any]:
    """A line's columns by the attributes of its table."""
    columns = LEDGERS[line.ledger].columns
    attributes = {columns[name].attribute: value for name, value in line.values.items()}
    return {**attributes, "effective_on": attributes.get("effective_on") or day, "row": line.row}


def _links(
    rules: Sequence[PostingRule], book: RuleBook, data: Mapping[str, Any]
) -> dict[CellKey, Mapping[str, Any] | None]:
    """The stored data of linked records of which a rule reads a field, by place of the link."""
    places: dict[CellKey, str] = {}
    for one in followed_links(rules, book.form):
        if one.table is None:
            if data.get(one.key):
                places[one.path] = str(data[one.key])
            continue
        for row in data.get(one.table) or ():
            if row.get(one.key):
                places[(one.path, str(row.get("_id")))] = str(row[one.key])
    known = load_links(set(places.values()))
    return {place: known.get(target) for place, target in places.items()}
