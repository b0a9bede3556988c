"""The group of `portal definitions`, and how its commands reach the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.definitions.pointing import Refused
from portal.errors import PortalError

PATH = click.Path(exists=True, path_type=Path)
by_option = click.option("--by", default="", metavar="LOGIN", help="The author who lets it out.")
reviewed_by_option = click.option(
    "--reviewed-by", default="", metavar="LOGIN", help="Another author, who looked at it."
)


@click.group()
def definitions() -> None:
    """Modules: check them, publish them, take them out, compare them."""


@contextmanager
def database(reason: str) -> Iterator[None]:
    """The application's database, seen with the system's eyes; a refusal becomes one line."""
    from portal.db import system_context

    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context(reason):
        try:
            yield
        except PortalError as error:
            said = f"{error} {error.hint}" if error.hint else str(error)
            raise Refused(said) from None
