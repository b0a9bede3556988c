"""Every main page, in both languages, wide and narrow: nothing breaks, axe finds nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.bounds import PROVE
from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import DESK, NewPage
from tests.browser.servers import Server
from tests.browser.watching import axe, picture

PHONE = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SETTLED = "document.fonts.ready.then(() => true)"

# A page is an address, or a page and the link on it to follow.
Way = str | tuple[str, str]

PAGES: dict[str, tuple[str, list[Way]]] = {
    "director": (
        "lin.hai",
        [
            "/",
            "/inbox",
            ("/inbox", 'main a[href^="/inbox/"]'),
            "/start",
            "/projects",
            "/projects/HB01",
            "/projects/HB01/cost",
            "/projects/HB01/cost/parts?column=to_complete&ccy=CNY",
            "/projects/HB01/cost/commitments",
            "/projects/HB01/cost/requests",
            "/projects/HB01/cost/months?until=2026-06",
            "/projects/HB01/cost?rows=wbs",
            "/projects/HB01/cost/snapshots",
            "/projects/HB01/funds",
            ("/projects/HB01/funds", 'tbody a[href*="/entries"]'),
            "/projects/HB01/funds/plan",
            ("/projects/HB01/funds/plan", 'a[href*="/funds/expected"]'),
            "/cash",
            ("/projects/HB01/funds", 'tbody a[href*="/funds/contracts/"]'),
            "/projects/HB01/funds/due",
            "/projects/HB01/funds/checks",
            "/projects/HB01/funds/accounts",
            "/projects/HB01/labor",
            "/projects/HB01/labor/wages",
            "/projects/HB01/labor/summary?by=trade",
            "/projects/HB01/labor/ledger",
            "/projects/HB01/labor/conflicts",
            "/projects/HB01/progress",
            "/projects/HB01/health",
            "/projects/HB01/quality",
            "/projects/HB01/weekly",
            "/alerts",
            "/projects/HB01/members",
            "/portfolio",
            "/search?q=pile",
            "/search?q=zzzzzz",
            "/notices",
            "/me",
        ],
    ),
    "plan": (
        "wang.jianguo",
        [
            "/projects/HB01/progress/schedule",
            ("/projects/HB01/progress/schedule", ".gantt-table tbody a[href*='/tasks/']"),
            "/projects/HB01/progress/edit",
            "/projects/HB01/progress/moved",
            "/projects/HB01/progress/exchange",
            "/projects/HB01/progress/earned",
            "/projects/HB01/progress/earned/tasks",
            "/projects/HB01/progress/baselines",
            ("/projects/HB01/progress/baselines", "tbody a[href*='/baselines/']"),
            ("/projects/HB01/progress/baselines", "tbody a[href*='-difference']"),
            "/projects/HB01/progress/lookahead",
            "/projects/HB01/progress/trend",
            "/projects/HB01/progress/checks",
            "/projects/HB01/progress/resources",
            "/projects/HB01/progress/simulation",
            "/projects/HB01/progress/forecast",
            ("/projects/HB01/progress/forecast", "tbody a[href*='on=']"),
            "/projects/HB01/progress/bottlenecks",
            ("/projects/HB01/progress/bottlenecks", "tbody a[href*='/bottlenecks/step']"),
            ("/projects/HB01/progress/bottlenecks", "tbody a[href*='/bottlenecks/stock/']"),
            ("/forms/task", 'tbody a[href^="/records/"]'),
        ],
    ),
    "lists": (
        "wang.jianguo",
        [
            "/forms/payment",
            "/forms/payment?state=approved",
            ("/forms/payment?state=approved", 'tbody a[href^="/records/"]'),
            "/forms/change_request",
            ("/forms/change_request", 'tbody a[href^="/records/"]'),
            "/forms/day_labor",
            ("/forms/day_labor", 'tbody a[href^="/records/"]'),
            "/forms/contract",
            ("/forms/contract", 'tbody a[href^="/records/"]'),
            "/forms/worker",
            "/forms/milestone",
            "/forms/cost_code",
            "/projects/HB01/settings",
        ],
    ),
    "engineer": (
        "zhou.min",
        [
            "/forms/payment/new",
            "/forms/payment/new?project=HB01",
            "/projects/HB01/funds/plan/draft",
            ("/", '#drafts a[href^="/records/"]'),
            "/forms/contract/new?project=HB01",
            "/forms/change_request/new?project=HB01",
            "/projects/HB01/funds/plan/draft",
            "/start",
        ],
    ),
    "cashier": (
        "sun.yue",
        [
            "/",
            "/forms/payment_voucher",
            ("/forms/payment_voucher", 'tbody a[href^="/records/"]'),
            "/forms/payment_voucher/new?project=HB01",
        ],
    ),
    "site": (
        "chen.li",
        [
            "/",
            "/forms/day_labor/new?project=HB01",
            ("/", '#drafts a[href^="/records/"]'),
            ("/", '#sent a[href^="/records/"]'),
        ],
    ),
    "administrator": (
        "an.ran",
        [
            "/",
            "/admin",
            "/admin/company",
            "/admin/people",
            ("/admin/people", 'tbody a[href^="/admin/people/"]'),
            "/admin/people/new",
            "/admin/people/import",
            "/admin/departments",
            ("/admin/departments", 'main a[href^="/admin/departments/"]:not([href$="new"])'),
            "/admin/roles",
            "/modules",
            "/modules/payment",
            "/modules/payment/draft",
            ("/modules/payment", 'tbody a[href*="/releases/"]'),
            "/modules/new",
            "/projects/new",
            "/stuck",
            ("/stuck", 'main a[href^="/stuck/"]'),
        ],
    ),
    "nobody": ("", ["/sign-in", "/forgotten"]),
}


def open_way(page: Page, way: Way) -> None:
    if isinstance(way, str):
        answer = page.goto(way)
    else:
        if not page.url.endswith(way[0]):  # most stand behind the page they are found on
            page.goto(way[0])
        target = page.locator(way[1]).first.get_attribute("href")
        assert target, f"{way[0]}: no link {way[1]}"
        answer = page.goto(target)
    assert answer is not None
    assert answer.ok, f"{way}: {answer.status}"


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, wide and narrow.

    Axe is most of the time: unless proving it reads English narrow and Chinese wide.
    """
    found = []
    english = page.evaluate("document.documentElement.lang").startswith("en")
    for width, size, is_read in (("1440", DESK, not english), ("390", PHONE, english)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(SETTLED)
        picture(page, f"{width}/{name}")
        if is_read or PROVE:
            found += [f"{name} at {width}: {one}" for one in axe(page)]
        over = page.evaluate(TOO_WIDE)
        if over > 0:
            found.append(f"{name} at {width}: {over} px too wide")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def _name(way: Way) -> str:
    text = way if isinstance(way, str) else f"{way[0]} then"
    return re.sub(r"[^a-zA-Z0-9_.-]+", "_", text).strip("_") or "home"


def _walk(open_page: Callable[[], Page], login: str, ways: list[Way], prefix: str) -> list[str]:
    page = open_page()
    if login:
        sign_in_by_card(page, login)
    found = []
    for way in ways:
        open_way(page, way)
        found += look(page, f"{prefix}/{_name(way)}")
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("who", list(PAGES))
def test_pages_are_whole(demo_server: Server, new_page: NewPage, who: str, language: str) -> None:
    login, ways = PAGES[who]
    found = _walk(lambda: new_page(demo_server, language), login, ways, f"{who}-{language}")
    assert found == [], "\n".join(found)
