"""The load generator: a process of its own that keeps several connections busy for a while.

Reads a job as JSON from its standard input, answers with counts as JSON on its standard output.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any


@dataclass(slots=True)
class Connection:
    """One connection in flight: the answer as far as it came."""

    socket: socket.socket
    answer: bytearray = field(default_factory=bytearray)
    started: float = 0.0


@dataclass(slots=True)
class Counts:
    """What came of a slice."""

    done: int = 0
    wrong: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def note(self, answer: bytes, expected: bytes, seconds: float) -> None:
        """Count one answer; its status is the word after the protocol."""
        status = answer[9:12]
        text = status.decode("latin-1")
        self.statuses[text] = self.statuses.get(text, 0) + 1
        self.done += 1
        self.wrong += status != expected
        self.times.append(seconds)


def raw_request(path: str, cookie: str, body: str | None) -> bytes:
    """The bytes of one HTTP/1.1 request that closes its connection."""
    head = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {cookie}",
        "Connection: close",
    ]
    if body is not None:
        head += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body.encode())}",
        ]
    return ("\r\n".join(head) + "\r\n\r\n" + (body or "")).encode()


def drive(job: dict[str, Any]) -> dict[str, Any]:
    """Send requests for `seconds` over `connections`; stops early when they run out."""
    requests = _endless(job)
    expected = str(job["expects"]).encode()
    counts, selector = Counts(), selectors.DefaultSelector()
    address = ("127.0.0.1", job["port"])
    begun = time.perf_counter()
    until = begun + job["seconds"]
    open_now = sum(_send(address, requests, selector) for _ in range(job["connections"]))
    while open_now:
        for key, _events in selector.select(timeout=5):
            connection: Connection = key.data
            if _whole(connection):
                selector.unregister(connection.socket)
                connection.socket.close()
                now = time.perf_counter()
                counts.note(bytes(connection.answer[:12]), expected, now - connection.started)
                more = now < until and _send(address, requests, selector)
                open_now -= not more
    lasted = time.perf_counter() - begun
    counts.times.sort()
    return {
        "done": counts.done,
        "wrong": counts.wrong,
        "statuses": counts.statuses,
        "rate": counts.done / lasted,
        "median_ms": _at(counts.times, 0.5),
        "p95_ms": _at(counts.times, 0.95),
    }


def _endless(job: dict[str, Any]) -> Iterator[bytes]:
    made = [raw_request(*one) for one in job["requests"]]
    return iter(made) if job["once"] else cycle(made)


def _send(
    address: tuple[str, int], requests: Iterator[bytes], selector: selectors.BaseSelector
) -> bool:
    following = next(requests, None)
    if following is None:
        return False
    connection = Connection(socket.create_connection(address))
    connection.started = time.perf_counter()
    connection.socket.sendall(following)
    connection.socket.setblocking(False)
    selector.register(connection.socket, selectors.EVENT_READ, connection)
    return True


def _whole(connection: Connection) -> bool:
    """Read what is there; whether the server closed the connection."""
    try:
        while part := connection.socket.recv(262_144):
            connection.answer += part
    except BlockingIOError:
        return False
    return True


def _at(ordered: list[float], share: float) -> float:
    """A quantile of ordered seconds, in milliseconds."""
    return ordered[int(share * (len(ordered) - 1))] * 1000 if ordered else 0.0


if __name__ == "__main__":
    json.dump(drive(json.load(sys.stdin)), sys.stdout)
