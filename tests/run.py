"""Runs all tests: once on SQLite (with the browser), once on PostgreSQL; ends with one count."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent.parent / "bench" / "RESULTS.md"
PROOF = "## Full bounds"
BOTH = ["tests", "--ignore=tests/browser"]


def workplace() -> Path:
    """A folder for databases that are thrown away: in memory where the machine offers it."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3
    return Path(tempfile.mkdtemp(prefix="portal-tests-", dir=memory if roomy else None))


def run(name: str, arguments: list[str], **extra: str) -> tuple[int, dict[str, int]]:
    """One pytest run; its output is shown and its counts are read from the closing line."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    folder = workplace()
    command = [sys.executable, "-m", "pytest", *arguments, f"--basetemp={folder / 'pytest'}"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(folder), **extra},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|error)", line):
            last = line
    code = process.wait()
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last)}
    shutil.rmtree(folder, ignore_errors=True)
    print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return code, counts


def keep_proof(told: str) -> None:
    """The last result of `make prove`, at the end of bench/RESULTS.md."""
    before = RESULTS.read_text("utf-8").partition(PROOF)[0].rstrip()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    when = f"{datetime.now(UTC).date()}, commit {commit or 'unknown'}"
    RESULTS.write_text(f"{before}\n\n{PROOF}\n\n`make prove`, {when}: {told}.\n", "utf-8")


def main() -> int:
    """Run everything; non-zero if anything failed or the browser is missing."""
    workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]
    runs = [
        run("SQLite", [*BOTH, *workers]),
        run("PostgreSQL", [*BOTH, *workers], TEST_ON="postgres"),
    ]
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser:
        runs.append(run("browser", ["tests/browser", *workers], CHROMIUM=browser))
    else:
        print("!! NO BROWSER: the journeys were NOT run. Install chromium and run again.")
        runs.append((1, {"failed": 1}))
    total = {
        word: sum(counts.get(word, 0) for _, counts in runs)
        for word in ("passed", "failed", "error", "skipped")
    }
    failed = total["failed"] + total["error"]
    told = f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped"
    if os.environ.get("PORTAL_PROVE") == "1":
        keep_proof(told)
    print(told)
    return max(abs(code) for code, _ in runs)


if __name__ == "__main__":
    sys.exit(main())
