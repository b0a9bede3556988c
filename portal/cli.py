"""The `portal` command: a thin click shell over services; each group stands in its feature."""

import sys
from pathlib import Path

import click
from flask import Flask

from portal.config import BadSetting


def make_app() -> Flask:
    """The application for a command; prints a bad setting instead of a traceback."""
    from portal.app import create_app

    try:
        return create_app()
    except BadSetting as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group()
@click.version_option(package_name="engineering-portal")
@click.pass_context
def main(context: click.Context) -> None:
    """The engineering portal's command."""
    context.obj = make_app  # features' commands stand below the application and get it from here


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


def _add_groups() -> None:
    from portal.commands import GROUPS

    for group in GROUPS:
        main.add_command(group)


_add_groups()
