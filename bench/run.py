"""`python -m bench.run`: measures everything and writes RESULTS.md; `make bench` calls it."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench import builder, centers, inside, places
from bench.browsers import Portal, purchase
from bench.fetch import fetch
from bench.places import FEW, HERE, MANY, WORK, Place
from bench.results import OTHERS, Results, as_json
from bench.servers import Server, limit_server, portal_server, running
from bench.sides import Limit, Ours, kinds
from bench.slices import compare

RESULTS = HERE / "RESULTS.md"
PEOPLE = 200
STARTS = 3


def main() -> None:
    """Measure on each database in turn; what is finished is written at once."""
    chosen = _arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    results = Results()
    with places.database_server() as server:
        for kind in chosen.databases:
            few = places.place(kind, FEW, server)
            many = places.place(kind, MANY, server)
            _inside(results, kind, few, many)
            for name, taken in centers.measured(kind).items():
                results.note(kind, name, taken)
            results.write(RESULTS)
            _against_limit(results, kind, many, chosen)
            results.write(RESULTS)
    print(f"written to {RESULTS}")


def _moving_ms() -> float:
    """In a process of its own, with a database of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.moving"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent)
    return float(done.stdout.split()[0])


def _plans(module: str) -> dict[str, float]:
    """The figures of plans, in a process of their own, with a database of its own."""
    command = [sys.executable, "-W", "ignore", "-m", module]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _arguments() -> argparse.Namespace:
    full = os.environ.get("PORTAL_PROVE") == "1"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"], metavar="NAME")
    parser.add_argument("--only", nargs="+", default=[], help="kinds of requests, e.g. inbox")
    parser.add_argument("--people", type=int, default=300 if full else 60, metavar="SECONDS",
                        help="how long 200 people work; 0 leaves them out")  # fmt: skip
    return parser.parse_args()


def _inside(results: Results, kind: str, few: Place, many: Place) -> None:
    """Times within one process."""
    portals = Portal(few), Portal(many)
    for name, path in (("inbox", "/inbox"), ("list", "/forms/purchase")):
        for words, page in (("first", 1), ("tenth", 10)):
            small, large = inside.pages_ms(portals, f"{path}?page={page}")
            title = f"{name}, {words} page, against 1,000 records"
            results.note(kind, title, large / small)
            print(as_json({title: [small, large]}))
    results.note(kind, "recalculation, one row of 200", inside.recalculation_ms(portals[1]))
    results.note(kind, "compiling 200 fields", inside.compile_ms())
    results.note(kind, "builder: a field moved among 200", builder.act_ms(portals[0]))
    largest = "builder: all checks of the largest shipped module"
    results.note(kind, largest, builder.checks_s(portals[0]))
    results.note(kind, "builder: replay of 1,000 records", builder.replay_s(portals[0]))
    if kind == "SQLite":
        results.note(kind, "moving a thousand stored records", _moving_ms())
        for module in ("bench.plans", "bench.bringing"):
            for name, taken in _plans(module).items():
                if name in OTHERS:
                    results.note(kind, name, taken)


def _against_limit(results: Results, kind: str, where: Place, chosen: argparse.Namespace) -> None:
    """Everything that needs servers."""
    portal = Portal(where)
    ours = Ours(portal, portal_server(where))
    with running(ours.server):
        ours.server.first_answer("/health")
        shell = _shell(ours)
        bare, framed = limit_server(where, None), limit_server(where, shell)
        with running(bare, framed):
            bare.first_answer("/ping")
            framed.first_answer("/ping")
            _ratios(results, kind, ours, Limit(where, bare, 0), Limit(where, framed, 1), chosen)
        _pdf(ours)
        results.note(kind, "memory per worker after the mix", max(ours.server.memory()))
        if chosen.people:
            _people(results, kind, ours, chosen.people)
    starts = [_start(where) for _ in range(STARTS)]
    results.note(kind, "first answer after process start", sorted(starts)[STARTS // 2])


def _ratios(
    results: Results, kind: str, ours: Ours, bare: Limit, framed: Limit, chosen: argparse.Namespace
) -> None:
    found = results.ratios.setdefault(kind, {})
    for name, sides in kinds(ours, bare, framed).items():
        if chosen.only and name not in chosen.only:
            continue
        found[name] = compare(*sides())
        one = found[name]
        print(as_json({kind: name, "same shell": one.framed.ratios, "bare": one.bare.ratios}))
        results.write(RESULTS)


def _get(ours: Ours, path: str, person: str) -> bytes:
    status, _headers, body = fetch(ours.server.port, path, ours.cookie(person))
    assert status == 200, (path, status)
    return body


def _shell(ours: Ours) -> Path:
    """A page of the measured person, from which the limit's frame is cut."""
    path = ours.portal.app.extensions["settings"].home / "shell.html"
    path.write_bytes(_get(ours, "/inbox", ours.portal.cast["approvers"][0]))
    return Path(path)


def _pdf(ours: Ours) -> None:
    """A print on each worker, as far as chance allows."""
    person = ours.portal.cast["approvers"][0]
    _task, record = ours.portal.newest_task(person)
    for _ in range(6):
        content = _get(ours, f"/records/{record}/print.pdf", person)
        assert content.startswith(b"%PDF"), content[:20]


def _people(results: Results, kind: str, ours: Ours, seconds: int) -> None:
    everybody = [*ours.portal.cast["approvers"], *ours.portal.cast["buyers"]]
    cookies = [ours.portal.cookie(everybody[n % len(everybody)]) for n in range(PEOPLE)]
    job = {
        "port": ours.server.port,
        "seconds": seconds,
        "cookies": cookies,
        "fields": purchase(1),
    }
    found = subprocess.run(
        [sys.executable, str(HERE / "crowd.py")],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(found.stdout)
    share = sum(answer["errors"].values()) / max(1, answer["requests"]) * 100
    results.note(kind, "errors of 200 people", share)
    results.notes.append(
        f"{kind}: {answer['people']} people, {seconds} s, {answer['requests']:,} requests, "
        f"median {answer['median_ms']:.0f} ms, 95 % within {answer['p95_ms']:.0f} ms, "
        f"errors {answer['errors'] or 'none'}"
    )
    print(as_json(answer))


def _start(where: Place) -> float:
    server: Server = portal_server(where)
    with running(server):
        return server.first_answer("/sign-in")


if __name__ == "__main__":
    main()
