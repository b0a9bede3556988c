"""`portal conversions`: the jobs that move stored records, and doing what waits now."""

import click


@click.group()
def conversions() -> None:
    """Jobs that move stored records to another release."""


@conversions.command()
def run() -> None:
    """Do everything that waits, to the end; what another process has in hand is left to it."""
    from portal import clock
    from portal.conversions.running import run_waiting
    from portal.db import system_context

    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context("conversions run"):
        batches = run_waiting(clock.now)
    click.echo(f"{batches} batches done" if batches else "nothing waits")


@conversions.command("list")
def listed() -> None:
    """Every job: its form, how far it is, how many records it left as they were."""
    from portal import dates
    from portal.conversions import queries
    from portal.db import system_context

    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context("conversions list"):
        for job in queries.all_jobs():
            click.echo(
                f"{dates.moment_text(job.started_at, 'en')} {job.module}/{job.form} {job.state}: "
                f"{job.done} of {job.total}, {job.kept} left as they were"
            )
