"""`portal definitions`: check, publish, export, diff, show and list modules."""

import sys
from pathlib import Path

import click

from portal import paths
from portal.definitions.checking import Report, check_module
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from portal.definitions.formatting import format_source

_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def definitions() -> None:
    """Modules: check them, publish them, take them out, compare them."""


def _neighbours(folders: list[Path]) -> Offers:
    """What the folders, those beside them and the shipped ones offer to each other."""
    beside = {one.name: one for one in module_folders(paths.DEFINITIONS)}
    for folder in folders:
        beside.update((one.name, one) for one in module_folders(folder.parent))
    beside.update((folder.name, folder) for folder in folders)
    return offers_of(beside.values())


def _print(report: Report, folder: Path) -> None:
    for one in report.findings:
        click.echo(f"{folder.name}/{one}")


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


@definitions.command("schema")
def write_schema() -> None:
    """Write the meta-schemas into form_definitions/schema (for developers)."""
    from portal.definitions.metaschema import files

    for name, schema in files():
        (paths.DEFINITIONS / "schema" / name).write_text(format_source(schema), "utf-8")
        click.echo(name)
