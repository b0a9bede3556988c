"""`portal definitions package`, `import` and `key`: a release as one signed file, out and in."""

import sys
from pathlib import Path

import click

from portal.definitions.command_group import database
from portal.definitions.pointing import Refused, release_at


def _home() -> Path:
    from flask import current_app

    return Path(current_app.instance_path)


@click.command("package")
@click.argument("release")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def package(release: str, file: Path | None) -> None:
    """Write a release (`payment`: the current one, or `payment@2`) into one signed FILE."""
    from portal import clock
    from portal.db import write_transaction
    from portal.definitions import queries
    from portal.definitions.packages.exporting import make_package, package_name

    module, number = release_at(release)
    with database("sign a package"), write_transaction():
        queries.export(module, number)  # says what there is instead
        if number is None:
            number = next(one.number for one in queries.history(module) if one.is_current)
        content = make_package(
            module=module, number=number, home=_home(), actor=None, now=clock.now()
        )
    place = file or Path(package_name(module, number))
    try:
        place.write_bytes(content)
    except OSError as error:
        raise Refused(f"{place}: {error.strerror or type(error).__name__}.") from None
    click.echo(place)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def import_file(file: Path) -> None:
    """Verify the package in FILE and make it a draft of its module; nothing is published.

    Exit 0: the draft is there; 1: the package was refused; 2: could not be done.
    """
    from portal import clock, limits
    from portal.db import write_transaction
    from portal.definitions.diff import diff
    from portal.definitions.drafts import files_of
    from portal.definitions.packages.importing import import_package, verify
    from portal.errors import Invalid, TooLarge

    with file.open("rb") as opened:
        content = opened.read(limits.PACKAGE_BYTES + 1)
    with database("import a package"):
        try:
            with write_transaction():
                found = verify(content, _home())
                draft = import_package(package=found, actor=None, now=clock.now())
                changes = diff(files_of(draft.based_on_id), found.files).changes
        except (Invalid, TooLarge) as refusal:
            click.echo(f"{refusal} {refusal.hint or ''}".strip(), err=True)
            sys.exit(1)
    manifest = found.manifest
    click.echo(f"{manifest.module}: release {manifest.number} is a draft here, not published")
    for change in changes:
        click.echo(f"  {change.file}: {change.sentence}")


@click.command("key")
def show_key() -> None:
    """Print this portal's public key, made at first use, and its fingerprint."""
    from portal import clock
    from portal.db import write_transaction
    from portal.definitions.packages import trust

    with database("show the key of packages"), write_transaction():
        own = trust.make_own(home=_home(), actor=None, now=clock.now())
    click.echo(own.text, nl=False)
    click.echo(trust.spoken(own.fingerprint), err=True)
