"""What is left to do after the set-up: on Home of people administrators, until work begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import exists, func, select

from portal.accounts.models import Department, Person, RoleGrant
from portal.db import db, unscoped
from portal.projects.models import Membership, Project
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: where, and whether it was done."""

    title: str
    text: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The steps as Home shows them."""

    steps: Sequence[Step]
    template: str = "admin/_next_steps.html"


_state = unscoped(
    select(
        exists(select(Department.id)),
        select(func.count(Person.id)).scalar_subquery(),
        exists(select(Project.id)),
        exists(select(Membership.id))
        & exists(select(RoleGrant.id).where(RoleGrant.kind == "company")),
        exists(select(Record.id).where(Record.submitted_at.is_not(None))),
    ),
    "the steps of the set-up are the whole company's",
)


def card(viewer: Viewer) -> Card | None:
    """The steps, for whoever may take them; None once records are filed, or for others."""
    if not viewer.has_system_role("people_admin") or viewer.company.demo:
        return None
    departments, people, projects, roles, works = db.session.execute(_state).one()
    if works:
        return None
    return Card(
        [
            Step(
                _("Departments"),
                _("The tree of the company, with the heads whom approvals ask."),
                url_for("admin.departments"),
                departments,
            ),
            Step(
                _("People"),
                _("One by one, or as a list from a spreadsheet; then invite them."),
                url_for("admin.people"),
                people > 1,
            ),
            Step(
                _("The first project"),
                _("Its code, currency and time zone."),
                url_for("projects.index" if projects else "projects.new"),
                projects,
            ),
            Step(
                _("Roles"),
                _(
                    "Company roles here, project roles under People of each project: "
                    "they decide who files, approves and reads. Give yourself one as well."
                ),
                url_for("admin.roles"),
                roles,
            ),
            Step(
                _("Registers and the budget"),
                _(
                    "Cost codes, contracts and the budget are forms too: "
                    "whoever holds a role for them files them under Start."
                ),
                url_for("home.start"),
                works,
            ),
        ]
    )
