"""Releases in pilot in some projects, at a time, and looked at by a second author."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import services as accounts
from portal.accounts.models import Company
from portal.audit.models import AuditRow
from portal.db import db, system_context
from portal.definitions import pilots, plans, publishing, reviews, services
from portal.definitions import queries as definitions
from portal.definitions.drafts import files_of
from portal.definitions.models import Module, ModuleRelease, Pilot, ReleasePlan
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.records import services as records
from tests.stage import Stage

CREW = "crew.form.json"
MASON = {"x-field": {"kind": "yes_no", "label": {"en": "Masons", "zh": "瓦工"}}}


@pytest.fixture
def authors(stage: Stage) -> Stage:
    """`paul` and `oskar` are authors."""
    with stage.system(writing=True):
        for login in ("paul", "oskar"):
            accounts.grant_role(
                actor=None, person_id=stage.people[login], kind="system", role="author",
                now=stage.now(),
            )  # fmt: skip
    return stage


def with_masons(text: str, key: str = "masons", version: int = 2) -> str:
    form = json.loads(text)
    form["version"] = version
    form["data"]["properties"][key] = MASON
    form["layout"][-1].setdefault("fields", []).append(key)
    return json.dumps(form)


def drafted(stage: Stage, login: str = "paul", **files: str) -> str:
    """A draft of `works` whose crews say whether they are masons; returns its id."""
    with stage.acting(login) as author:
        draft = services.open_draft(module="works", actor=author, now=stage.now())
        changed = files or {CREW: with_masons(files_of(draft.id)[CREW])}
        for name, text in changed.items():
            services.save_draft_file(
                release_id=draft.id, name=name, text=text, seen_revision=draft.revision,
                actor=author, now=stage.now(),
            )  # fmt: skip
        return draft.id


def published(stage: Stage, draft: str, *codes: str, login: str = "paul", **more: Any) -> Any:
    with stage.acting(login) as author:
        projects = [stage.projects[code] for code in codes]
        return services.publish(
            release_id=draft, actor=author, now=stage.now(), projects=projects, **more
        )


def has_masons(stage: Stage, code: str | None, form: str = "crew") -> bool:
    with stage.looking("rita"):
        found = definitions.form_in(form, stage.projects[code] if code else None)
        assert found is not None
        return "masons" in found.form.definition.fields


def crew(stage: Stage, login: str, code: str) -> str:
    """A crew of that project; returns its release number."""
    made = stage.entry(login, "crew", code, code=f"X{code}", name="Bricks", rate="70")
    with stage.looking(login):
        record = records.get(made)
        return str(definitions.form_of(record.release_id, "crew").release_number)


def actions(stage: Stage) -> list[str]:
    with stage.system():
        return list(
            db.session.scalars(
                select(AuditRow.action).where(AuditRow.object_id == "works").order_by(AuditRow.seq)
            )
        )


def test_a_pilot_holds_in_its_projects_alone(authors: Stage) -> None:
    done = published(authors, drafted(authors), "P1")
    assert (done.number, done.projects) == (2, (authors.projects["P1"],))
    assert has_masons(authors, "P1")
    assert not has_masons(authors, "P2")
    assert crew(authors, "rita", "P1") == "2"
    assert crew(authors, "olga", "P2") == "1"
    with authors.looking("rita"):
        company = definitions.current_form("crew")
        assert company is not None
        assert company.release_number == 1


def test_what_goes_to_everybody_ends_the_pilot(authors: Stage) -> None:
    published(authors, drafted(authors), "P1")
    with authors.acting("paul") as author:
        done = services.promote(module="works", actor=author, now=authors.now())
    assert done.number == 2
    assert has_masons(authors, "P2")
    assert authors.rows(Pilot) == []
    assert crew(authors, "olga", "P2") == "2"
    assert actions(authors)[-2:] == ["module.publish", "module.promote"]
    with pytest.raises(Conflict), authors.acting("paul") as author:
        services.promote(module="works", actor=author, now=authors.now())


def test_a_pilot_taken_back_leaves_what_was_filed_under_it(authors: Stage) -> None:
    published(authors, drafted(authors), "P1")
    kept = authors.entry("rita", "crew", "P1", code="C9", name="Bricks", rate="70", masons=True)
    with authors.acting("paul") as author:
        pilots.end(module="works", actor=author, now=authors.now())
    assert not has_masons(authors, "P1")
    assert authors.record(kept).data["masons"] is True
    with authors.looking("rita"):
        pinned = records.get(kept)
        assert definitions.form_of(pinned.release_id, "crew").release_number == 2
    assert crew(authors, "rita", "P1") == "1"
    assert actions(authors)[-1] == "module.pilot_end"


def test_a_draft_opened_during_a_pilot_goes_on_from_it(authors: Stage) -> None:
    published(authors, drafted(authors), "P1")
    with authors.acting("paul") as author:
        draft = services.open_draft(module="works", actor=author, now=authors.now())
        assert "masons" in files_of(draft.id)[CREW]
        following = with_masons(files_of(draft.id)[CREW], "joiners", 3)
    done = published(authors, drafted(authors, **{CREW: following}), "P1", "P2")
    assert done.number == 3
    assert {one.release_id for one in authors.rows(Pilot)} == {done.release_id}
    assert has_masons(authors, "P2")


def test_the_same_draft_again_only_changes_where_it_is_tried(authors: Stage) -> None:
    published(authors, drafted(authors), "P1")
    with authors.acting("paul") as author:
        same = services.open_draft(module="works", actor=author, now=authors.now()).id
    done = published(authors, same, "P1", "P2")
    assert done.number == 2
    assert has_masons(authors, "P2")
    with authors.acting("paul") as author:
        same = services.open_draft(module="works", actor=author, now=authors.now()).id
    published(authors, same)
    assert authors.rows(Pilot) == []
    with authors.system():
        assert db.session.get_one(Module, "works").current_release_id == done.release_id


def new_module(stage: Stage) -> str:
    """A module nobody has yet; returns the id of its draft."""
    from portal.builder.starters import Blank, minimal_module
    from portal.forms.texts import Text

    with stage.acting("paul") as author:
        draft = services.new_module(key="visits", title="-", actor=author, now=stage.now())
        files = minimal_module(Blank("visits", Text("Visits", "巡查"), "site", "VI"))
        for name, text in files.items():
            services.save_draft_file(
                release_id=draft.id, name=name, text=text, seen_revision=draft.revision,
                actor=author, now=stage.now(),
            )  # fmt: skip
        return draft.id


def test_a_module_that_only_a_pilot_has_exists_nowhere_else(authors: Stage) -> None:
    published(authors, new_module(authors), "P1")
    with authors.looking("rita") as rita:
        keys = [one.key for one in definitions.fileable_forms(rita, authors.projects["P1"])]
        assert "visits" in keys
        assert "visits" in [item.module for item in definitions.menu(rita)]
    with authors.looking("olga") as olga:
        keys = [one.key for one in definitions.fileable_forms(olga, authors.projects["P2"])]
        assert "visits" not in keys
        assert "visits" not in [item.module for item in definitions.menu(olga)]
    with pytest.raises(NotFound), authors.acting("olga") as olga:
        origin = records.Origin("visits", authors.projects["P2"], {})
        records.start_draft(actor=olga, record_id="", origin=origin, now=authors.now())
    with authors.acting("paul") as author:
        pilots.end(module="visits", actor=author, now=authors.now())
    with authors.looking("rita") as rita:
        assert "visits" not in [item.module for item in definitions.menu(rita)]


def test_a_pilot_is_for_open_projects(authors: Stage) -> None:
    draft = new_module(authors)
    with pytest.raises(Invalid), authors.acting("paul") as author:
        services.publish(release_id=draft, actor=author, now=authors.now(), projects=["nowhere"])


def test_a_module_can_be_off_in_one_project(authors: Stage) -> None:
    def switch(enabled: bool | None) -> None:
        with authors.acting("paul") as author:
            pilots.switch_in_project(
                module="works", project_id=authors.projects["P1"], enabled=enabled,
                actor=author, now=authors.now(),
            )  # fmt: skip

    kept = authors.draft("rita")
    switch(False)
    with authors.looking("rita") as rita:
        assert definitions.form_in("crew", authors.projects["P1"]) is None
        assert "works" in [item.module for item in definitions.menu(rita)]
        assert records.get(kept).id == kept
    assert crew(authors, "olga", "P2") == "1"
    with authors.acting("paul") as author:
        services.disable(module="works", actor=author, now=authors.now())
    switch(True)
    assert crew(authors, "rita", "P1") == "1"
    with authors.looking("olga"):
        assert definitions.form_in("crew", authors.projects["P2"]) is None
    switch(None)
    with authors.looking("rita"):
        assert definitions.form_in("crew", authors.projects["P1"]) is None


def planned(stage: Stage, draft: str, *codes: str, minutes: int = 5) -> None:
    with stage.acting("paul") as author:
        plans.plan(
            release_id=draft, at=stage.now() + timedelta(minutes=minutes),
            projects=[stage.projects[code] for code in codes], remark="For Monday", actor=author,
            now=stage.now(),
        )  # fmt: skip


def due(stage: Stage, minutes: int) -> int:
    with stage.app.app_context(), system_context("a test"):
        return plans.publish_due(stage.now() + timedelta(minutes=minutes))


def test_a_planned_release_waits_for_its_time(authors: Stage) -> None:
    draft = drafted(authors)
    planned(authors, draft, "P1")
    assert due(authors, 1) == 0
    assert not has_masons(authors, "P1")
    with pytest.raises(Conflict, match="set time"):
        drafted(authors)
    assert due(authors, 10) == 1
    assert has_masons(authors, "P1")
    assert not has_masons(authors, "P2")
    assert due(authors, 20) == 0
    assert authors.rows(ReleasePlan) == []
    with authors.system():
        release = db.session.get_one(ModuleRelease, draft)
        assert (release.note, release.published_by) == ("For Monday", authors.people["paul"])


def test_a_plan_that_fails_changes_nothing_and_says_why(authors: Stage) -> None:
    draft = drafted(authors)
    planned(authors, draft)
    with authors.system(writing=True):
        db.session.get_one(Company, 1).second_author = True
    assert due(authors, 10) == 1
    (failed,) = authors.rows(ReleasePlan)
    assert failed.failed == "Another author has to look at this draft before it goes out."
    assert not has_masons(authors, "P1")
    assert due(authors, 20) == 0
    drafted(authors, **{CREW: with_masons(_text(authors, draft), "joiners")})


def test_a_fault_of_ours_stops_one_plan_and_no_other(
    authors: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(authors)
    planned(authors, draft)

    def broken(**_given: object) -> None:
        raise ValueError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish", broken)
        assert due(authors, 10) == 1
    (failed,) = authors.rows(ReleasePlan)
    assert failed.failed == plans.OUR_FAULT
    assert due(authors, 20) == 0
    assert published(authors, draft).number == 2


def _text(stage: Stage, draft: str) -> str:
    with stage.system():
        return files_of(draft)[CREW]


def test_a_plan_can_be_taken_back_and_never_lies_in_the_past(authors: Stage) -> None:
    draft = drafted(authors)
    with pytest.raises(Invalid, match="past"):
        planned(authors, draft, minutes=-5)
    planned(authors, draft)
    with authors.acting("paul") as author:
        plans.cancel(release_id=draft, actor=author, now=authors.now())
    assert due(authors, 10) == 0
    with pytest.raises(Conflict), authors.acting("paul") as author:
        plans.cancel(release_id=draft, actor=author, now=authors.now())


def test_what_cannot_be_published_cannot_be_planned(authors: Stage) -> None:
    draft = drafted(authors, **{CREW: "{"})
    with pytest.raises(publishing.Refused):
        planned(authors, draft)


def test_a_second_author_looks_first_where_the_company_wants_it(authors: Stage) -> None:
    with authors.system(writing=True):
        db.session.get_one(Company, 1).second_author = True
    draft = drafted(authors)
    with pytest.raises(Forbidden, match="Another author"):
        published(authors, draft)
    with authors.acting("paul") as paul:
        paul_id = paul.person_id
        with pytest.raises(Invalid):
            reviews.ask(release_id=draft, reviewer_id=paul_id, actor=paul, now=authors.now())
        reviews.ask(
            release_id=draft, reviewer_id=authors.people["oskar"], actor=paul, now=authors.now()
        )
    with authors.looking("oskar"):
        assert [module for module, _ in reviews.waiting_for(authors.people["oskar"])] == ["works"]
    _answer(authors, "oskar", draft, reviews.CHANGES, "Say what masons are.")
    with pytest.raises(Forbidden):
        published(authors, draft)
    _answer(authors, "oskar", draft, reviews.APPROVED)
    assert published(authors, draft).number == 2


def _answer(stage: Stage, login: str, draft: str, verdict: str, remark: str = "") -> None:
    with stage.acting(login) as actor:
        revision = db.session.get_one(ModuleRelease, draft).revision
        reviews.answer(
            release_id=draft, verdict=verdict, remark=remark, seen_revision=revision,
            actor=actor, now=stage.now(),
        )  # fmt: skip


def test_an_approval_is_of_the_draft_as_it_was(authors: Stage) -> None:
    with authors.system(writing=True):
        db.session.get_one(Company, 1).second_author = True
    draft = drafted(authors)
    _answer(authors, "oskar", draft, reviews.APPROVED)
    drafted(authors, **{CREW: with_masons(_text(authors, draft), "joiners")})
    with pytest.raises(Forbidden):
        published(authors, draft)
    with pytest.raises(Conflict, match="Look at it again"), authors.acting("oskar") as actor:
        reviews.answer(
            release_id=draft, verdict=reviews.APPROVED, remark="", seen_revision=1,
            actor=actor, now=authors.now(),
        )  # fmt: skip
    with pytest.raises(Forbidden):
        _answer(authors, "paul", draft, reviews.APPROVED)


def test_whoever_began_a_new_module_never_approves_it(authors: Stage) -> None:
    with authors.acting("paul") as paul:
        draft = services.new_module(
            key="walks", title="Walks", actor=paul, now=authors.now(), files={"module.json": "{}"}
        ).id
    with authors.acting("oskar") as oskar:
        services.save_draft_file(
            release_id=draft, name="module.json", text="{ }", seen_revision=1, actor=oskar,
            now=authors.now(),
        )  # fmt: skip
    for login in ("paul", "oskar"):
        with pytest.raises(Forbidden, match="You wrote some of this draft"):
            _answer(authors, login, draft, reviews.APPROVED)


def test_an_approval_taken_back_by_its_reviewer_counts_no_more(authors: Stage) -> None:
    with authors.system(writing=True):
        db.session.get_one(Company, 1).second_author = True
    draft = drafted(authors)
    _answer(authors, "oskar", draft, reviews.APPROVED)
    _answer(authors, "oskar", draft, reviews.CHANGES, "On second thought: no.")
    with pytest.raises(Forbidden):
        published(authors, draft)
    _answer(authors, "oskar", draft, reviews.APPROVED)
    assert published(authors, draft).number == 2
