"""A file above the limit: the page says so at once and sends nothing."""

from pathlib import Path

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server

LIMIT = 25_000_000


def test_a_file_above_the_limit_is_refused_before_it_is_sent(
    demo_server: Server, new_page: NewPage, tmp_path: Path
) -> None:
    large = tmp_path / "panorama.png"
    with large.open("wb") as file:
        file.truncate(LIMIT + 1)
    page = new_page(demo_server)
    sign_in_by_card(page, "chen.li")
    page.goto("/forms/day_labor/new?project=HB01")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/upload") else None)
    page.locator(".upload-input").first.set_input_files(large)
    said = page.get_by_text("“panorama.png” is too large: a file may have at most 25 MB.")
    said.wait_for()
    assert sent == []
