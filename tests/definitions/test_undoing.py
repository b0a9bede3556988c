"""Taking back and doing again in a draft, by several people; going back to an earlier state."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.db import db
from portal.definitions import services
from portal.definitions.drafts import files_of
from portal.definitions.edits import edits_of, to_redo, to_undo
from portal.definitions.models import DraftEdit, ModuleRelease
from portal.definitions.undoing import state_at
from portal.errors import Conflict, NotFound
from tests.accounts.stage import Stage, build
from tests.conftest import Lending

FORM, OTHER = "visit.form.json", "visit.workflow.json"


@dataclass
class Bench:
    """A draft, and what its authors do to it."""

    stage: Stage
    id: str

    def files(self) -> dict[str, str]:
        with self.stage.look():
            return files_of(self.id)

    def revision(self) -> int:
        return db.session.get_one(ModuleRelease, self.id).revision

    def save(self, login: str, **texts: str) -> None:
        named = {{"form": FORM, "chain": OTHER}[one]: text for one, text in texts.items()}
        with self.stage.work():
            services.save_draft_files(
                release_id=self.id, texts=named, seen_revision=self.revision(),
                actor=self.stage.viewer(login), now=clock.now(),
            )  # fmt: skip

    def delete(self, login: str, name: str) -> None:
        with self.stage.work():
            services.delete_draft_file(
                release_id=self.id, name=name, seen_revision=self.revision(),
                actor=self.stage.viewer(login), now=clock.now(),
            )  # fmt: skip

    def can(self, login: str) -> tuple[bool, bool]:
        """Whether there is something to take back, and to do again."""
        with self.stage.look():
            who = self.stage.people[login]
            return bool(to_undo(self.id, who)), bool(to_redo(self.id, who))

    def undo(self, login: str) -> None:
        with self.stage.work():
            actor = self.stage.viewer(login)
            act = to_undo(self.id, actor.person_id)[0].act
            services.undo(release_id=self.id, act=act, actor=actor, now=clock.now())

    def redo(self, login: str) -> None:
        with self.stage.work():
            actor = self.stage.viewer(login)
            act = to_redo(self.id, actor.person_id)[0].act
            services.redo(release_id=self.id, act=act, actor=actor, now=clock.now())

    def clear(self) -> None:
        """Forget all: an empty draft with no history."""
        for name in self.files():
            self.delete("nora", name)
        with self.stage.work():
            db.session.query(DraftEdit).delete()


@pytest.fixture
def bench(lending: Lending) -> Iterator[Bench]:
    with lending.copy_of(build_bench) as bench:
        yield bench


def build_bench(app: Flask) -> Bench:
    stage = build(app)
    with stage.work():
        draft = services.new_module(key="visit", title="Visit", actor=None, now=clock.now())
        services.save_draft_file(
            release_id=draft.id, name=FORM, text="one\ntwo\nthree\n", seen_revision=1, actor=None,
            now=clock.now(),
        )  # fmt: skip
        made = draft.id
    return Bench(stage, made)


def test_an_act_on_two_files_is_taken_back_and_done_again_whole(bench: Bench) -> None:
    before = bench.files()
    bench.save("nora", form="one\n2\nthree\n", chain="a chain")
    after = bench.files()
    assert bench.can("nora") == (True, False)
    bench.undo("nora")
    assert bench.files() == before
    assert bench.can("nora") == (False, True)
    bench.redo("nora")
    assert bench.files() == after
    assert bench.can("nora") == (True, False)
    bench.undo("nora")
    assert bench.files() == before


def test_a_deleted_file_comes_back(bench: Bench) -> None:
    before = bench.files()
    bench.delete("nora", FORM)
    bench.undo("nora")
    assert bench.files() == before


def test_everybody_takes_back_their_own_alone(bench: Bench) -> None:
    bench.save("nora", form="ONE\ntwo\nthree\n")
    bench.save("ada", form="ONE\ntwo\nthree and\nmore\n")
    bench.undo("nora")
    assert bench.files()[FORM] == "one\ntwo\nthree and\nmore\n"
    assert bench.can("nora") == (False, True)
    assert bench.can("ada") == (True, False)
    bench.undo("ada")
    assert bench.files()[FORM] == "one\ntwo\nthree\n"
    assert bench.can("vera") == (False, False)


def test_a_place_changed_since_is_refused_and_nothing_is_lost(bench: Bench) -> None:
    bench.save("nora", form="one\nTwo\nthree\n", chain="a chain")
    bench.save("ada", form="one\nTWO\nthree\n")
    after = bench.files()
    with pytest.raises(services.InTheWay) as refused, bench.stage.work():
        actor = bench.stage.viewer("nora")
        act = to_undo(bench.id, actor.person_id)[0].act
        services.undo(release_id=bench.id, act=act, actor=actor, now=clock.now())
    assert refused.value.name == FORM
    with bench.stage.look():
        (later,) = (one for one in edits_of(bench.id) if one.act == refused.value.act)
        assert later.added == "TWO"
    assert bench.files() == after
    bench.undo("ada")
    bench.undo("nora")
    assert bench.files()[FORM] == "one\ntwo\nthree\n"


def test_taking_back_never_breaks_json_others_work_on(bench: Bench) -> None:
    bench.save("nora", form='{"a": []}')
    bench.save("nora", form='{"a": ["x"]}')
    bench.save("ada", form='{"a": ["x", "y"]}')
    with pytest.raises(services.InTheWay):
        bench.undo("nora")
    assert bench.files()[FORM] == '{"a": ["x", "y"]}'


def test_a_new_edit_ends_doing_again(bench: Bench) -> None:
    bench.save("nora", form="1")
    bench.undo("nora")
    bench.save("nora", form="2")
    assert bench.can("nora") == (True, False)


def test_only_the_act_that_was_seen_is_taken_back(bench: Bench) -> None:
    bench.save("nora", form="1")
    with pytest.raises(Conflict, match="meanwhile"), bench.stage.work():
        services.undo(
            release_id=bench.id, act="another", actor=bench.stage.viewer("nora"), now=clock.now()
        )
    assert bench.files()[FORM] == "1"


def test_any_earlier_state_comes_back_as_an_edit(bench: Bench) -> None:
    states = [bench.files()]
    bench.save("nora", form="1", chain="a chain")
    states.append(bench.files())
    bench.save("ada", form="2")
    bench.delete("ada", OTHER)
    last = bench.files()
    with bench.stage.look():
        first_act = {row.act: row.number for row in edits_of(bench.id)}
    number = list(first_act.values())[1]
    with bench.stage.work():
        assert state_at(bench.id, number) == states[1]
        services.restore(
            release_id=bench.id, number=number, seen_revision=bench.revision(),
            actor=bench.stage.viewer("nora"), now=clock.now(),
        )  # fmt: skip
    assert bench.files() == states[1]
    bench.undo("nora")
    assert bench.files() == last
    with bench.stage.work(), pytest.raises(NotFound):
        state_at(bench.id, 10_000)


def test_discarding_a_draft_forgets_its_history(bench: Bench) -> None:
    bench.save("nora", form="1")
    with bench.stage.work():
        services.discard_draft(release_id=bench.id, actor=None, now=clock.now())
    with bench.stage.look():
        assert list(edits_of(bench.id)) == []


TEXTS = st.text("ab{}\n", max_size=9)


@given(saves=st.lists(st.tuples(st.sampled_from(["form", "chain"]), TEXTS), max_size=5))
def test_taking_all_back_and_doing_all_again(bench: Bench, saves: list[tuple[str, str]]) -> None:
    bench.clear()
    before = bench.files()
    for name, text in saves:
        bench.save("nora", **{name: text})
    after, count = bench.files(), 0
    while bench.can("nora")[0]:
        bench.undo("nora")
        count += 1
    assert bench.files() == before
    for _act in range(count):
        bench.redo("nora")
    assert bench.files() == after
    assert not bench.can("nora")[1]
