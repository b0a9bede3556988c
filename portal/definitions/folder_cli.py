"""`portal definitions export` and `format`: modules as folders, to be kept in Git."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.definitions.command_group import PATH, database
from portal.definitions.folder_writing import (
    SCHEMAS,
    formatted,
    rewrite,
    unformatted,
    write_module,
    write_schemas,
)
from portal.definitions.pointing import Refused, folders_at


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What the file system refuses becomes one line."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file. Name a folder: it is made where there is none.")
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(f"{folder}: {reason}. Name a folder you may write to.") from None


@click.command("export")
@click.argument("names", nargs=-1, required=True, metavar="[MODULE] FOLDER")
@click.option("--all", "every", is_flag=True, help="Every published module, each in its folder.")
@click.option("--format", "tidy", is_flag=True, help="In the stable format, not as written.")
def export(names: tuple[str, ...], *, every: bool, tidy: bool) -> None:
    """Write the files of MODULE's current release into FOLDER, or of all modules with --all.

    Files the release no longer has are removed from the module's folder; other files stay. The
    schemas the files name stand in `schema` beside the modules' folders.
    """
    if len(names) != (1 if every else 2):
        raise Refused("Name a module and a folder, or --all and a folder.")
    folder = Path(names[-1])
    with _writing(folder):
        pass
    modules = _published(None if every else names[0])
    root = folder if every else folder.resolve().parent
    with _writing(folder):
        for module, files in modules.items():
            done = write_module(
                folder / module if every else folder, formatted(files) if tidy else files
            )
            place = f"{module}/" if every else ""
            for name in done.names:
                click.echo(f"{place}{name}")
            for name in done.removed:
                click.echo(f"{place}{name} removed")
        write_schemas(root)
    click.echo(f"{root / SCHEMAS}: the schemas for editors", err=True)


def _published(module: str | None) -> dict[str, dict[str, str]]:
    """The files of this module's current release, or of every published module's."""
    from portal.definitions import queries

    with database("export definitions"):
        keys = [module] if module else [one.key for one in queries.modules() if one.release]
        return {key: dict(queries.export(key)) for key in sorted(keys)}


@click.command("format")
@click.argument("targets", nargs=-1, required=True, type=PATH)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if it would.")
def format_folder(targets: tuple[Path, ...], *, only_check: bool) -> None:
    """Bring the modules at TARGETS into the stable format: one way to write, small diffs."""
    found = [one for folder in folders_at(targets) for one in unformatted(folder)]
    for one in found:
        if one.fault is not None:
            place = f"{one.path}:{one.fault.line}:{one.fault.column}"
            click.echo(f"{place} {one.fault.message} — {one.fault.remedy}")
            continue
        if not only_check:
            with _writing(one.path.parent):
                rewrite(one)
        click.echo(f"{one.path}: {'would be formatted' if only_check else 'formatted'}")
    sys.exit(1 if any(one.fault or only_check for one in found) else 0)
