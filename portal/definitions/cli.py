"""`portal definitions`: check, publish, export, diff, show and list modules.

Checking needs no database and does not load one. Exit code 1 means: something is wrong with a
module; 2: the command could not be done at all.
"""

import json
import sys
from pathlib import Path

import click

from portal import paths
from portal.definitions.apply_cli import apply, compare
from portal.definitions.command_group import (
    PATH,
    by_option,
    database,
    definitions,
    reviewed_by_option,
)
from portal.definitions.folder_cli import export, format_folder
from portal.definitions.folder_writing import write_schemas
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from portal.definitions.formatting import format_source
from portal.definitions.package_cli import import_file, package, show_key
from portal.definitions.pointing import folders_at
from portal.definitions.saying import spoken_findings
from portal.definitions.showing import on_disk, published

__all__ = ["definitions"]

for _command in (apply, compare, export, format_folder, package, import_file, show_key):
    definitions.add_command(_command)


def _neighbours(folders: list[Path]) -> Offers:
    """What the folders, those beside them and the shipped ones offer to each other."""
    beside = {one.name: one for one in module_folders(paths.DEFINITIONS)}
    for folder in folders:
        beside.update((one.name, one) for one in module_folders(folder.parent))
    beside.update((folder.name, folder) for folder in folders)
    return offers_of(beside.values())


@definitions.command()
@click.argument("targets", nargs=-1, required=True, type=PATH)
@click.option("--quiet", is_flag=True, help="Errors only, no warnings.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(targets: tuple[Path, ...], *, quiet: bool, as_json: bool) -> None:
    """Check the modules at TARGETS (folders, or files of them); works without a database."""
    from portal.definitions.checking import check_module

    folders = folders_at(targets)
    offers = _neighbours(folders)
    failed, said = 0, []
    for folder in folders:
        report = check_module(read_folder(folder), known=offers.known(folder.name))
        found = report.errors if quiet else report.findings
        failed += not report.ok
        said.append({"module": folder.name, "ok": report.ok, "findings": spoken_findings(found)})
        if as_json:
            continue
        for one in found:
            click.echo(f"{folder.name}/{one}")
        click.echo(f"{folder.name}: {len(report.errors)} errors, {len(report.warnings)} warnings")
    if as_json:
        click.echo(json.dumps({"modules": said}, ensure_ascii=False, indent=2))
    sys.exit(1 if failed else 0)


@definitions.command()
@click.argument("form")
@click.option("--expanded", is_flag=True, help="Print the plain JSON Schema form.")
@click.option("--in", "root", type=PATH, default=None, help="Read it from this folder instead.")
def show(form: str, *, expanded: bool, root: Path | None) -> None:
    """Print a form: as published, or as written in a folder. FORM is its key, or its file."""
    if root is None and form.endswith(".json"):
        root, form = Path(form), Path(form).name.partition(".")[0]
    found = on_disk(form, root) if root else published(form, database)
    click.echo(format_source(found.full()) if expanded else found.source, nl=False)
    click.echo(found.said, err=True)


@definitions.command()
@click.argument("targets", nargs=-1, required=True, type=PATH)
@by_option
@reviewed_by_option
def publish(targets: tuple[Path, ...], *, by: str, reviewed_by: str) -> None:
    """Publish the modules at TARGETS; equal content does nothing."""
    from portal import clock
    from portal.db import write_transaction
    from portal.definitions import promotion, services

    folders = folders_at(targets)
    with database("publish definitions"):
        try:
            with write_transaction():
                now, hands = clock.now(), promotion.hands_of(by, reviewed_by)
                done = services.publish_folders(paths=folders, actor=hands.by, now=now)
                promotion.conclude(hands, done, now)
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

    with database("list definitions"):
        found = queries.modules()
        if not found:
            click.echo("No module is here yet: see `portal definitions publish`.", err=True)
        for one in found:
            release = f"release {one.release.number}" if one.release else "not published"
            state = "" if one.enabled else ", off"
            click.echo(f"{one.key}: {one.title.en} ({release}{state})")


@definitions.command("schema")
def write_schema() -> None:
    """Write the meta-schemas into form_definitions/schema (for developers)."""
    for name in write_schemas(paths.DEFINITIONS):
        click.echo(name)
