"""Runs migrations on the application's own engine, each in one explicit transaction."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal import paths
from portal.db import db


def _config() -> Config:
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
    _run(command.upgrade, revision)


def downgrade(revision: str) -> None:
    """Step the schema back."""
    _run(command.downgrade, revision)


def current() -> str | None:
    """The revision the database stands at."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def draft(message: str) -> str:
    """Write the next numbered migration from the difference to the models."""
    scripts = sorted((paths.MIGRATIONS / "versions").glob("[0-9]*.py"))
    number = f"{len(scripts) + 1:04d}"
    config = _config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        script: Any = command.revision(config, message, autogenerate=True, rev_id=number)
    return str(Path(script.path))
