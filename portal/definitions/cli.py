"""`portal definitions`: check, publish, export, diff, show and list modules."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal import clock, paths
from portal.db import system_context, write_transaction
from portal.definitions import queries, services
from portal.definitions.checking import check_module
from portal.definitions.diff import diff
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from portal.definitions.formatting import format_source
from portal.errors import PortalError

_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def definitions() -> None:
    """Modules: check them, publish them, take them out, compare them."""


@contextmanager
def _database(reason: str) -> Iterator[None]:
    """The application's database, seen with the system's eyes."""
    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context(reason):
        yield


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
    """Check the module folders at TARGETS; works without a database."""
    folders = [one.resolve() for target in targets for one in module_folders(target.resolve())]
    if not folders:
        click.echo("no module.json found there", err=True)
        sys.exit(2)
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
@click.option("--in", "root", type=_PATH, default=None, help="Folder of modules.")
def show(form: str, *, expanded: bool, root: Path | None) -> None:
    """Print a form, from the folders on disk."""
    folders = module_folders(root or paths.DEFINITIONS)
    for folder in folders:
        source = folder / f"{form}.form.json"
        if source.is_file():
            if expanded:
                click.echo(format_source(offers_of([folder]).forms[form]), nl=False)
            else:
                click.echo(source.read_text("utf-8"), nl=False)
            return
    click.echo(f"no form {form!r} found", err=True)
    sys.exit(1)


@definitions.command()
@click.argument("targets", nargs=-1, required=True, type=_PATH)
def publish(targets: tuple[Path, ...]) -> None:
    """Publish the module folders at TARGETS; equal content does nothing."""
    folders = [one.resolve() for target in targets for one in module_folders(target.resolve())]
    with _database("publish definitions"):
        try:
            with write_transaction():
                done = services.publish_folders(paths=folders, actor=None, now=clock.now())
        except services.Refused as refused:
            for one in refused.report.errors:
                click.echo(one)
            sys.exit(1)
        except PortalError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        for result in done:
            state = "published as" if result.changed else "unchanged, still"
            click.echo(f"{result.module}: {state} release {result.number}")
            for number, count in result.open_records_by_release.items():
                click.echo(f"  {count} open records stay on release {number}")


@definitions.command("list")
def list_modules() -> None:
    """List the modules and their current releases."""
    with _database("list definitions"):
        for one in queries.modules():
            release = f"release {one.release.number}" if one.release else "not published"
            state = "" if one.enabled else ", off"
            click.echo(f"{one.key}: {one.title.en} ({release}{state})")


@definitions.command()
@click.argument("module")
@click.argument("folder", type=click.Path(path_type=Path))
def export(module: str, folder: Path) -> None:
    """Write the files of MODULE's current release into FOLDER."""
    with _database("export definitions"):
        files = queries.export(module)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
        click.echo(name)


@definitions.command("diff")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
def compare(old: Path, new: Path) -> None:
    """Say in sentences what differs between two module folders."""
    found = diff(read_folder(old), read_folder(new))
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
