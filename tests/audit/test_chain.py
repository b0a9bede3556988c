"""The audit chain: a row per command, each tied to the last; whoever breaks it is found."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from portal.audit import chain, queries, services
from portal.audit.cli import audit
from portal.audit.models import AuditRow
from portal.db import db
from tests.stage import Stage

ROWS: Any = AuditRow.__table__


def say(stage: Stage, *words: str) -> None:
    """A command that notes these rows."""
    with stage.acting("rita") as rita:
        for word in words:
            note(stage, rita, word)


def note(stage: Stage, actor: Any, word: str) -> None:
    services.record(
        actor=actor, action="test.say", object_kind="word", object_id=word,
        detail={"word": word}, now=stage.now(),
    )  # fmt: skip


def said(stage: Stage) -> list[str]:
    return [row.object_id for row in stage.rows(AuditRow, action="test.say")]


def verdict(stage: Stage, head: tuple[int, str] | None = None) -> queries.Verdict:
    with stage.system():
        return queries.verify(expected_head=head)


def head(stage: Stage) -> tuple[int, str]:
    with stage.system():
        return services.head()


def behind(stage: Stage, *statements: Any) -> None:
    with stage.app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_command_leaves_its_rows_in_order(stage: Stage) -> None:
    before = head(stage)[0]
    say(stage, "one", "two")
    say(stage, "three")
    assert said(stage) == ["one", "two", "three"]
    found = verdict(stage)
    assert (found.whole, found.checked) == (True, before + 3)
    [row] = stage.rows(AuditRow, object_id="one")
    assert (row.actor_id, row.detail) == (stage.people["rita"], {"word": "one"})


def test_a_command_that_fails_leaves_no_row(stage: Stage) -> None:
    before = head(stage)
    with pytest.raises(RuntimeError), stage.acting("rita") as rita:
        note(stage, rita, "lost")
        raise RuntimeError
    say(stage, "kept")
    assert said(stage) == ["kept"]
    assert head(stage)[0] == before[0] + 1


def test_a_part_that_is_given_up_takes_its_rows_along(stage: Stage) -> None:
    with stage.acting("rita") as rita:
        note(stage, rita, "before")
        with pytest.raises(RuntimeError), db.session.begin_nested():
            note(stage, rita, "given up")
            raise RuntimeError
        with db.session.begin_nested():
            note(stage, rita, "kept")
        assert stage_rows_written() == 0, "rows are written last, at the commit"
        note(stage, rita, "after")
    assert said(stage) == ["before", "kept", "after"]
    assert verdict(stage).whole


def stage_rows_written() -> int:
    """Rows of this test in the running transaction."""
    from sqlalchemy import func, select

    from portal.db import unscoped

    statement = select(func.count()).where(AuditRow.action == "test.say")
    return int(db.session.execute(unscoped(statement, "a test")).scalar_one())


def test_rows_are_not_changed_through_the_portal(stage: Stage) -> None:
    say(stage, "one")
    for harm in ("change", "delete"):
        with pytest.raises(RuntimeError), stage.system(writing=True):
            row = db.session.query(AuditRow).filter_by(object_id="one").one()
            if harm == "change":
                row.action = "test.other"
            else:
                db.session.delete(row)
            db.session.flush()
    assert said(stage) == ["one"]


COLUMNS = {
    "actor_id": "someone-else",
    "on_behalf_id": "someone-else",
    "action": "test.other",
    "object_kind": "other",
    "object_id": "other",
    "detail": {"word": "other"},
    "previous": "f" * 64,
    "hash": "f" * 64,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_found_at_its_row(stage: Stage, column: str) -> None:
    say(stage, "one", "two", "three")
    [row] = stage.rows(AuditRow, object_id="two")
    behind(stage, update(ROWS).where(ROWS.c.seq == row.seq).values({column: COLUMNS[column]}))
    found = verdict(stage)
    assert (found.bad_seq, found.checked) == (row.seq, row.seq - 1)


def test_another_moment_is_found(stage: Stage) -> None:
    say(stage, "one")
    [row] = stage.rows(AuditRow, object_id="one")
    behind(stage, update(ROWS).where(ROWS.c.seq == row.seq).values(at=stage.now()))
    assert verdict(stage).bad_seq == row.seq


def swap(stage: Stage, seq: int) -> None:
    behind(
        stage,
        update(ROWS).where(ROWS.c.seq == seq).values(seq=10_000),
        update(ROWS).where(ROWS.c.seq == seq + 1).values(seq=seq),
        update(ROWS).where(ROWS.c.seq == 10_000).values(seq=seq + 1),
    )


def insert(stage: Stage, seq: int) -> None:
    [row] = [one for one in stage.rows(AuditRow) if one.seq == seq]
    values = {column.name: getattr(row, column.name) for column in ROWS.columns}
    behind(
        stage,
        update(ROWS).where(ROWS.c.seq > seq).values(seq=ROWS.c.seq + 1_000),
        ROWS.insert().values({**values, "seq": seq + 1, "hash": "e" * 64}),
        update(ROWS).where(ROWS.c.seq > 1_000).values(seq=ROWS.c.seq - 999),
    )


@pytest.mark.parametrize(
    ("harm", "at", "problem"),
    [
        (lambda s, seq: behind(s, delete(ROWS).where(ROWS.c.seq == seq)), 0, "missing"),
        (swap, 0, "does not follow the row before"),
        (insert, 1, "does not follow the row before"),
    ],
)
def test_a_row_taken_out_swapped_or_slipped_in_is_found(
    stage: Stage, harm: Callable[[Stage, int], None], at: int, problem: str
) -> None:
    say(stage, "one", "two", "three")
    [row] = stage.rows(AuditRow, object_id="two")
    seq = row.seq
    harm(stage, seq)
    found = verdict(stage)
    assert (found.bad_seq, found.problem) == (seq + at, problem)


def test_a_cut_off_tail_is_found_by_a_head_noted_elsewhere(stage: Stage) -> None:
    say(stage, "one", "two")
    noted = head(stage)
    behind(stage, delete(ROWS).where(ROWS.c.seq == noted[0]))
    assert verdict(stage).whole, "the chain alone cannot know"
    found = verdict(stage, noted)
    assert (found.bad_seq, found.problem) == (noted[0], "cut off")


def test_a_chain_written_anew_is_found_by_a_head_noted_elsewhere(stage: Stage) -> None:
    say(stage, "one", "two", "three")
    noted = head(stage)
    rows = sorted(stage.rows(AuditRow), key=lambda row: row.seq)
    previous = rows[-3].previous
    for row in rows[-3:]:
        content = {c.name: getattr(row, c.name) for c in ROWS.columns}
        content = {k: v for k, v in content.items() if k not in {"previous", "hash"}}
        content["detail"] = {"word": "forged"}
        digest = chain.link(previous, content)
        values = {"detail": content["detail"], "previous": previous, "hash": digest}
        behind(stage, update(ROWS).where(ROWS.c.seq == row.seq).values(values))
        previous = digest
    assert verdict(stage).whole
    assert verdict(stage, noted).problem == "rewritten since the head was noted"


def test_the_command_tells_the_head_or_the_first_bad_row(stage: Stage) -> None:
    say(stage, "one", "two")
    seq, digest = head(stage)
    run = CliRunner().invoke
    sound = run(audit, ["verify"], obj=lambda: stage.app)
    assert (sound.exit_code, f"head {seq}:{digest}" in sound.output) == (0, True)
    behind(stage, update(ROWS).where(ROWS.c.seq == seq - 1).values(action="test.other"))
    broken = run(audit, ["verify"], obj=lambda: stage.app)
    assert broken.exit_code == 1
    assert f"row {seq - 1}: changed after it was written" in broken.output
    behind(stage, delete(ROWS).where(ROWS.c.seq >= seq - 1))
    cut = run(audit, ["verify", "--head", f"{seq}:{digest}"], obj=lambda: stage.app)
    assert (cut.exit_code, "cut off" in cut.output) == (1, True)


def test_a_link_covers_the_row_before_and_every_byte_of_its_own() -> None:
    rows: list[dict[str, Any]] = [
        {"a": "1"},
        {"a": 1},
        {"a": None},
        {"a": "1", "b": ""},
        {"b": "1"},
    ]
    links = {chain.link(previous, row) for row in rows for previous in (chain.START, "f" * 64)}
    assert len(links) == 2 * len(rows)
    assert chain.link("0", {"x": 1, "y": 2}) == chain.link("0", {"y": 2, "x": 1})
