"""`portal definitions diff` and `apply`: what differs from what is published, and publishing it.

Exit codes are made for pipelines: 0 the same or done, 1 differs or refused by the check, 2 the
command could not be done.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.definitions.command_group import PATH, by_option, database, reviewed_by_option
from portal.definitions.pointing import Refused, files_at, folders_at
from portal.definitions.saying import spoken_diff, spoken_plan

if TYPE_CHECKING:
    from portal.definitions.applying import Plan, Planned
    from portal.definitions.promotion import Hands
    from portal.definitions.services import Published

_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@_JSON
def compare(old: str, new: str | None, *, as_json: bool) -> None:
    """Say in sentences what differs; exit 0 the same, 1 differs, 2 could not be done.

    OLD and NEW are folders, modules, or releases (payment@2). With one FOLDER alone: each module
    in it, against what is published.
    """
    from portal.definitions.diff import diff

    if new is None:
        with database("compare definitions"):
            planned = _plan(Path(old))
        if as_json:
            _print(spoken_plan(planned, same=not planned.changed))
        else:
            _say(planned)
        sys.exit(1 if planned.changed else 0)
    found = diff(files_at(old, database), files_at(new, database))
    if as_json:
        _print({"same": not found.changes, **spoken_diff(found)})
    else:
        click.echo(", ".join(str(one) for one in found.summary) or "no difference")
        for change in found.changes:
            click.echo(f"{change.file}: {change.sentence}")
    sys.exit(1 if found.changes else 0)


def _plan(folder: Path) -> "Plan":
    from portal.definitions import applying

    if not folder.exists():
        raise Refused(f"{folder}: there is no such folder. Name a folder of modules.")
    return applying.plan(folders_at([folder]))


def _say(planned: "Plan") -> None:
    for one in planned.modules:
        click.echo(f"{one.module}: {_state(one)}")
        for change in one.diff.changes:
            click.echo(f"  {change.file}: {change.sentence}")
    for module in planned.elsewhere:
        click.echo(f"{module}: published, and not in the folder; it stays as it is", err=True)


def _state(one: "Planned") -> str:
    if one.state == "new":
        return "never published"
    if one.state == "same":
        return f"the same as release {one.number}"
    counts = ", ".join(str(count) for count in one.diff.summary)
    return f"differs from release {one.number}: {counts or 'other content'}"


@click.command("apply")
@click.argument("folder", type=PATH)
@click.option("--dry-run", is_flag=True, help="Check and compare as if, and publish nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--note", default="", help="What the history says of the releases.")
@by_option
@reviewed_by_option
@_JSON
def apply(
    folder: Path, *, dry_run: bool, yes: bool, note: str, by: str, reviewed_by: str, as_json: bool
) -> None:
    """Publish the modules in FOLDER that differ from what is published: all, or none.

    Open drafts are not touched. Where the company wants a second author, two authors are named;
    a dry run asks for none. Exit 0: done, or nothing to do; 1: refused by the check; 2: could not
    be done.
    """
    from portal.definitions import promotion

    if len(note) > 500:
        raise Refused("The note is longer than 500 characters.")
    if as_json and not (yes or dry_run):
        raise Refused("With --json nothing can be asked: add --yes or --dry-run.")
    with database("apply definitions"):
        hands = promotion.hands_of(by, reviewed_by)
        planned = _plan(folder)
        refused = [f"{module}/{found}" for module, found in planned.errors]
        if not as_json:
            _say(planned)
            _warn(planned)
        done: list[Published] = []
        if not refused and planned.changed:
            if not dry_run:
                promotion.demand_two(hands)
            elif hands.reviewer is None and promotion.is_demanded():
                click.echo("To apply it, name two authors: --by and --reviewed-by.", err=True)
            if not (yes or dry_run):
                _ask(planned)
            done, refused = _publish(planned, note, hands, dry_run=dry_run)
    if as_json:
        _print(
            spoken_plan(
                planned,
                applied=bool(done) and not dry_run,
                refused=refused,
                releases={one.module: one.number for one in done},
            )
        )
    else:
        _conclude(planned, done, refused, dry_run=dry_run)
    sys.exit(1 if refused else 0)


def _warn(planned: "Plan") -> None:
    for one in planned.changed:
        if one.draft is not None:
            whose = f"{one.draft.person}’s draft" if one.draft.person else "A draft"
            said = f"{whose} (revision {one.draft.revision}) is open and stays as it is"
            click.echo(f"{one.module}: {said}; compare it before it is published.", err=True)


def _ask(planned: "Plan") -> None:
    names = ", ".join(one.module for one in planned.changed)
    try:
        agreed = click.confirm(f"Publish {names}?")
    except click.Abort:
        raise Refused("Nobody answered, and nothing was published: add --yes.") from None
    if not agreed:
        raise Refused("Nothing was published.")


class _Tried(Exception):
    """A dry run went through: what it did is taken back."""


def _publish(
    planned: "Plan", note: str, hands: "Hands", *, dry_run: bool
) -> tuple[list["Published"], list[str]]:
    """What was published, and why not; a dry run does the same and takes it back."""
    from portal import clock
    from portal.db import db, write_transaction
    from portal.definitions import applying, promotion, services

    db.session.rollback()  # what was read before is read again under the write lock
    done: list[Published] = []
    try:
        with write_transaction():
            now = clock.now()
            done = applying.apply(planned=planned, actor=hands.by, now=now, remark=note)
            if dry_run:
                raise _Tried
            promotion.conclude(hands, done, now)
    except _Tried:
        return done, []
    except services.Refused as refused:
        return [], [str(one) for one in refused.report.errors]
    return done, []


def _conclude(
    planned: "Plan", done: list["Published"], refused: list[str], *, dry_run: bool
) -> None:
    for line in refused:
        click.echo(line)
    if refused:
        click.echo("Nothing was published.")
    elif not planned.changed:
        click.echo("Nothing to do.")
    for one in done:
        verb = "would be published as" if dry_run else "published as"
        click.echo(f"{one.module}: {verb} release {one.number}")
        for number, count in one.open_records_by_release.items():
            click.echo(f"  {count} open records stay on release {number}")
