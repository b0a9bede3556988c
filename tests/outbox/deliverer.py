"""A process that delivers until nothing is due; its letters are lines of a file. Run as a program.

It may be told to die (kill -9) after its n-th letter is out, before that is marked.
"""

import json
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal.db import system_context
from portal.outbox import delivery
from tests.conftest import build_app


def main(given: dict[str, Any]) -> None:
    """Wait for the start, then tick at the given time until a tick finds nothing."""
    app = build_app(Path(given["home"]), given["url"])
    letters = os.open(given["letters"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    count = 0

    def deliver(row_id: str, _body: Any) -> None:
        nonlocal count
        os.write(letters, f"{row_id}\n".encode())
        count += 1
        if count == given["die_after"]:
            os.kill(os.getpid(), signal.SIGKILL)

    delivery.register_deliverer("test", deliver)
    at = datetime.fromisoformat(given["at"])
    begun = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    print("ready", flush=True)
    sys.stdin.readline()
    with app.app_context(), system_context("a test's tick"):
        while delivery.tick(now):
            pass


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
