"""`portal serve`: bring the database up, publish what ships, load the demo, serve."""

import gc
import logging
import os
import sys
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from portal import clock, paths, ticking
from portal.config import BadSetting, Settings
from portal.db import db, system_context, write_transaction


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn in this process, with the application already made."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Take our options."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """The application of this worker, with connections of its own."""
        _own_connections(self.app)
        ticking.start(self.app)
        keep_what_is_loaded()
        return self.app


def _own_connections(app: Flask) -> None:
    """Forget the connections of the process this one was forked from; they stay its own."""
    with app.app_context():
        db.engine.dispose(close=False)


def survive_forks(app: Flask) -> None:
    """For servers that load the application once and fork then (`gunicorn --preload`)."""
    os.register_at_fork(after_in_child=partial(_own_connections, app))


def keep_what_is_loaded() -> None:
    """Tell the garbage collector that what a worker starts with is there to stay.

    It would otherwise look through all of it again and again while requests are answered. From
    here on it collects, also where it was kept from it while loading.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def prepare(app: Flask, *, demo: bool) -> list[str]:
    """Migrate, and on an empty database publish and load; returns lines to print."""
    from portal.accounts import queries as accounts
    from portal.migrations import runner

    said = []
    with app.app_context():
        if runner.current() != runner.newest():
            runner.upgrade()
        with system_context("serve: look at the company"):
            company = accounts.company()
            fresh = company is not None and not company.ready
        if fresh and demo:
            from portal.demo import loading

            said.append(loading.load(app))
        elif fresh:
            said.append(_set_up_link())
        db.engine.dispose()
    return said


def _set_up_link() -> str:
    from portal.accounts.services import links

    with system_context("serve: the set-up link of an empty portal"), write_transaction():
        token = links.set_up_token(now=clock.now())
    return f"Set it up at: {{address}}/set-up?token={token}"


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def refuse_demo_in_production(app: Flask) -> None:
    """A demo company is never served as the real thing. Raises BadSetting."""
    settings: Settings = app.extensions["settings"]
    outside = urlsplit(settings.public_base_url).hostname not in {None, *LOOPBACK}
    if not (settings.production or outside) or not _is_demo(app):
        return
    said = "PUBLIC_BASE_URL leads to other machines" if outside else "PORTAL_ENV is production"
    raise BadSetting(
        f"{said}, but this database holds the demo company, where anybody may be anybody. "
        "Start with an empty database: another PORTAL_HOME or DATABASE_URL."
    )


def _is_demo(app: Flask) -> bool:
    from portal.accounts import queries as accounts
    from portal.migrations import runner

    with app.app_context():
        if runner.current() is None:
            return False
        with system_context("serve: is it a demo"):
            company = accounts.company()
            return company is not None and company.demo


def refuse_unsafe(app: Flask, host: str) -> None:
    """Off the loopback address: no demo company, and no plain http unless told so."""
    settings: Settings = app.extensions["settings"]
    refuse_demo_in_production(app)
    if host in LOOPBACK:
        return
    if _is_demo(app):
        raise BadSetting("A demo company is served on the loopback address only.")
    if not (settings.secure or settings.allow_http):
        raise BadSetting(
            "Only https reaches other machines: set PUBLIC_BASE_URL=https://…, "
            "or ALLOW_HTTP=1 if you know why."
        )


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on the loopback address.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--demo/--no-demo", default=False, help="Load the demo company when empty.")
@click.option("--workers", default=1, show_default=True)
def serve(port: int, host: str, demo: bool, workers: int) -> None:
    """Serve the portal; on an empty database set it up first."""
    logging.basicConfig(level=logging.WARNING)
    if demo and host not in LOOPBACK:
        click.echo("A demo company is served on the loopback address only.", err=True)
        sys.exit(2)
    os.environ.setdefault("PORTAL_HOME", str(paths.home()))
    app: Flask = click.get_current_context().obj()
    address = f"http://{host}:{port}"
    for line in prepare(app, demo=demo):
        click.echo(line.format(address=address))
    try:
        refuse_unsafe(app, host)
    except BadSetting as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(f"The portal is at {address}  (stop it with Ctrl+C)")
    Server(
        app,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": 4,
            "worker_class": "gthread",
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": 10,
        },
    ).run()
