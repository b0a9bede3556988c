"""`portal ledger verify`: every entry worked out anew from its record, and compared."""

import sys
import time

import click


@click.group()
def ledger() -> None:
    """The ledgers behind the centers."""


@ledger.command()
def verify() -> None:
    """Rebuild what every record posts and compare it with its entries; names every difference."""
    from portal import clock
    from portal.db import system_context
    from portal.ledgers import reconciliation

    make_app = click.get_current_context().obj
    started, found = time.monotonic(), 0
    with make_app().app_context(), system_context("ledger verify"):
        for one in reconciliation.all_problems(clock.now()):
            found += 1
            click.echo(str(one.message))
        entries = reconciliation.entry_count()
    took = f"{time.monotonic() - started:.1f} s"
    if found:
        click.echo(f"{found} differences among {entries} entries ({took})")
        sys.exit(1)
    click.echo(f"{entries} entries agree with their records ({took})")
