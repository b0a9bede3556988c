"""Runs migrations on the application's own engine, each in one explicit transaction.

Alembic is loaded when a migration runs: a server that is current starts without it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, inspect, select, table

from portal import paths
from portal.db import db

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION = table("alembic_version", column("version_num"))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _run(do: Any, *args: Any) -> None:
    config = _config()
    options = {"write": True} if db.engine.dialect.name == "sqlite" else {}
    with db.engine.connect().execution_options(**options) as connection:
        config.attributes["connection"] = connection
        do(config, *args)


def upgrade(revision: str = "head") -> None:
    """Bring the schema up."""
    from alembic import command

    _run(command.upgrade, revision)


def downgrade(revision: str) -> None:
    """Step the schema back."""
    from alembic import command

    _run(command.downgrade, revision)


def current() -> str | None:
    """The revision the database stands at."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


def newest() -> str | None:
    """The newest revision there is: migrations are numbered, and a revision is its number."""
    numbers = [script.name[:4] for script in _scripts()]
    return numbers[-1] if numbers else None


def _scripts() -> list[Path]:
    return sorted((paths.MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def draft(message: str) -> str:
    """Write the next numbered migration from the difference to the models."""
    from alembic import command

    number = f"{len(_scripts()) + 1:04d}"
    config = _config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        script: Any = command.revision(config, message, autogenerate=True, rev_id=number)
    return str(Path(script.path))
