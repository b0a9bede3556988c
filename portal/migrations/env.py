"""Alembic's environment: the connection comes from portal.migrations.runner."""

from typing import Any

from alembic import context

import portal.tables
from portal.db import Base, Decimal4, UTCDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Name our column types by what the database keeps."""
    if kind == "type" and isinstance(item, Decimal4):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


assert portal.tables.__all__
run()
