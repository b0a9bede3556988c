"""Takes the README's pictures of the demo company: `make pictures`.

Starts a portal of its own on a free port with an empty home, loads the demo, and looks at its pages
with Chromium. A picture is taken when its page stands still, and kept small by its palette.
"""
# ruff: noqa: INP001 - a script, no package

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
MOST_BYTES = 250_000
DESK, PHONE = (1440, 900), (390, 844)
TO_TOP = "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 80)"
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SERVE = "from portal.cli import main; main()"


def main() -> int:
    """Take every picture, or those named on the command line."""
    wanted = set(sys.argv[1:])
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is needed for the pictures.")
        return 1
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, scene in SCENES.items():
            if not wanted or name in wanted:
                scene(Studio(browser, address, name))
    return 0


@contextmanager
def demo() -> Iterator[str]:
    """The address of a portal with the demo company; of a running one if PICTURES_FROM says so."""
    given = os.environ.get("PICTURES_FROM")
    if given:
        yield given
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", SERVE, "serve", "--demo", "--port", str(port)]
        env = {**os.environ, "PORTAL_HOME": home, "DATABASE_URL": ""}
        server = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own portal
        try:
            await_answer(port, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def await_answer(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the portal listens; the demo takes a while to load."""
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the portal did not start")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the portal does not answer")


class Studio:
    """Signs in as one of the cards and takes one picture."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.browser, self.address, self.name = browser, address, name

    def enter(
        self,
        login: str,
        *,
        size: tuple[int, int] = DESK,
        language: str = "en",
        theme: str = "light",
    ) -> Page:
        """A page signed in as this person of the demo."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            device_scale_factor=2 if size == PHONE else 1,
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.locator(f"form:has(input[value='{login}']) button").first.click()
        page.wait_for_load_state("networkidle")
        return page

    def open(self, page: Page, path: str) -> None:
        """Go to a page and let it settle."""
        page.goto(f"{self.address}{path}")
        page.wait_for_load_state("networkidle")

    def take(self, page: Page) -> None:
        """Keep the picture, as small as a palette makes it."""
        page.wait_for_load_state("networkidle")
        page.evaluate(PAINTED)
        raw = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        if raw.width > DESK[0]:
            raw = raw.resize((raw.width // 2, raw.height // 2))
        small = raw.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        place = FOLDER / f"{self.name}.png"
        small.save(place, optimize=True)
        size = place.stat().st_size
        print(f"{place.name}: {size // 1000} kB", flush=True)
        if size > MOST_BYTES:
            raise SystemExit(f"{place.name} is larger than {MOST_BYTES // 1000} kB")
        page.context.close()


def home(studio: Studio) -> None:
    """Home with the Try it card."""
    studio.take(studio.enter("zhou.min"))


def payment_form(studio: Studio) -> None:
    """The payment form, its one quantity typed and everything else worked out."""
    page = studio.enter("zhou.min")
    page.get_by_role("link", name="Open the form").click()
    page.wait_for_load_state("networkidle")
    quantity = page.locator("input[name$='-this_qty']").first
    with page.expect_response(lambda answer: "recalculate" in answer.url):
        quantity.fill("600")
        quantity.blur()
    page.get_by_text("Enter this period's quantities only").first.evaluate(TO_TOP)
    studio.take(page)


def decide(studio: Studio) -> None:
    """The page on which the director decides a payment."""
    page = studio.enter("lin.hai")
    studio.open(page, "/inbox?form=payment")
    page.locator("tbody a").first.click()
    studio.take(page)


def cost(studio: Studio) -> None:
    """The cost sheet of a project."""
    page = studio.enter("wang.jianguo")
    studio.open(page, "/projects/HB01/cost")
    studio.take(page)


def entries(studio: Studio) -> None:
    """What one figure of the cost sheet is made of."""
    page = studio.enter("wang.jianguo")
    studio.open(page, "/projects/HB01/cost?columns=all")
    row = page.get_by_role("row").filter(has_text="Subcontract 分包费")
    row.locator("a[href*='column=changes']").click()
    studio.take(page)


def editor(studio: Studio) -> None:
    """The form of payments in the editor, its preview beside it."""
    _in_draft(studio, "payment.form.json")


def chain(studio: Studio) -> None:
    """The approval chain of payments, step by step."""
    _in_draft(studio, "payment.workflow.json/chain")


def _in_draft(studio: Studio, place: str) -> None:
    page = studio.enter("an.ran")
    studio.open(page, "/modules/payment")
    start = page.get_by_role("button", name="Open a draft")
    if start.count():
        start.click()
        page.wait_for_load_state("networkidle")
    studio.open(page, f"/modules/payment/draft/{place}")
    studio.take(page)


def funds_zh(studio: Studio) -> None:
    """The contract ledger in Chinese."""
    page = studio.enter("wang.jianguo", language="zh")
    studio.open(page, "/projects/HB01/funds")
    studio.take(page)


def schedule(studio: Studio) -> None:
    """The plan of a project: table and bars, critical path, baseline, data date."""
    page = studio.enter("wang.jianguo")
    studio.open(page, "/projects/HB01/progress/schedule")
    studio.take(page)


def cash(studio: Studio) -> None:
    """The cash curve with its lowest point and the balance of a day, and plan against actual."""
    page = studio.enter("wang.jianguo")
    studio.open(page, "/projects/HB01/funds/plan")
    page.locator(".chart-canvas").first.hover()
    studio.take(page)


def health(studio: Studio) -> None:
    """What is in trouble, by which figure, and what can be done next."""
    page = studio.enter("wang.jianguo")
    studio.open(page, "/projects/HB01/health")
    studio.take(page)


def portfolio_dark(studio: Studio) -> None:
    """The portfolio in the dark."""
    page = studio.enter("lin.hai", theme="dark")
    studio.open(page, "/portfolio")
    studio.take(page)


def phone(studio: Studio) -> None:
    """A day-labor ticket on a phone."""
    page = studio.enter("chen.li", size=PHONE)
    studio.open(page, "/forms/day_labor/new?project=HB01")
    studio.take(page)


SCENES = {
    "home": home,
    "payment-form": payment_form,
    "decide": decide,
    "cost": cost,
    "entries": entries,
    "editor": editor,
    "chain": chain,
    "funds-zh": funds_zh,
    "schedule": schedule,
    "cash": cash,
    "health": health,
    "portfolio-dark": portfolio_dark,
    "phone": phone,
}


if __name__ == "__main__":
    sys.exit(main())
