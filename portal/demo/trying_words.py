"""What the steps of the Try it card share: who goes where, and the words of the form itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.definitions import queries as definitions
from portal.demo.cast import ADMIN, PEOPLE, ZONE
from portal.demo.trying_facts import CONTRACT, FORM, Facts, Payment
from portal.funds.columns import CERTIFIED, DUE
from portal.records.models import Record
from portal.web.filters import money, text_in
from portal.web.viewer import Viewer
from portal.web.words import gettext as _

ENGINEER, DIRECTOR = "zhou.min", "lin.hai"
NAMES = {one.login: one.name for one in (*PEOPLE, ADMIN)}


@dataclass(frozen=True, slots=True)
class Way:
    """Where the step is done; `login` names who must go there, empty for the reader."""

    label: str
    url: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the story: what to do, what to type where, and the way there."""

    key: str
    title: str
    text: str
    done: bool
    way: Way | None = None
    typed: tuple[tuple[str, str], ...] = ()
    now: bool = False


def way_for(viewer: Viewer, login: str, label: str, url: str) -> Way:
    """A link for the person themself; for everybody else a button that acts as them first."""
    if viewer.login == login:
        return Way(label, url)
    return Way(_("Act as %(name)s", name=NAMES.get(login, login)), url, login)


def field_label(path: str) -> str:
    form = definitions.current_form(FORM)
    if form is None or path not in form.form.definition.fields:
        return path
    return text_in(form.form.definition.fields[path].label)


def form_title() -> str:
    form = definitions.current_form(FORM)
    return text_in(form.title) if form else FORM


def contract_title(facts: Facts) -> str:
    return f"{CONTRACT} {facts.contract.get('name', '')}"


def business_day() -> date:
    return clock.date_in(ZONE, clock.now())


def reader(facts: Facts, viewer: Viewer) -> str:
    """Who should look: the reader if they may see the payment, otherwise the director."""
    assert facts.payment is not None
    mine = db.session.scalar(select(Record.id).where(Record.id == facts.payment.id))
    return viewer.login if mine and not viewer.is_external else DIRECTOR


def certified_column() -> str:
    return str(CERTIFIED.label)


def due_column() -> str:
    return str(DUE.label)


def moved(paid: Payment) -> tuple[str, str]:
    before, after = paid.data.get("work_previous"), paid.data.get("work_to_date")
    return money(Decimal(before or 0)), money(Decimal(after or 0))


def is_approved(facts: Facts) -> bool:
    return facts.payment is not None and facts.payment.state == "approved"
