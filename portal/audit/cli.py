"""`portal audit verify`: walk every link of the chain."""

import sys

import click


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
@click.option("--head", "head_text", help="SEQ:HASH noted elsewhere; also shows a cut-off tail.")
def verify(head_text: str | None) -> None:
    """Verify the whole chain; names the first bad row by position."""
    from portal.audit import queries
    from portal.db import system_context

    expected = None
    if head_text:
        number, _, digest = head_text.partition(":")
        expected = (int(number), digest)
    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context("audit verify"):
        verdict = queries.verify(expected_head=expected)
    if verdict.whole:
        click.echo(f"{verdict.checked} rows verified, head {verdict.checked}:{verdict.head}")
        return
    click.echo(f"row {verdict.bad_seq}: {verdict.problem} ({verdict.checked} rows before it hold)")
    sys.exit(1)
