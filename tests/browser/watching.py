"""What to see in a page: script errors, breaches of its policy, what axe finds, pictures."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Refusals of ours (htmx tells them too), and a page left while it was asking.
EXPECTED = re.compile(r"status of 4\d\d|Status Error Code 4\d\d|^htmx:(sendAbort|afterRequest), ")
BREACH = re.compile(r"Content Security Policy|policy breach", re.I)
TELL_BREACHES = """document.addEventListener('securitypolicyviolation', (event) => console.error(
  'policy breach', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber));
"""
RUN_AXE = """async () => {
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(v => ({rule: v.id, impact: v.impact, help: v.help,
    where: v.nodes.slice(0, 3).map(n => n.target.join(' ') + '  ' + n.html.slice(0, 160)),
    count: v.nodes.length}));
}"""


@dataclass
class Watched:
    """What went wrong in a page so far."""

    problems: list[str] = field(default_factory=list)


def watch(page: Page) -> Watched:
    """Listen to a page: script errors, console errors, policy breaches, answers of 500."""
    watched = Watched()

    def on_console(message: ConsoleMessage) -> None:
        expected = EXPECTED.search(message.text)
        wrong = message.type == "error" and not expected
        if wrong or BREACH.search(message.text):  # whatever the browser calls it
            watched.problems.append(f"{page.url}: console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            watched.problems.append(f"{response.url}: answered {response.status}")

    page.add_init_script(TELL_BREACHES)
    page.on("console", on_console)
    page.on("pageerror", lambda error: watched.problems.append(f"{page.url}: {error}"))
    page.on("response", on_response)
    return watched


def axe(page: Page) -> list[str]:
    """What axe finds on the page at rest; one line per broken rule."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return [
        f"{one['rule']} ({one['impact']}, {one['count']}x): {one['help']}\n    "
        + "\n    ".join(one["where"])
        for one in found
    ]


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture, when SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        place = Path(folder) / f"{name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=place, full_page=whole)
