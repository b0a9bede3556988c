"""Authors acting at the same moment: the one stopped before its statements, the other goes on."""

import json

import pytest
from sqlalchemy import select

from portal.db import db
from portal.definitions import publishing, services
from portal.definitions import queries as definitions
from portal.definitions.checking import check_module
from portal.definitions.drafts import files_of
from portal.definitions.models import DRAFT, Module, ModuleRelease
from portal.definitions.neighbors import known_beside
from portal.definitions.releases import hashes
from tests.approvals.racing import Act, in_between
from tests.bounds import spread
from tests.conftest import ON_POSTGRES
from tests.definitions.test_pilots import CREW, authors, drafted, with_masons
from tests.stage import Stage

__all__ = ["authors"]
STOPS = spread(range(2, 42), 40 if ON_POSTGRES else 3)


def saving(draft: str, revision: int, text: str) -> Act:
    def act(stage: Stage) -> None:
        with stage.acting("oskar") as author:
            services.save_draft_file(
                release_id=draft, name=CREW, text=text, seen_revision=revision, actor=author,
                now=stage.now(),
            )  # fmt: skip

    return act


def publishing_of(draft: str, revision: int) -> Act:
    def act(stage: Stage) -> None:
        with stage.acting("paul") as author:
            publishing.publish(
                release_id=draft, actor=author, now=stage.now(), seen_revision=revision
            )

    return act


def opening(login: str) -> Act:
    def act(stage: Stage) -> None:
        with stage.acting(login) as author:
            services.open_draft(module="works", actor=author, now=stage.now())

    return act


def is_whole(stage: Stage) -> None:
    """What is published is what its files say, and there is one draft at most."""
    with stage.system():
        release = db.session.get_one(
            ModuleRelease, db.session.get_one(Module, "works").current_release_id
        )
        report = check_module(files_of(release.id), known=known_beside("works"))
        assert hashes(report).whole == release.sha256
        drafts = select(ModuleRelease.id).where(
            ModuleRelease.module == "works", ModuleRelease.state == DRAFT
        )
        assert len(db.session.scalars(drafts).all()) <= 1


def discard(stage: Stage) -> None:
    with stage.acting("paul") as author:
        draft = definitions.draft_of("works")
        if draft is not None:
            services.discard_draft(release_id=draft.id, actor=author, now=stage.now())


def crew(stage: Stage, key: str) -> str:
    """The form of crews as it is published, with one more field, in its next version."""
    with stage.system():
        text = files_of(db.session.get_one(Module, "works").current_release_id)[CREW]
    return with_masons(text, key, json.loads(text)["version"] + 1)


def revision_of(stage: Stage, draft: str) -> int:
    with stage.system():
        return db.session.get_one(ModuleRelease, draft).revision


@pytest.mark.parametrize("is_saver_first", [True, False])
def test_nothing_is_saved_into_what_goes_out(authors: Stage, *, is_saver_first: bool) -> None:
    for at in STOPS:
        discard(authors)
        draft = drafted(authors, **{CREW: crew(authors, f"masons_{at}")})
        seen = revision_of(authors, draft)
        acts = [saving(draft, seen, crew(authors, f"late_{at}")), publishing_of(draft, seen)]
        done = in_between(authors, *(acts if is_saver_first else acts[::-1]), at)
        if done is None:
            break
        assert sorted(one.won for one in done) == [False, True], f"stopped before statement {at}"
        is_whole(authors)


def test_two_open_one_draft(authors: Stage) -> None:
    for at in spread(range(2, 12), 10 if ON_POSTGRES else 3):
        if in_between(authors, opening("paul"), opening("oskar"), at) is None:
            break
        is_whole(authors)
        discard(authors)
