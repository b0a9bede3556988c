"""A release is published while somebody fills in the form: nothing typed is lost."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import COMMAND, ROOT, Server
from tests.browser.watching import picture


def publish_without(server: Server, field: str, folder: Path) -> None:
    """Publish the payment module without one of its fields, as `portal definitions publish`."""
    shutil.copytree(ROOT / "form_definitions" / "payment", folder)
    file = folder / "payment.form.json"
    raw = json.loads(file.read_text("utf-8"))
    raw["version"] += 1
    del raw["data"]["properties"][field]
    for section in raw["layout"]:
        if field in section.get("fields", ()):
            section["fields"].remove(field)
    file.write_text(json.dumps(raw), "utf-8")
    environ = {**os.environ, "PORTAL_HOME": str(server.home), "PYTHONPATH": str(ROOT)}
    command = [*COMMAND[:-1], "definitions", "publish", str(folder)]
    subprocess.run(command, check=True, env=environ, cwd=server.home)


def test_a_release_under_an_open_page_loses_nothing(
    fresh_demo: Server, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.goto("/forms/payment/new?project=HB01")
    page.locator("#c-invoice_no").fill("31000012")
    expect(page.locator("#save_state")).to_contain_text("Saved", timeout=20_000)
    publish_without(fresh_demo, "note", tmp_path / "payment")
    page.locator("#c-note").fill("Crane stood still for two days")
    page.locator("#c-invoice_no").fill("31000099")
    told = page.locator("#save_state")
    expect(told).to_contain_text("A new release of this form was published", timeout=20_000)
    told.get_by_role("button", name="Take it over").click()
    expect(page.locator(".conflict")).to_contain_text("The form has changed")
    expect(page.locator(".conflict")).to_contain_text("Crane stood still for two days")
    expect(page.locator("#c-invoice_no")).to_have_value("31000099")
    expect(page.locator("#c-note")).to_have_count(0)
    picture(page, "newer-release")
    page.get_by_role("button", name="Save draft").first.click()
    page.wait_for_url(re.compile(r"/edit$"))
    expect(page.locator(".conflict")).to_have_count(0)
    expect(page.locator("#c-invoice_no")).to_have_value("31000099")
