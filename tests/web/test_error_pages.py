"""Error pages speak the reader's language, inside the portal, also when no page was reached."""

import io
import re
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.records.pages import open_page
from tests.stage import Stage
from tests.web.test_downloads import read_in_chinese

UNKNOWN = {"en": "There is nothing here", "zh": "找不到这个页面"}


def is_in_the_shell(page: str) -> bool:
    return 'class="app-main"' in page


@pytest.fixture
def chinese(stage: Stage) -> Stage:
    read_in_chinese(stage, "rita")
    return stage


def test_an_unknown_address_is_answered_in_the_readers_language(chinese: Stage) -> None:
    for login, language in (("rita", "zh"), ("ron", "en")):
        answer = chinese.browser(login).get("/no/such/address")
        assert answer.status_code == 404
        assert UNKNOWN[language] in answer.text
        assert is_in_the_shell(answer.text)
        assert f'<html lang="{language}' in answer.text


def test_a_method_the_address_does_not_take_is_answered_alike(chinese: Stage) -> None:
    answer = chinese.browser("rita").put("/inbox")
    assert answer.status_code == 405
    assert UNKNOWN["zh"] in answer.text
    assert is_in_the_shell(answer.text)


def test_strangers_read_the_language_they_chose_and_see_no_shell(stage: Stage) -> None:
    client = stage.app.test_client()
    client.set_cookie("language", "zh")
    answer = client.get("/no/such/address", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert UNKNOWN["zh"] in answer.text
    assert not is_in_the_shell(answer.text)
    strange = stage.app.test_client()
    strange.set_cookie("language", "tlh")
    assert UNKNOWN["en"] in strange.get("/no/such/address").text


def test_a_character_that_is_none_is_refused_in_the_readers_language(chinese: Stage) -> None:
    for address in ("/inbox?q=%00", "/records/%00"):
        answer = chinese.browser("rita").get(address)
        assert answer.status_code == 400
        assert "请求中含有非法字符" in answer.text
        assert is_in_the_shell(answer.text)


def test_a_page_without_its_token_is_refused_in_the_readers_language(chinese: Stage) -> None:
    answer = chinese.browser("rita").post("/theme", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "请求无法识别" in answer.text
    assert is_in_the_shell(answer.text)


def test_a_body_above_the_limit_is_refused_with_the_limit(chinese: Stage) -> None:
    chinese.app.config["MAX_CONTENT_LENGTH"] = 1_000
    answer = chinese.browser("rita").post("/theme", data={"theme": "x" * 2_000})
    assert answer.status_code == 413
    assert "单个文件不得超过 25 MB" in answer.text
    assert is_in_the_shell(answer.text)


def test_with_the_database_away_an_unknown_address_is_still_unknown(
    chinese: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any, **_named: Any) -> None:
        raise OperationalError("", {}, Exception("away"))

    client = chinese.browser("rita")
    client.set_cookie("language", "zh")
    monkeypatch.setattr("portal.accounts.sessions.read_fixed", away)
    answer = client.get("/no/such/address")
    assert answer.status_code == 404
    assert UNKNOWN["zh"] in answer.text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_above_the_limit_is_refused_at_its_field(
    stage: Stage, scripts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(stage.browser("rita"), f"/records/{stage.draft()}/edit")
    assert 'data-most-bytes="25000000"' in page.html
    assert "a file may have at most 25 MB" in page.html
    monkeypatch.setattr("portal.limits.UPLOAD_BYTES", 1_000)
    sent = {"_file-photo": (io.BytesIO(b"x" * 1_001), "crack.png")}
    page.fill(title="Typed meanwhile")
    answer = page.post("upload", htmx=scripts, _upload="photo", **sent)
    assert answer.status_code == 413
    said = "“crack.png” is too large: a file may have at most"
    if scripts:
        assert answer.mimetype == "text/plain"
        assert answer.text.startswith(said)
    else:
        assert said in re.sub(r"\s+", " ", answer.text)
        assert "Typed meanwhile" in answer.text
