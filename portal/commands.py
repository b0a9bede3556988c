"""The command groups of the features, each loaded only when it is asked for."""

from collections.abc import Callable, Mapping

import click

from portal.config import BadSetting


def _audit() -> click.Command:
    from portal.audit.cli import audit

    return audit


def _conversions() -> click.Command:
    from portal.conversions.cli import conversions

    return conversions


def _definitions() -> click.Command:
    from portal.definitions.cli import definitions

    return definitions


def _doctor() -> click.Command:
    from portal.doctor import doctor

    return doctor


def _ledger() -> click.Command:
    from portal.ledgers.cli import ledger

    return ledger


def _serve() -> click.Command:
    from portal.serving import serve

    return serve


FEATURES: Mapping[str, Callable[[], click.Command]] = {
    "audit": _audit,
    "conversions": _conversions,
    "definitions": _definitions,
    "doctor": _doctor,
    "ledger": _ledger,
    "serve": _serve,
}


class Commands(click.Group):
    """The `portal` command: its own groups and the features'; a bad setting is one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name."""
        return sorted({*super().list_commands(ctx), *FEATURES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; loading one loads no other."""
        load = FEATURES.get(cmd_name)
        return load() if load else super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run it; what keeps the portal from starting is said in one line, with exit code 2."""
        try:
            return super().invoke(ctx)
        except BadSetting as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
