"""The `portal` command: a thin click shell over services; each group stands in its feature."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.commands import Commands
from portal.config import BadSetting, database_place

if TYPE_CHECKING:
    from flask import Flask


def make_app() -> "Flask":
    """The application for a command."""
    from portal.app import create_app

    return create_app()


def existing_app() -> "Flask":
    """The application on a database that is there and current; raises BadSetting otherwise."""
    from portal.migrations import runner

    home, address = database_place()
    standing, newest = runner.standing(address), runner.newest()
    if standing is None:
        place = f"in {home}" if address.startswith("sqlite") else "in the database of DATABASE_URL"
        raise BadSetting(
            f"There is no portal {place} yet: set PORTAL_HOME (or DATABASE_URL) to yours, "
            "or make one with `portal serve`."
        )
    if standing != newest:
        raise BadSetting(
            f"The database stands at {standing}, this portal works on {newest}: "
            "run `portal db upgrade` first."
        )
    return make_app()


@click.group(cls=Commands)
@click.version_option(package_name="engineering-portal")
@click.pass_context
def main(context: click.Context) -> None:
    """The engineering portal's command."""
    # Features' commands stand below the application and get it from here; only `serve` makes one.
    context.obj = make_app if context.invoked_subcommand == "serve" else existing_app


@main.group()
def db() -> None:
    """The database: migrate it, step back, say where it stands."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to the newest schema (or to REVISION)."""
    from portal.migrations import runner

    with make_app().app_context():
        runner.upgrade(revision)
    click.echo("database is up to date")


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Step the schema back to REVISION."""
    from portal.migrations import runner

    with make_app().app_context():
        runner.downgrade(revision)


@db.command()
@click.argument("message")
def draft(message: str) -> None:
    """Write the next numbered migration from the models (for developers)."""
    from portal.migrations import runner

    with make_app().app_context():
        click.echo(str(Path(runner.draft(message)).name))
