"""Kill -9 before every statement of a command, and look at what is left. Run as a program.

It forks: the children connect, act and die; this process only counts. Each child dies at statement
PORTAL_CRASH_AT, the one after the last statement just before COMMIT; a last one survives its
COMMIT and dies before it can answer.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.approvals import services as approvals
from portal.approvals.services import Seen
from tests.conftest import build_app
from tests.stage import Stage


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash_at(wanted: int) -> None:
    """Die before the `wanted`-th statement of this process, or before its COMMIT if it is next."""
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == wanted:
            die()

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", before)


def submit(stage: Stage, given: dict[str, Any]) -> None:
    with stage.acting("rita") as rita:
        approvals.submit(
            actor=rita, record_id=given["record"], seen_revision=given["seen"][1], now=stage.now()
        )


def decide(stage: Stage, given: dict[str, Any]) -> None:
    with stage.acting("mark") as mark:
        approvals.approve(
            actor=mark, task_id=given["task"], seen=Seen(*given["seen"]), data=given["data"],
            now=stage.now(),
        )  # fmt: skip


ACTS = {"submit": submit, "decide": decide}


def in_a_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do it in a process of its own; its signal (0: none) and what it answered."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = json.dumps(work())
        except BaseException as error:
            answer = json.dumps(repr(error))
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, json.loads(text or "null")


def main(given: dict[str, Any]) -> None:
    """Crash at 1, 2, 3 … until the command survives; tells what each crash left."""
    stage = Stage(build_app(Path(given["home"]), given["url"]), people=given["people"])
    act = ACTS[given["act"]]

    def crash() -> None:
        if wanted := int(os.environ.get("PORTAL_CRASH_AT", "0")):
            crash_at(wanted)
        act(stage, given)
        die()

    def look() -> Any:
        return [stage.fingerprint(), stage.record(given["record"]).state]

    _, (untouched, before) = in_a_child(look)
    points, wrong = 0, []
    while True:
        os.environ["PORTAL_CRASH_AT"] = str(points + 1)
        ended_by, answer = in_a_child(crash)
        _, (found, after) = in_a_child(look)
        if ended_by != signal.SIGKILL:
            wrong.append([points + 1, ended_by, answer])
        if found != untouched or wrong:
            break
        points += 1
    print(json.dumps({"points": points, "wrong": wrong, "before": before, "after": after}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
