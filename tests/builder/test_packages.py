"""Packages and keys on the author's pages: out, in as a draft, refused with what to do; who may."""

import io
import shutil
from pathlib import Path

import pytest

from portal import limits
from portal.builder import queries
from portal.definitions.packages import keys
from portal.definitions.packages.archive import pack, unpack
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, FORM, Desk

PACKAGE = "/modules/site_visit/releases/1/package"
IMPORT = "/modules/import"
KEYS = f"{IMPORT}/keys"
HOSTILE = "<script>alert(1)</script>{{7*7}}"


def send(browser: Browser, content: bytes, name: str = "x.portal") -> object:
    return browser.post(IMPORT, file=(io.BytesIO(content), name))


@pytest.fixture
def nora(desk: Desk) -> Browser:
    """The author, with no draft open."""
    return desk.browser()


def changed_release(desk: Desk, browser: Browser) -> bytes:
    """A package of release 1, after release 2 was published: importing it is a change."""
    content = browser.post(PACKAGE).data
    desk.open_draft(browser)
    desk.save(
        browser, desk.text().replace('"version": 1', '"version": 2').replace('"Title"', '"Heading"')
    )
    assert desk.publish(browser).status_code == 303
    return content


def test_a_release_is_taken_out_as_a_signed_file(desk: Desk, nora: Browser) -> None:
    assert "Signed package" in nora.get("/modules/site_visit/releases/1").text
    answer = nora.post(PACKAGE)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="site_visit-1.portal"'
    )
    found = unpack(answer.data)
    assert found.manifest.number == 1
    assert set(found.files) == set(queries_files(desk))
    assert nora.post("/modules/site_visit/releases/9/package").status_code == 404


def queries_files(desk: Desk) -> dict[str, str]:
    with desk.stage.look():
        return dict(queries.current_files("site_visit"))


def test_a_package_becomes_a_draft_with_its_differences_and_is_not_published(
    desk: Desk, nora: Browser
) -> None:
    content = changed_release(desk, nora)
    answer = send(nora, content)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DRAFT}/publish")
    page = nora.get(f"{DRAFT}/publish").text
    assert "Release 1 of “site_visit”, signed by this portal, is here as a draft." in page
    assert "Field “Title” (title) changed: label." in page
    assert desk.current() == 2


def test_an_open_draft_is_kept_and_its_author_named(desk: Desk, nora: Browser) -> None:
    content = changed_release(desk, nora)
    desk.open_draft(nora)
    desk.save(nora, "mine")
    answer = send(nora, content)
    assert answer.status_code == 409
    assert "“site_visit” has a draft open, begun by Nora. It is kept as it is." in answer.text
    assert f'href="{DRAFT}"' in answer.text
    assert desk.text() == "mine"


def test_what_is_no_package_is_refused_with_what_to_do(
    nora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = send(nora, b"hello")
    assert answer.status_code == 422
    assert "no package of a module" in answer.text
    answer = nora.post(IMPORT)
    assert answer.status_code == 422
    assert "its name ends in .portal" in answer.text
    monkeypatch.setattr(limits, "PACKAGE_BYTES", 1_000)
    answer = send(nora, b"0" * 1_001)
    assert answer.status_code == 413
    assert "The package is larger than" in answer.text


def test_an_unknown_key_is_refused_until_it_is_trusted(
    desk: Desk, nora: Browser, tmp_path: Path
) -> None:
    content = changed_release(desk, nora)
    home = Path(desk.stage.app.instance_path)
    shutil.move(home / keys.FILE, tmp_path / keys.FILE)  # as if another portal had signed it
    key = keys.signing_key(tmp_path).public_key()
    answer = send(nora, content)
    assert answer.status_code == 422
    assert "a key this portal does not trust" in answer.text
    assert keys.fingerprint_of(key)[:8] in answer.text
    assert KEYS in answer.text
    assert nora.post(KEYS, name=HOSTILE, public_key=keys.pem_of(key)).status_code == 303
    page = nora.get(KEYS).text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
    assert keys.fingerprint_of(key)[:8] in page
    assert send(nora, content).status_code == 303
    assert nora.post(f"{KEYS}/{keys.fingerprint_of(key)}/remove").status_code == 303
    assert keys.fingerprint_of(key)[:8] not in nora.get(KEYS).text
    assert nora.post(f"{KEYS}/{keys.fingerprint_of(key)}/remove").status_code == 404


def test_a_file_changed_on_the_way_is_named(desk: Desk, nora: Browser) -> None:
    found = unpack(changed_release(desk, nora))
    content = pack(found.manifest, {**found.files, FORM: b"{}"})
    answer = send(nora, content)
    assert answer.status_code == 422
    assert f"“{FORM}” is not the file that was signed." in answer.text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("", "x", "Say whose key this is."),
        ("Them", "no key", "This is no Ed25519 public key."),
        ("Them", "-----BEGIN PRIVATE KEY-----", "It must never leave its portal"),
        ("Them", "x" * 2_001, "2000"),
    ],
)
def test_a_key_that_cannot_be_trusted_is_refused_and_the_typing_kept(
    nora: Browser, name: str, text: str, said: str
) -> None:
    answer = nora.post(KEYS, name=name, public_key=text)
    assert answer.status_code == 422
    assert said in answer.text
    assert text in answer.text


def test_the_own_key_is_made_by_a_button_not_by_looking(desk: Desk, nora: Browser) -> None:
    home = Path(desk.stage.app.instance_path)
    assert "Make the key" in nora.get(KEYS).text
    assert not (home / keys.FILE).exists()
    assert nora.post(f"{KEYS}/own").status_code == 303
    page = nora.get(KEYS).text
    assert "BEGIN PUBLIC KEY" in page
    assert "PRIVATE" not in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_authors_and_auditors_see_the_pages(desk: Desk, language: str) -> None:
    for login, allowed in (("nora", 200), ("vera", 403)):
        browser = desk.browser(login)
        browser.post("/language", language=language)
        assert browser.get(KEYS).status_code == 200
        assert browser.get(IMPORT).status_code == allowed


@pytest.mark.parametrize("login", ["vera", "rick", "otto", "eve"])
def test_nobody_else_imports_exports_or_trusts(desk: Desk, login: str) -> None:
    browser = desk.browser(login)
    acts = (PACKAGE, IMPORT, KEYS, f"{KEYS}/own", f"{KEYS}/{'a' * 64}/remove")
    assert {browser.post(url).status_code for url in acts} == {403}


@pytest.mark.parametrize("key", ["import", "new", "shipped"])
def test_a_module_is_not_named_like_a_page(nora: Browser, key: str) -> None:
    answer = nora.post("/modules", title_en="X", key=key, group="site", prefix="X")
    assert answer.status_code == 422
    assert "a word of the portal’s own" in answer.text
