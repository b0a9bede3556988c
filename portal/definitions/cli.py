"""`portal definitions`: check, publish, export, diff, show and list modules.

Checking needs no database and does not load one. Exit code 1 means: something is wrong with a
module; 2: the command could not be done at all.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal import paths
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from portal.definitions.formatting import format_source
from portal.definitions.pointing import Refused, files_at, folders_at
from portal.definitions.showing import on_disk, published
from portal.errors import PortalError

_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def definitions() -> None:
    """Modules: check them, publish them, take them out, compare them."""


@contextmanager
def _database(reason: str) -> Iterator[None]:
    """The application's database, seen with the system's eyes; a refusal becomes one line."""
    from portal.db import system_context

    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context(reason):
        try:
            yield
        except PortalError as error:
            raise Refused(str(error)) from None


def _neighbours(folders: list[Path]) -> Offers:
    """What the folders, those beside them and the shipped ones offer to each other."""
    beside = {one.name: one for one in module_folders(paths.DEFINITIONS)}
    for folder in folders:
        beside.update((one.name, one) for one in module_folders(folder.parent))
    beside.update((folder.name, folder) for folder in folders)
    return offers_of(beside.values())


@definitions.command()
@click.argument("targets", nargs=-1, required=True, type=_PATH)
@click.option("--quiet", is_flag=True, help="Errors only, no warnings.")
def check(targets: tuple[Path, ...], *, quiet: bool) -> None:
    """Check the modules at TARGETS (folders, or files of them); works without a database."""
    from portal.definitions.checking import check_module

    folders = folders_at(targets)
    offers = _neighbours(folders)
    failed = 0
    for folder in folders:
        report = check_module(read_folder(folder), known=offers.known(folder.name))
        for one in report.errors if quiet else report.findings:
            click.echo(f"{folder.name}/{one}")
        failed += not report.ok
        click.echo(f"{folder.name}: {len(report.errors)} errors, {len(report.warnings)} warnings")
    sys.exit(1 if failed else 0)


@definitions.command()
@click.argument("form")
@click.option("--expanded", is_flag=True, help="Print the plain JSON Schema form.")
@click.option("--in", "root", type=_PATH, default=None, help="Read it from this folder instead.")
def show(form: str, *, expanded: bool, root: Path | None) -> None:
    """Print a form: as published, or as written in a folder. FORM is its key, or its file."""
    if root is None and form.endswith(".json"):
        root, form = Path(form), Path(form).name.partition(".")[0]
    found = on_disk(form, root) if root else published(form, _database)
    click.echo(format_source(found.full()) if expanded else found.source, nl=False)
    click.echo(found.said, err=True)


@definitions.command()
@click.argument("targets", nargs=-1, required=True, type=_PATH)
def publish(targets: tuple[Path, ...]) -> None:
    """Publish the modules at TARGETS; equal content does nothing."""
    from portal import clock
    from portal.db import write_transaction
    from portal.definitions import services

    folders = folders_at(targets)
    with _database("publish definitions"):
        try:
            with write_transaction():
                done = services.publish_folders(paths=folders, actor=None, now=clock.now())
        except services.Refused as refused:
            for one in refused.report.errors:
                click.echo(one)
            sys.exit(1)
        for result in done:
            state = "published as" if result.changed else "unchanged, still"
            click.echo(f"{result.module}: {state} release {result.number}")
            for number, count in result.open_records_by_release.items():
                click.echo(f"  {count} open records stay on release {number}")


@definitions.command("list")
def list_modules() -> None:
    """List the modules and their current releases."""
    from portal.definitions import queries

    with _database("list definitions"):
        found = queries.modules()
        if not found:
            click.echo("No module is here yet: see `portal definitions publish`.", err=True)
        for one in found:
            release = f"release {one.release.number}" if one.release else "not published"
            state = "" if one.enabled else ", off"
            click.echo(f"{one.key}: {one.title.en} ({release}{state})")


@definitions.command()
@click.argument("module")
@click.argument("folder", type=click.Path(path_type=Path))
def export(module: str, folder: Path) -> None:
    """Write the files of MODULE's current release into FOLDER."""
    from portal.definitions import queries

    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file. Name a folder: it is made where there is none.")
    with _database("export definitions"):
        files = queries.export(module)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
            click.echo(name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(f"{folder}: {reason}. Name a folder you may write to.") from None


@definitions.command("diff")
@click.argument("old")
@click.argument("new")
def compare(old: str, new: str) -> None:
    """Say in sentences what differs; OLD and NEW are folders, modules, or releases (payment@2)."""
    from portal.definitions.diff import diff

    found = diff(files_at(old, _database), files_at(new, _database))
    click.echo(", ".join(str(one) for one in found.summary) or "no difference")
    for change in found.changes:
        click.echo(f"{change.file}: {change.sentence}")


@definitions.command("schema")
def write_schema() -> None:
    """Write the meta-schemas into form_definitions/schema (for developers)."""
    from portal.definitions.metaschema import files

    for name, schema in files():
        (paths.DEFINITIONS / "schema" / name).write_text(format_source(schema), "utf-8")
        click.echo(name)
