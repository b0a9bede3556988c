"""Two hundred people at work: mixed tasks with time to think, each with a session of their own.

Reads a job as JSON from its standard input, answers with counts as JSON on its standard output.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

THINK = (4.0, 14.0)
TASK = re.compile(r'href="(/inbox/[0-9a-f-]{36})"')
RECORD = re.compile(r'href="(/records/[0-9a-f-]{36})"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"')
DECISION = re.compile(r'<form[^>]*id="decision"[^>]*action="([^"]+)".*?</form>', re.S)
ENTRY = re.compile(r'<form[^>]*id="entry"[^>]*action="([^"]+)".*?</form>', re.S)
ACTS = ("inbox", "inbox", "detail", "detail", "list", "home", "open", "submit", "decide", "decide")


class Person(threading.Thread):
    """Somebody who reads, files and decides until the time is over."""

    def __init__(self, job: dict[str, Any], number: int, until: float) -> None:
        super().__init__(daemon=True)
        self.port, self.until = job["port"], until
        self.cookie: str = job["cookies"][number]
        self.fields: list[tuple[str, str]] = [tuple(one) for one in job["fields"]]
        self.chance = random.Random(number)
        self.counts: Counter[str] = Counter()
        self.times: list[float] = []
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Work and think in turn."""
        time.sleep(self.chance.uniform(0, THINK[1]))
        while time.monotonic() < self.until:
            act = self.chance.choice(ACTS)
            try:
                getattr(self, act)()
            except (OSError, http.client.HTTPException) as error:
                self.counts[f"error {type(error).__name__}"] += 1
            time.sleep(self.chance.uniform(*THINK))

    def ask(self, path: str, body: list[tuple[str, str]] | None = None) -> str:
        """One request; the text of the page it led to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        begun = time.perf_counter()
        headers = {"Cookie": self.cookie}
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        self.times.append(time.perf_counter() - begun)
        self.counts["requests"] += 1
        # somebody else deciding first is an answer, not an error
        if answer.status >= 400 and answer.status != 409:
            self.counts[f"error {answer.status}"] += 1
        return text

    def inbox(self) -> str:
        return self.ask("/inbox")

    def home(self) -> None:
        self.ask("/")

    def list(self) -> None:
        self.ask(f"/forms/purchase?page={self.chance.randint(1, 3)}")

    def detail(self) -> None:
        found = RECORD.findall(self.ask("/forms/purchase"))
        if found:
            self.ask(self.chance.choice(found))

    def open(self) -> str:
        return self.ask("/forms/purchase/new")

    def submit(self) -> None:
        entry = ENTRY.search(self.open())
        if entry is None:
            return
        hidden = [one for one in HIDDEN.findall(entry[0]) if not one[0].startswith("rows")]
        self.ask(entry[1].replace("/save", "/submit"), [*hidden, *self.fields])

    def decide(self) -> None:
        found = TASK.findall(self.inbox())
        decision = DECISION.search(self.ask(self.chance.choice(found))) if found else None
        if decision is not None:
            self.ask(decision[1], HIDDEN.findall(decision[0]))


def main() -> None:
    """Let everybody work, and count."""
    job = json.load(sys.stdin)
    until = time.monotonic() + job["seconds"]
    people = [Person(job, number, until) for number in range(len(job["cookies"]))]
    for one in people:
        one.start()
    for one in people:
        one.join()
    counts: Counter[str] = sum((one.counts for one in people), Counter())
    times = sorted(value for one in people for value in one.times)
    errors = {key: value for key, value in counts.items() if key.startswith("error")}
    answer = {
        "people": len(people),
        "requests": counts["requests"],
        "errors": errors,
        "median_ms": times[len(times) // 2] * 1000 if times else 0,
        "p95_ms": times[int(len(times) * 0.95)] * 1000 if times else 0,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
