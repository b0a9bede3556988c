"""Makes and fills the portal's database named by the environment: `python -m bench.fill 100000`."""

import json
import sys
from dataclasses import asdict

from bench import company, loader
from portal import clock
from portal.app import create_app
from portal.db import begin_write, db, is_sqlite, system_context, write_transaction
from portal.migrations import runner


def main(count: int) -> None:
    """Migrate, found the company, load; a small one has all its records in one project."""
    app = create_app()
    with app.app_context():
        runner.upgrade()
        now = clock.now()
        with system_context("bench: fill an empty database"):
            with write_transaction():
                cast = company.found(now)
            begin_write()
            loader.load(cast, count, now, projects=company.SIZE if count > 10_000 else 1)
            if not is_sqlite():
                _analyze()
        (app.extensions["settings"].home / "cast.json").write_text(json.dumps(asdict(cast)))


def _analyze() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]))
