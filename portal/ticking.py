"""The embedded tick: a thread of the web process that delivers, publishes and moves records."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from portal import clock, mail, sweeping
from portal.config import BadSetting, Settings
from portal.conversions import running
from portal.db import system_context, write_transaction
from portal.definitions import plans
from portal.health import services as health
from portal.outbox import delivery

log = logging.getLogger("portal.tick")
SECONDS = 10.0
FIRST_SWEEP = timedelta(minutes=10)  # after a start
SWEEP_EVERY = timedelta(hours=6)
WATCH_EVERY = timedelta(minutes=5)


def bind_mail(settings: Settings) -> None:
    """Mails are delivered when SMTP is set; otherwise nobody enqueues any. Raises BadSetting."""
    if settings.smtp_url:
        try:
            mail.read_url(settings.smtp_url)
        except ValueError as error:
            raise BadSetting(str(error)) from None

    def deliver(row_id: str, body: Mapping[str, Any]) -> None:
        made = mail.message(
            sender=settings.mail_from or "portal@localhost",
            to=str(body["to"]),
            subject=str(body["subject"]),
            text=str(body["text"]),
            message_id=row_id,
        )
        mail.send(settings.smtp_url, made)

    delivery.register_deliverer("mail", deliver)


def start(app: Flask) -> threading.Thread | None:
    """Start the thread, unless another process ticks; it ends with the process."""
    settings: Settings = app.extensions["settings"]
    if not settings.embedded_tick:
        return None
    thread = threading.Thread(target=run, args=(app, threading.Event()), name="tick", daemon=True)
    thread.start()
    return thread


def run(app: Flask, stop: threading.Event) -> None:
    """Tick until told to stop; a job that fails is logged, and comes again all the same."""
    settings: Settings = app.extensions["settings"]
    next_sweep, next_watch = clock.now() + FIRST_SWEEP, clock.now()
    while not stop.wait(SECONDS):
        if settings.smtp_url:
            _do(app, lambda: delivery.tick(clock.now))
        _do(app, lambda: plans.publish_due(clock.now()))
        _do(app, lambda: running.run_waiting(clock.now, seconds=SECONDS))
        if clock.now() >= next_watch or health.stirred.take():
            next_watch = clock.now() + WATCH_EVERY
            _do(app, lambda: _watch(clock.now()))
        if clock.now() >= next_sweep:
            next_sweep = clock.now() + SWEEP_EVERY
            _do(app, lambda: sweeping.sweep(clock.now()))


def _do(app: Flask, job: Callable[[], int]) -> None:
    try:
        with app.app_context(), system_context("tick: deliver, publish, move records, sweep"):
            job()
    except Exception:
        log.exception("the tick failed; it goes on")


def _watch(now: datetime) -> int:
    """Alerts come and go, in one transaction."""
    with write_transaction():
        return health.watch(now)
