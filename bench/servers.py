"""Starting and stopping what is measured: gunicorn with two workers, the same for every side."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from bench.fetch import fetch
from bench.places import HERE, ROOT, Place

WORKERS = 2


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A gunicorn serving one application."""

    def __init__(self, app: str, folder: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "--log-level", "error"]
        command += ["-b", f"127.0.0.1:{self.port}", app]
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stderr=subprocess.DEVNULL
        )

    def first_answer(self, path: str, within: float = 60.0) -> float:
        """Wait for an answer; returns the seconds since the process was started."""
        until = self.started + within
        while time.perf_counter() < until:
            try:
                fetch(self.port, path)
            except (OSError, HTTPException):
                time.sleep(0.01)
                continue
            return time.perf_counter() - self.started
        raise RuntimeError(f"no answer from {path}")

    def memory(self) -> list[float]:
        """Resident megabytes of each worker."""
        return [_resident(one) for one in _children(self.process.pid)]

    def stop(self) -> None:
        """End it and its workers."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found]


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def portal_server(where: Place) -> Server:
    """The portal on a filled database."""
    return Server("bench.portal_app:app", ROOT, where.environment())


def limit_server(where: Place, shell: Path | None) -> Server:
    """The limit: bare, or inside the portal's shell cut from this page."""
    environment = where.environment()
    if shell is None:
        return Server("limit_app:app", HERE, environment)
    environment["LIMIT_SHELL"] = str(shell)
    prepare = {**environment, "LIMIT_PREPARE": "1"}
    subprocess.run([sys.executable, "-c", "import limit_shell"], cwd=HERE, env=prepare, check=True)
    return Server("limit_shell:app", HERE, environment)


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Servers that are stopped at the end."""
    try:
        yield
    finally:
        for one in servers:
            one.stop()
