"""One's own profile, language and theme."""

from portal.accounts.models import Person
from portal.db import db
from tests.accounts.stage import Stage

PROFILE = {"name": "Rick R.", "language": "zh", "zone": "Europe/Berlin", "theme": "dark"}


def test_a_profile_is_saved_and_read_in_the_chosen_language(stage: Stage) -> None:
    browser = stage.browser("rick")
    assert browser.post("/me", **PROFILE).status_code == 303
    page = browser.get("/me")
    assert 'lang="zh-CN"' in page.text
    assert 'data-bs-theme="dark"' in page.text
    with stage.look():
        person = db.session.get_one(Person, stage.people["rick"])
        assert (person.name, person.zone) == ("Rick R.", "Europe/Berlin")


def test_wrong_entries_are_shown_at_their_fields(stage: Stage) -> None:
    browser = stage.browser("rick")
    for wrong in ({"name": " "}, {"zone": "Mars/Olympus"}, {"language": "xx"}):
        answer = browser.post("/me", **{**PROFILE, **wrong})
        assert answer.status_code == 422
        assert "is-invalid" in answer.text


def test_nobody_changes_more_than_their_profile_by_extra_fields(stage: Stage) -> None:
    browser = stage.browser("rick")
    browser.post(
        "/me", **PROFILE, login="root", external="y", active="", title="CEO",
        person_id=stage.people["ada"], email="x@example.com",
    )  # fmt: skip
    with stage.look():
        person = db.session.get_one(Person, stage.people["rick"])
        assert (person.login, person.title, person.email) == ("rick", None, "rick@example.com")


def test_language_and_theme_of_the_signed_out_live_in_cookies(stage: Stage) -> None:
    browser = stage.browser()
    assert 'lang="en"' in browser.get("/sign-in").text
    answer = browser.post("/language", language="zh", next="/sign-in")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    browser.post("/theme", theme="dark", next="/sign-in")
    page = browser.get("/sign-in")
    assert 'lang="zh-CN"' in page.text
    assert 'data-bs-theme="dark"' in page.text


def test_other_languages_and_themes_are_refused(stage: Stage) -> None:
    assert stage.browser().post("/language", language="fr").status_code == 400
    assert stage.browser("rick").post("/theme", theme="pink").status_code == 400


def test_signed_out_people_have_no_profile(stage: Stage) -> None:
    assert stage.browser().get("/me").status_code == 302
    assert stage.browser().post("/me", **PROFILE).status_code == 302


def test_the_form_librarys_own_messages_speak_the_readers_language(stage: Stage) -> None:
    browser = stage.browser("rick")
    said = {"en": "Field cannot be longer than 200 characters.", "zh": "最多 200 个字符。"}
    for language, sentence in said.items():
        browser.post("/language", language=language, next="/me")
        assert sentence in browser.post("/me", **{**PROFILE, "name": "x" * 201}).text
