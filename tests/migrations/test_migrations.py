"""Migrations go up and down, and the upgraded empty database equals the models."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, inspect

from portal import paths, tables
from portal.db import Base, db
from portal.migrations import runner


def differences(engine: Engine) -> list[Any]:
    """What the tool would still change to make the database equal the models."""
    assert tables
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys and indexes."""
    found = inspect(engine)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            sorted(str(sorted(i["column_names"], key=str)) for i in found.get_indexes(name)),
            sorted(str(i["column_names"]) for i in found.get_unique_constraints(name)),
            sorted(f"{i['constrained_columns']}{i['referred_table']}" for i in found.get_foreign_keys(name)),
        )
        for name in found.get_table_names()
        if name != "alembic_version"
    }  # fmt: skip


def test_the_upgraded_empty_database_equals_the_models(app: Flask) -> None:
    with app.app_context():
        assert differences(db.engine) == []


def test_every_migration_goes_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        before = shape(db.engine)
        assert before
        runner.downgrade("base")
        assert shape(db.engine) == {}
        runner.upgrade()
        assert shape(db.engine) == before
        assert differences(db.engine) == []


def test_an_upgrade_of_what_is_current_changes_nothing(app: Flask) -> None:
    with app.app_context():
        before = shape(db.engine)
        runner.upgrade()
        assert shape(db.engine) == before


def test_where_the_database_stands_is_told_as_alembic_tells_it(app: Flask) -> None:
    scripts = ScriptDirectory(str(paths.MIGRATIONS))
    assert runner.newest() == scripts.get_current_head()
    with app.app_context():
        assert runner.current() == runner.newest()
        runner.downgrade("base")
        assert runner.current() is None
