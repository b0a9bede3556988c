"""The six steps of the Try it card, worded for whoever reads it."""

from datetime import timedelta
from decimal import Decimal

from flask import url_for

from portal.approvals import steps as approval_steps
from portal.demo.cast import ADMIN
from portal.demo.trying_facts import FORM, MODULE, PROJECT, QUANTITY, Facts
from portal.demo.trying_words import (
    ENGINEER,
    NAMES,
    Step,
    business_day,
    certified_column,
    contract_title,
    due_column,
    field_label,
    form_title,
    is_approved,
    moved,
    reader,
    way_for,
)
from portal.web.viewer import Viewer
from portal.web.words import gettext as _


def filing(facts: Facts, viewer: Viewer) -> Step:
    """File a payment: everything but one quantity is filled in by the link."""
    today = business_day()
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
            contract=contract_title(facts),
            item=line["item"],
            submit=_("Submit %(title)s", title=form_title()),
        ),
        typed=((field_label("lines[].this_qty"), f"{min(QUANTITY, left):f}"),),
        done=facts.payment is not None,
        way=way_for(viewer, ENGINEER, _("Open the form"), url),
    )


def approving(facts: Facts, viewer: Viewer) -> Step:
    """Approve it: whoever has it now is named, up to the director."""
    title = _("Approve it, up to the director")
    paid = facts.payment
    if paid is None or paid.state == "approved":
        text = _("The site checks the quantity, cost control the price; the director approves.")
        return Step("approve", title, text, done=paid is not None)
    asked = paid.asked
    if asked is None:
        url = url_for("records.edit", record_id=paid.id)
        text = _("%(number)s came back to the engineer: send it again.", number=paid.number)
        way = way_for(viewer, ENGINEER, _("Open the form"), url)
        return Step("approve", title, text, done=False, way=way)
    step = approval_steps.title_of(paid.release_id, FORM, asked.step, viewer.language)
    url = url_for("approvals.task", task_id=asked.task_id)
    text = _(
        "%(number)s is now with %(name)s (%(step)s). Look at the figures its approval moves, then "
        "choose “%(approve)s”.",
        number=paid.number,
        name=asked.name,
        step=step,
        approve=_("Approve"),
    )
    return Step("approve", title, text, False, way_for(viewer, asked.login, _("Open it"), url))


def seeing(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """The project's figure moved by exactly this payment."""
    title = _("See the figure move")
    if not is_approved(facts):
        return Step(
            "see", title, _("The funds of the project move with the last signature."), False
        )
    assert facts.payment is not None
    before, after = moved(facts.payment)
    text = _(
        "“%(column)s” of %(contract)s went from %(before)s to %(after)s. “%(due)s” rose as well; "
        "it falls when the cashier files a payment voucher. Open the funds of the project and "
        "look.",
        column=certified_column(),
        due=due_column(),
        contract=contract_title(facts),
        before=before,
        after=after,
    )
    url = url_for("funds.sheet", code=PROJECT)
    return Step(
        "see", title, text, done, way_for(viewer, reader(facts, viewer), _("Open the funds"), url)
    )


def clicking_back(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """From the figure through its entries to the record with its signatures."""
    title = _("Click back from the figure to the signatures")
    if not is_approved(facts):
        return Step("back", title, _("Every figure leads to what was signed."), False)
    assert facts.payment is not None
    text = _(
        "In the row of %(contract)s choose the amount under “%(column)s”. Its entries open: choose "
        "%(number)s. There stand the signatures.",
        contract=contract_title(facts),
        column=certified_column(),
        number=facts.payment.number,
    )
    url = url_for("funds.sheet", code=PROJECT)
    return Step(
        "back", title, text, done, way_for(viewer, reader(facts, viewer), _("Open the funds"), url)
    )


def printing(facts: Facts, viewer: Viewer, *, done: bool) -> Step:
    """The record as a PDF with its approval sheet."""
    title = _("Print it")
    if not is_approved(facts):
        return Step("print", title, _("A PDF with the approval sheet, ready to sign."), False)
    assert facts.payment is not None
    text = _(
        "On the page of %(number)s choose “%(print)s”: a PDF with the approval sheet.",
        number=facts.payment.number,
        print=_("Print"),
    )
    url = url_for("records.detail", record_id=facts.payment.id)
    way = way_for(viewer, reader(facts, viewer), _("Open the record"), url)
    return Step("print", title, text, done, way)


def adding_a_field(facts: Facts, viewer: Viewer) -> Step:
    """The administrator publishes the form with a field more."""
    text = _(
        "Choose “%(open)s”, then the form “%(form)s”, then “%(insert)s” with these four. Choose "
        "“%(put)s”, then “%(review)s”, then “%(publish)s”. The next payment has the field.",
        open=_("Open a draft"),
        form=form_title(),
        insert=_("Add a field"),
        put=_("Add it"),
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
        way=way_for(
            viewer, ADMIN.login, _("Open the module"), url_for("builder.module", module=MODULE)
        ),
    )
