"""Runs migrations on the application's own engine, each in one explicit transaction.

Alembic is loaded when a migration runs: a server that is current starts without it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, NullPool, column, create_engine, inspect, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from portal import paths
from portal.config import BadSetting
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
    """The revision the application's database stands at."""
    with db.engine.connect() as connection:
        return _revision(connection)


def standing(address: str) -> str | None:
    """The revision the database at an address stands at; None where there is none yet.

    Asked without an application, and without making a file. Raises BadSetting where nothing
    answers.
    """
    try:
        place = make_url(address)
        if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
            return None
        with create_engine(place, poolclass=NullPool).connect() as connection:
            return _revision(connection)
    except (ArgumentError, DBAPIError) as error:
        said = str(getattr(error, "orig", error)).partition("\n")[0]
        raise BadSetting(f"The database does not answer ({said}): see DATABASE_URL.") from None


def _revision(connection: Connection) -> str | None:
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
