"""A real server and a real browser. CHROMIUM names the browser; SCREENSHOTS=dir keeps pictures.

DEMO_HOME=dir reuses a home in which the demo company is loaded already, while writing tests.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import servers
from tests.browser.servers import Server
from tests.browser.watching import Watched, watch

DESK = {"width": 1440, "height": 900}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
)
LOCALES = {"en": "en-US", "zh": "zh-CN"}

# What takes longest begins first, so that no process is left with it at the end; in the second
# place something that does not wait for the demo.
FIRST = (
    "does_what_it_says[en]",
    "demo_is_there_outside_it",
    "works_once",
    "does_what_it_says[zh]",
    "pages_are_whole[director",
    "built_from_an_empty_page",
    "made_like_another",
    "whole_story",
    "pages_are_whole[plan",
    "pages_are_whole[administrator",
)

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of `FIRST`; all others as they stand."""

    def place(item: pytest.Item) -> int:
        return next((n for n, part in enumerate(FIRST) if part in item.nodeid), len(FIRST))

    here = [n for n, one in enumerate(items) if Path(__file__).parent in one.path.parents]
    for n, item in zip(here, sorted((items[n] for n in here), key=place), strict=True):
        items[n] = item


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    place = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if place is None:
        pytest.fail("no Chromium: install it, or name it in CHROMIUM")
    launched = playwright.chromium.launch(executable_path=place, args=list(QUIET))
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the loaded demo company is kept for all processes of this run; nobody changes it."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "untouched-demo"


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """One process of the run after the other."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def demo_server(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The portal with the demo company, only looked at: one loads it as `make run` starts it first.

    The other processes of the run start with a copy of what the first one loaded.
    """
    home = tmp_path_factory.mktemp("demo")
    with alone(untouched):
        if untouched.exists():
            servers.copy_home(untouched, home)
        elif os.environ.get("DEMO_HOME"):
            servers.copy_home(Path(os.environ["DEMO_HOME"]), home)
        server = servers.start(home, demo=True)
        if not untouched.exists():
            servers.copy_home(home, untouched)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def untouched_demo(demo_server: Server, untouched: Path) -> Path:
    """A copy of the loaded demo company that nobody changes."""
    return untouched


@pytest.fixture
def fresh_demo(untouched_demo: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo company of this test's own."""
    home = tmp_path / "home"
    servers.copy_home(untouched_demo, home)
    server = servers.start(home, demo=True)
    yield server
    server.stop()


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """The portal as `make run DEMO=0` starts it: empty, with a set-up link."""
    server = servers.start(tmp_path / "home", demo=False)
    yield server
    server.stop()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages: new_page(server, language="en", script=True, touch=False). What goes wrong in them fails."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(
        server: Server, language: str = "en", *, script: bool = True, touch: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=server.address,
            viewport=DESK,  # type: ignore[arg-type]
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watched.append(watch(page))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [problem for one in watched for problem in one.problems] == []
