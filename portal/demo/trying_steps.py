"""The six steps of the Try it card, worded for whoever reads it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from portal import clock
from portal.approvals import steps as approval_steps
from portal.db import db
from portal.definitions import queries as definitions
from portal.demo.cast import ADMIN, CARDS, PEOPLE, ZONE
from portal.demo.trying_facts import CONTRACT, FORM, MODULE, PROJECT, QUANTITY, Facts, Payment
from portal.funds.columns import COLUMNS
from portal.records.models import Record
from portal.web.filters import money, text_in
from portal.web.viewer import Viewer

ENGINEER, DIRECTOR = "zhou.min", "lin.hai"
NAMES = {one.login: one.name for one in (*PEOPLE, ADMIN)}
TITLES = dict(CARDS)


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


def _way(viewer: Viewer, login: str, label: str, url: str) -> Way:
    """A link for the person themself; for everybody else a button that acts as them first."""
    if viewer.login == login:
        return Way(label, url)
    return Way(_("Act as %(name)s", name=NAMES.get(login, login)), url, login)


def _label(path: str) -> str:
    form = definitions.current_form(FORM)
    if form is None or path not in form.form.definition.fields:
        return path
    return text_in(form.form.definition.fields[path].label)


def _form_title() -> str:
    form = definitions.current_form(FORM)
    return text_in(form.title) if form else FORM


def _contract(facts: Facts) -> str:
    return f"{CONTRACT} {facts.contract.get('name', '')}"


def _today() -> date:
    return clock.date_in(ZONE, clock.now())


def filing(facts: Facts, viewer: Viewer) -> Step:
    """File a payment: everything but one quantity is filled in by the link."""
    today = _today()
    url = url_for(
        "records.new",
        form_key=FORM,
        project=PROJECT,
        contract=facts.contract_id,
        period_to=(today - timedelta(days=1)).isoformat(),
        invoice_no=f"S-004-{today:%m%d}",
        invoice_date=today.isoformat(),
    )
    line = facts.contract["lines"][0]
    left = Decimal(line["qty"])
    return Step(
        key="file",
        title=_("File a payment as the engineer"),
        text=_(
            "%(name)s applies for the next payment of %(contract)s. Contract, period and invoice "
            "are filled in. In the line %(item)s type this one quantity, then choose “%(submit)s” "
            "and confirm.",
            name=NAMES[ENGINEER],
            contract=_contract(facts),
            item=line["item"],
            submit=_("Submit %(title)s", title=_form_title()),
        ),
        typed=((_label("lines[].this_qty"), f"{min(QUANTITY, left):f}"),),
        done=facts.payment is not None,
        way=_way(viewer, ENGINEER, _("Open the form"), url),
    )


def approving(facts: Facts, viewer: Viewer) -> Step:
    """Approve it: whoever has it now is named, up to the director and the cashier."""
    title = _("Approve it, up to the director and the cashier")
    paid = facts.payment
    if paid is None or paid.state == "approved":
        text = _("The site checks the quantity, cost control the price; the director approves.")
        return Step("approve", title, text, done=paid is not None)
    asked = paid.asked
    if asked is None:
        url = url_for("records.edit", record_id=paid.id)
        text = _("%(number)s came back to the engineer: send it again.", number=paid.number)
        way = _way(viewer, ENGINEER, _("Open the form"), url)
        return Step("approve", title, text, done=False, way=way)
    step = approval_steps.title_of(paid.release_id, FORM, asked.step, viewer.language)
    url = url_for("approvals.task", task_id=asked.task_id)
    typed: tuple[tuple[str, str], ...] = ()
    if asked.step == "pay":
        url = url_for("records.edit", record_id=paid.id, task=asked.task_id)
        typed = (
            (_label("paid_on"), _today().isoformat()),
            (_label("voucher_no"), f"V-{_today():%y%m}-001"),
        )
        text = _(
            "%(number)s is now with %(name)s (%(step)s): type these two, choose “%(save)s”, "
            "then “%(approve)s”.",
            number=paid.number,
            name=asked.name,
            step=step,
            save=_("Save changes"),
            approve=_("Approve"),
        )
    else:
        text = _(
            "%(number)s is now with %(name)s (%(step)s). Look at what the decision moves, then "
            "choose “%(approve)s”.",
            number=paid.number,
            name=asked.name,
            step=step,
            approve=_("Approve"),
        )
    return Step("approve", title, text, False, _way(viewer, asked.login, _("Open it"), url), typed)


def _reader(facts: Facts, viewer: Viewer) -> str:
    """Who should look: the reader if they may see the payment, otherwise the director."""
    assert facts.payment is not None
    mine = db.session.scalar(select(Record.id).where(Record.id == facts.payment.id))
    return viewer.login if mine and not viewer.is_external else DIRECTOR


def _certified() -> str:
    return next(str(column.label) for column in COLUMNS if column.key == "certified")


def _moved(paid: Payment) -> tuple[str, str]:
    before, after = paid.data.get("work_previous"), paid.data.get("work_to_date")
    return money(Decimal(before or 0)), money(Decimal(after or 0))


def _is_approved(facts: Facts) -> bool:
    return facts.payment is not None and facts.payment.state == "approved"


def seeing(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """The project's figure moved by exactly this payment."""
    title = _("See the figure move")
    if not _is_approved(facts):
        return Step(
            "see", title, _("The funds of the project move with the last signature."), False
        )
    assert facts.payment is not None
    before, after = _moved(facts.payment)
    text = _(
        "“%(column)s” of %(contract)s went from %(before)s to %(after)s. Open the funds of the "
        "project and find it.",
        column=_certified(),
        contract=_contract(facts),
        before=before,
        after=after,
    )
    url = url_for("funds.sheet", code=PROJECT)
    return Step(
        "see", title, text, done, _way(viewer, _reader(facts, viewer), _("Open the funds"), url)
    )


