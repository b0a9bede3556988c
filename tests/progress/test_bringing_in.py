"""Many tasks at once: judged without writing, written in a few statements, as one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection
from werkzeug.test import TestResponse

from portal import clock
from portal.audit.models import AuditRow
from portal.db import db
from portal.progress import filing
from portal.progress.exchange.sheet import read_sheet
from portal.progress.filing import RowError, Wanted
from portal.progress.routes import exchange
from portal.progress.tasks import read_tasks
from portal.records.models import (
    Record,
    RecordIndex,
    RecordLink,
    RecordParticipant,
    RecordRevision,
    UniqueValue,
)
from portal.web.viewer import Viewer
from tests.progress.planning import Planning
from tests.progress.test_exchange import PAGE, bring_in, text

HEAD = "code,name,type,summary,duration,predecessors\n"
WRITING = re.compile(r"\s*(BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|REPLACE)\b")


def plan_of_many(tasks: int) -> bytes:
    rows = [f"T{at},Task {at},task,S,2 d,{f'T{at - 1}' if at else ''}\n" for at in range(tasks)]
    return (HEAD + "S,Works,summary,,,\n" + "".join(rows)).encode()


@contextmanager
def statements(planning: Planning) -> Iterator[list[str]]:
    """What is said to the database, many rows of one statement once."""
    said: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    def committed(_connection: Connection) -> None:
        said.append("COMMIT")

    with planning.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", committed)


def send(browser: FlaskClient, page: str, content: bytes, do: str) -> TestResponse:
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    return browser.post(PAGE, data={**found, "do": do, "file": (BytesIO(content), "x")})


def test_a_check_writes_nothing_and_takes_no_lock(planning: Planning) -> None:
    planning.add("A", "5")
    browser = planning.browser("sam")
    page = browser.get(PAGE).text
    before = planning.fingerprint()
    for content, status in ((plan_of_many(60), 200), (HEAD.encode() + b"B,,task,,0 d,\n", 422)):
        with statements(planning) as said:
            assert send(browser, page, content, "check").status_code == status
        assert [one for one in said if WRITING.match(one)] == []
        assert "COMMIT" not in said
    assert planning.fingerprint() == before


def test_somebody_else_writes_while_a_file_is_checked(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = planning.browser("sam")
    with meanwhile(monkeypatch, lambda: planning.add("A", "5")):
        assert bring_in(browser, plan_of_many(5), "check").status_code == 200
    with planning.planned() as plan:
        assert [row.task.code for row in plan.rows] == ["A"]


def test_what_was_judged_by_another_plan_is_not_brought_in(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    planning.add("A", "5")
    browser = planning.browser("sam")
    content = HEAD.encode() + b"A,Other,task,,3 d,\nB,New,task,,1 d,A\n"
    with meanwhile(monkeypatch, lambda: planning.revise("A", name="Mine")):
        page = bring_in(browser, content)
    assert page.status_code == 409
    assert "Somebody changed what this stands on meanwhile" in text(page.text)
    with planning.planned() as plan:
        assert [row.task.label for row in plan.rows] == ["A Mine"]
    assert bring_in(browser, content).status_code == 303
    with planning.planned() as plan:
        assert [row.task.label for row in plan.rows] == ["A Other", "B New"]


def test_who_no_longer_plans_brings_nothing_in(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave() -> None:
        from portal.projects.models import Membership

        with planning.system(writing=True):
            held = db.select(Membership).filter_by(person_id=planning.people["sam"])
            for one in db.session.scalars(held):
                one.role = "member"

    browser = planning.browser("sam")
    with meanwhile(monkeypatch, leave):
        assert bring_in(browser, plan_of_many(2)).status_code == 403
    assert planning.rows(Record, form="task") == []


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Any) -> Iterator[None]:
    """Somebody else acts when a file has been judged, before anything of it is written."""

    def judged(**given: Any) -> filing.Judgement:
        found = filing.judge_tasks(**given)
        failed: list[BaseException] = []

        def run() -> None:
            try:
                act()
            except BaseException as error:  # told in the test's own thread
                failed.append(error)

        other = Thread(target=run)
        other.start()
        other.join()
        assert failed == []
        return found

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "judge_tasks", judged)
        yield


def written(said: Sequence[str]) -> list[str]:
    """What was said while others wait: from the first word that writes to the end."""
    first = next(at for at, one in enumerate(said) if WRITING.match(one))
    return list(said[first : said.index("COMMIT", first)])


def test_bringing_in_says_as_little_for_many_as_for_few(planning: Planning) -> None:
    browser = planning.browser("sam")
    counts = []
    for tasks in (5, 60):
        page = browser.get(PAGE).text
        with statements(planning) as said:
            answer = send(browser, page, plan_of_many(tasks), "import")
            assert answer.status_code == 303, text(answer.text)
        assert said.count("COMMIT") == 1, "all or none"
        counts.append(len(written(said)))
    few, many = counts
    assert many <= few + 5, "the second file changes nothing of the first"
    with planning.planned() as plan:
        assert len(plan.rows) == 61
    assert planning.problems() == {}


def test_the_same_page_sent_twice_brings_in_once(planning: Planning) -> None:
    browser = planning.browser("sam")
    page = browser.get(PAGE).text
    answers = [send(browser, page, plan_of_many(3), "import") for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.headers["Location"].partition("?")[0] for one in answers}) == 1
    assert {one.revision for one in planning.rows(Record, form="task")} == {1}


ODD: Mapping[str, str] = {
    "sound": "A,Alpha,task,S,8 d,\nN,New,task,S,1 d,B FS+2d\nM,End,milestone,,,N\n",
    "nothing new": "A,Task A,task,S,5 d,\n",
    "no work": "N,New,task,,0 d,\nO,Other,task,,1 d,N\n",
    "no name": "N,,task,,1 d,\nA,,task,S,5 d,\n",
    "circle": "A,Task A,task,S,5 d,C\n",
    "circle of new ones": "N,New,task,,1 d,O\nO,Other,task,,1 d,N\n",
    "itself": "N,New,task,,1 d,N\n",
    "below itself": "S,Works,summary,T,,\nT,Other,summary,S,,\n",
    "no summary any more": "S,Works,task,,3 d,\n",
    "all moved out": "S,Works,task,,3 d,\nA,Task A,task,,5 d,\nB,Task B,task,,5 d,A\n",
    "link twice": 'N,New,task,,1 d,"A, A"\n',
    "codes alike": "n1,New,task,,1 d,\nN1,Newer,task,,1 d,\n",
    "code alike one on file": "a,New,task,,1 d,\n",
    "long code": f"{'9' * 31},New,task,,1 d,\n",
    "long name": f"N,{'n' * 161},task,,1 d,\n",
    "link to a summary": "N,New,task,,1 d,S\n",
    "below a task": "N,New,task,A,1 d,\n",
    "another kind": "A,Task A,milestone,S,,\nB,Task B,decision,S,,A\n",
    "undated constraint": "N,New,task,,1 d,\n",
}  # fmt: skip


def on_file(planning: Planning) -> None:
    planning.add("S", type="summary", name="Works")
    planning.add("A", "5", parent="S")
    planning.add("B", "5", "A", parent="S")
    planning.add("C", "5", "B")


@pytest.mark.parametrize("name", ODD)
def test_the_check_says_what_filing_one_by_one_says(planning: Planning, name: str) -> None:
    on_file(planning)
    content = HEAD + ODD[name]
    if name == "undated constraint":
        content = content.replace("predecessors\n", "predecessors,constraint\n").replace(
            "1 d,\n", "1 d,,start_from\n"
        )
    with planning.acting("sam") as sam:
        found = read_sheet(content, read_tasks(planning.projects["P1"]))
        assert found.errors == []
        singly = errors_of(one_by_one, planning, sam, found.wanted)
        at_once = errors_of(all_at_once, planning, sam, found.wanted)
    browser = planning.browser("sam")
    checked, filed = (bring_in(browser, content.encode(), do) for do in ("check", "import"))
    assert bool(at_once[0]) == bool(singly[0])
    assert said(at_once[0]) <= said(singly[0]), "no more is wrong; what waits for it is not told"
    if not singly[0]:
        assert at_once[1] == singly[1], "the same rows stay"
    assert (checked.status_code, filed.status_code) == ((422, 422) if singly[0] else (200, 303))
    if singly[0]:
        assert refusals(checked) == refusals(filed) != []


def refusals(page: TestResponse) -> list[str]:
    found = re.search(r'role="alert">(.*?)</section>', page.text, re.S)
    assert found is not None
    return re.findall(r"<li>(.*?)</li>", found[1], re.S)


def said(errors: Sequence[RowError]) -> set[tuple[str, str]]:
    return {(one.row, one.message.id) for one in errors}


def one_by_one(planning: Planning, sam: Viewer, wanted: Sequence[Wanted]) -> list[RowError]:
    return filing._one_by_one(sam, planning.brief(), wanted, clock.now())


def all_at_once(planning: Planning, sam: Viewer, wanted: Sequence[Wanted]) -> list[RowError]:
    given = {"actor": sam, "project": planning.brief(), "wanted": wanted, "now": clock.now()}
    return filing.file_tasks(**given)


def errors_of(
    act: Any, planning: Planning, sam: Viewer, wanted: Sequence[Wanted]
) -> tuple[list[RowError], Any]:
    """What is refused, and all that stands of tasks afterwards; it is taken back."""
    with db.session.begin_nested() as trial:
        errors = act(planning, sam, wanted)
        stands = None if errors else standing()
        trial.rollback()
    return errors, stands


def standing() -> dict[str, Any]:
    """Every row that hangs on a task, told by codes in place of ids and without moments."""
    db.session.flush()
    codes = {key: data["code"] for key, data in db.session.execute(
        db.select(Record.id, Record.data).where(Record.form == "task"))}  # fmt: skip

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in sorted(value.items()) if key != "sha256"}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return codes.get(value, value) if isinstance(value, str) else value

    def rows(table: Any, *names: str) -> list[str]:
        columns = [getattr(table, name) for name in names]
        return sorted(
            repr([plain(one) for one in row]) for row in db.session.execute(db.select(*columns))
        )

    def notes() -> list[str]:
        waiting = db.session.info.get("audit", [])
        return sorted(
            repr(plain({key: one[key] for key in ("action", "object_id", "detail")}))
            for one in waiting
        )

    content = (
        "state",
        "number",
        "subject",
        "amount",
        "currency",
        "data",
        "revision",
        "transition_seq",
        "requester_id",
    )
    return {
        "records": rows(Record, "id", "module", "form", "release_id", "project_id", *content),
        "moments": rows_with_moments(),
        "links": rows(RecordLink, "record_id", "form", "field", "row", "target_id"),
        "values": rows(RecordIndex, "record_id", "form", "field", "text", "number", "day"),
        "unique": rows(UniqueValue, "form", "field", "within", "value", "record_id"),
        "parts": rows(RecordParticipant, "record_id", "person_id", "part"),
        "versions": rows(RecordRevision, "record_id", "revision", "data", "changes", "reason", "actor_id"),
        "audit": notes(),
        "written": db.session.scalar(db.select(db.func.count()).select_from(AuditRow)),
    }  # fmt: skip


def rows_with_moments() -> list[str]:
    """Which moments a record has: filed and decided, or not."""
    columns = (Record.data, Record.submitted_at, Record.decided_at)
    return sorted(
        repr((data["code"], filed is not None, decided is not None))
        for data, filed, decided in db.session.execute(db.select(*columns).where(Record.form == "task"))
    )  # fmt: skip


def test_a_row_somebody_saved_meanwhile_is_refused_by_its_revision(planning: Planning) -> None:
    on_file(planning)
    with planning.acting("sam") as sam:
        wanted = [Wanted("1", "A", planning.tasks["A"], 7, {"name": "Later"})]
        singly, at_once = (
            errors_of(one, planning, sam, wanted)[0] for one in (one_by_one, all_at_once)
        )
    assert said(singly) == said(at_once) != set()


def test_numbers_of_a_series_go_on_one_after_the_other(planning: Planning) -> None:
    from portal.records import numbering

    with planning.acting("sam"):
        assert numbering.take_number("T-", 3) == "T-001"
        assert numbering.take_numbers("T-", 3, 3) == ["T-002", "T-003", "T-004"]
        assert numbering.take_number("T-", 3) == "T-005"
