"""Loads the demo company into an empty database."""

import random
import time
from datetime import datetime, timedelta

import click
from flask import Flask
from sqlalchemy import update

from portal import clock, ids
from portal.db import SYSTEM, db, set_context, write_transaction
from portal.demo import harbor, tunnel, warehouse
from portal.demo.company import found_company
from portal.demo.control import (
    plan_answer,
    plan_baseline,
    plan_control,
    plan_reports,
    plan_watching,
    staff_control,
)
from portal.demo.history import plan_closings, plan_forecasts, plan_history, plan_raises
from portal.demo.plans import plan_schedules
from portal.demo.purchases import plan_purchases
from portal.demo.registers import keep_company_registers, keep_site_registers
from portal.demo.site_documents import plan_site_documents
from portal.demo.story import Story
from portal.demo.thresholds import plan_thresholds
from portal.demo.treasury import keep_accounts, plan_money
from portal.demo.wages import keep_pay_rules, plan_wages
from portal.demo.workdays import working_moment
from portal.notify.models import Notice

SITES = (harbor.SITE, tunnel.SITE, warehouse.SITE)
DAYS = 195
SEED = 20


def load(app: Flask, end: datetime | None = None) -> str:
    """Tell the whole story in one transaction; returns a line about it.

    Half a year of history ends now, or at `end`. An interrupted load leaves the database empty.
    """
    click.echo("Loading the demo company; this takes about a minute ...")
    started = time.monotonic()
    with app.app_context():
        now = end or clock.now()
        begin = working_moment(now - timedelta(days=DAYS), 1)
        story = Story(chance=random.Random(SEED), end=now, now=begin)  # noqa: S311 - a story
        ids.seed(SEED, at_ms=int(begin.timestamp() * 1000))
        db.session.remove()
        set_context(db.session(), SYSTEM)
        try:
            with write_transaction():
                _tell(story)
        finally:
            ids.seed(None)
            db.session.remove()
    return f"The demo company is loaded ({time.monotonic() - started:.0f} s)."


def _tell(story: Story) -> None:
    found_company(story, SITES)
    keep_company_registers(story)
    for site in SITES:
        keep_site_registers(story, site)
        plan_history(story, site)
    for site in SITES:
        plan_raises(story, site)
    for site in SITES:
        plan_forecasts(story, site)
    for site in SITES:
        plan_schedules(story, site)
    for site in SITES:
        plan_closings(story, site)
    for site in SITES:
        plan_purchases(story, site)
        plan_site_documents(story, site)
    for site in SITES:
        staff_control(story, site)
        plan_control(story, site)
        plan_answer(story, site)
        plan_reports(story, site)
        plan_baseline(story, site)
    plan_watching(story)
    story.forget_roles()
    keep_pay_rules(story)
    for site in SITES:
        plan_wages(story, site)
    for site in SITES:
        keep_accounts(story, site)
        plan_money(story, site)
        plan_thresholds(story, site)
    story.tell()
    story.become_nobody()
    _read_the_bell(story)


def _read_the_bell(story: Story) -> None:
    """People have looked at their notices, but for those of the last days."""
    lately = story.end - timedelta(days=2)
    seen = update(Notice).where(Notice.at < lately).values(read_at=Notice.at)
    db.session.execute(seen, execution_options={"synchronize_session": False})