def clicking_back(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """From the figure through its entries to the record with its signatures."""
    title = _("Click back from the figure to the signatures")
    if not _is_approved(facts):
        return Step("back", title, _("Every figure leads to what was signed."), False)
    assert facts.payment is not None
    text = _(
        "In the row of %(contract)s choose the amount under “%(column)s”. Its entries open: choose "
        "%(number)s. There stand the signatures.",
        contract=_contract(facts),
        column=_certified(),
        number=facts.payment.number,
    )
    url = url_for("funds.sheet", code=PROJECT)
    return Step(
        "back", title, text, done, _way(viewer, _reader(facts, viewer), _("Open the funds"), url)
    )


def printing(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """The record as a PDF with its approval sheet."""
    title = _("Print it")
    if not _is_approved(facts):
        return Step("print", title, _("A PDF with the approval sheet, ready to sign."), False)
    assert facts.payment is not None
    text = _(
        "On the page of %(number)s choose “%(print)s”: a PDF with the approval sheet.",
        number=facts.payment.number,
        print=_("Print"),
    )
    url = url_for("records.detail", record_id=facts.payment.id)
    way = _way(viewer, _reader(facts, viewer), _("Open the record"), url)
    return Step("print", title, text, done, way)


def adding_a_field(facts: Facts, viewer: Viewer) -> Step:
    """The administrator publishes the form with a field more."""
    file = f"{FORM}.form.json"
    text = _(
        "Choose “%(open)s”, then the file %(file)s, then “%(insert)s” with these four. Choose "
        "“%(put)s”, then “%(review)s”, then “%(publish)s”. The next payment has the field.",
        open=_("Open a draft"),
        file=file,
        insert=_("Insert a field"),
        put=_("Insert the field and save"),
        review=_("Look over and publish"),
        publish=_("Publish release %(number)s", number=facts.releases + 1),
    )
    kinds = _("Text")
    return Step(
        key="field",
        title=_("Add a field as the administrator"),
        text=text,
        typed=(
            (_("Kind"), kinds),
            (_("Key"), "site_note"),
            (_("Label in English"), "Site note"),
            (_("Label in Chinese"), "现场备注"),
        ),
        done=facts.releases > 1,
        way=_way(
            viewer, ADMIN.login, _("Open the module"), url_for("builder.module", module=MODULE)
        ),
    )
