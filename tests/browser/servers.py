"""Real server processes for the browser: `portal serve` on a free port, on a home of its own."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-c", "from portal.cli import main; main()", "serve"]
PATIENCE = 480  # seconds: a first start loads the demo company, on a busy machine slowly
ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running portal; `said` is what it printed until it served."""

    address: str
    home: Path
    process: "subprocess.Popen[bytes]"

    @property
    def said(self) -> str:
        return (self.home / "server.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, *, demo: bool, port: int = 0, workers: int = 1, **settings: str) -> Server:
    """Start a portal on this home and wait until it answers."""
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    environ = {**os.environ, "PORTAL_HOME": str(home), "EMBEDDED_TICK": "0"}
    environ = {key: value for key, value in environ.items() if key != "DATABASE_URL"}
    environ |= {"PYTHONPATH": str(ROOT), **settings}
    command = [*COMMAND, "--port", str(port), "--demo" if demo else "--no-demo"]
    command += ["--workers", str(workers)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=home, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", home, process)
    _wait(server)
    return server


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise RuntimeError(f"the portal did not start:\n{server.said}")
        try:
            with urllib.request.urlopen(f"{server.address}/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the portal did not answer:\n{server.said}")


def copy_home(source: Path, target: Path) -> None:
    """Copy a home while its server runs: the database by its own backup, the rest as files."""
    target.mkdir(parents=True, exist_ok=True)
    with (
        sqlite3.connect(source / "portal.db") as theirs,
        sqlite3.connect(target / "portal.db") as ours,
    ):
        theirs.backup(ours)
    for name in ("files", "secret.key"):
        place = source / name
        if place.is_dir():
            shutil.copytree(place, target / name)
        elif place.exists():
            shutil.copy(place, target / name)
