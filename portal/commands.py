"""The command groups of the features, gathered."""

import click

from portal.audit.cli import audit
from portal.definitions.cli import definitions
from portal.doctor import doctor
from portal.serving import serve

GROUPS: list[click.Command] = [audit, definitions, serve, doctor]
