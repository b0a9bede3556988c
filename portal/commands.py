"""The command groups of the features, gathered."""

import click

from portal.audit.cli import audit

GROUPS: list[click.Command] = [audit]
