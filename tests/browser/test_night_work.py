"""A module as rich as day labor, built from an empty page without JSON: piloted, let out, changed."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.acting import act_as, sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import ROOT, Server
from tests.browser.story import named
from tests.browser.watching import picture

DRAFT = "/modules/night_work/draft"
FORM = f"{DRAFT}/night_work.form.json"
CHAIN = f"{DRAFT}/night_work.workflow.json/chain"
RULES = f"{DRAFT}/night_work.postings.json/design"


def make_the_module(page: Page) -> None:
    """A form of title and amount with one step, as every new module."""
    page.goto("/modules")
    page.get_by_role("link", name="New module").click()
    page.get_by_label("Title in English").fill("Night work")
    page.get_by_label("Title in Chinese").fill("夜间用工")
    page.get_by_role("button", name="Create the module").click()
    page.wait_for_url("**/draft**")


def add_field(
    page: Page,
    kind: str,
    english: str,
    chinese: str,
    *,
    table: str = "",
    required: bool = False,
    target: str = "",
    unit: str = "",
) -> None:
    """One field, or one column of a table."""
    page.goto(f"{FORM}/design/new-field" + (f"?table={table}" if table else ""))
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("Label in English").fill(english)
    page.get_by_label("Label in Chinese").fill(chinese)
    if target:
        page.get_by_label("Links to").select_option(label=target)
    page.get_by_label("Unit", exact=True).fill(unit)
    page.get_by_role("checkbox", name="Required").set_checked(required)
    page.get_by_role("button", name="Add it", exact=True).click()
    expect(page.locator("main")).to_contain_text(english)


def compute(page: Page, address: str, expression: str) -> None:
    """A field worked out from others."""
    page.goto(f"{FORM}/design/fields/{address}")
    page.get_by_text("Further options").click()
    page.get_by_label("Computed by").fill(expression)
    page.get_by_role("button", name="Save the field").click()
    page.wait_for_url("**/design**")


def design_the_form(page: Page) -> None:
    """Who worked how long at what rate; the amounts are worked out."""
    add_field(page, "Date", "Date of work", "作业日期", required=True)
    add_field(page, "Link to a record", "Team", "班组", target="Team", required=True)
    add_field(page, "Link to a record", "Cost code", "成本科目", target="Cost code", required=True)
    add_field(page, "Line table", "Workers", "用工明细", required=True)
    column = {"table": "workers", "required": True}
    add_field(page, "Link to a record", "Worker", "工人", target="Worker", **column)
    add_field(page, "Quantity with unit", "Hours", "工时", unit="h", **column)
    add_field(page, "Amount of money", "Rate", "时薪", **column)
    add_field(page, "Amount of money", "Pay", "应付", table="workers")
    page.goto(f"{FORM}/design/fields/workers.item/remove")
    page.get_by_role("button", name="Remove the field").click()
    compute(page, "workers.pay", "round(row.hours * row.rate, 2)")
    compute(page, "amount", "sum(workers.pay)")


def add_a_rule(page: Page) -> None:
    """A check in every row, with its sentence."""
    page.goto(f"{FORM}/design/fields/workers.hours")
    page.get_by_text("When it is shown, required and wrong").click()
    page.get_by_text("Add a check").click()
    page.get_by_label("Row 1: field").last.select_option(label="Hours")
    page.get_by_label("Row 1: comparison").last.select_option(label="is at most")
    page.get_by_label("Row 1: value").last.fill("12")
    page.get_by_label("Otherwise say in English").fill("Nobody works more than 12 hours.")
    page.get_by_label("Otherwise say in Chinese").fill("每人工时不得超过 12 小时。")
    page.get_by_role("button", name="Save the field").click()
    page.wait_for_url("**/design**")


def add_a_step(page: Page) -> None:
    """After the project manager the contract engineer looks at it."""
    page.goto(CHAIN)
    page.get_by_role("link", name="Add a step").last.click()
    page.get_by_label("Title in English").fill("Checked against the contract")
    page.get_by_label("Title in Chinese").fill("合约复核")
    page.get_by_label("Who is asked, line 1").select_option(label="Contract engineer")
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator("main")).to_contain_text("Checked against the contract")


def bind_the_labor(page: Page) -> None:
    """An entry of labor for every worker, and one of cost, once approved."""
    page.goto(DRAFT)
    page.get_by_role("link", name="Add postings to “Night work”").click()
    for ledger, often, columns in (
        (
            "Labor",
            "for every row of “Workers”",
            {"worker": "Worker", "team": "Team",
                "work_date": "Date of work", "pay_class": "Work on a holiday", "hours": "Hours",
             "rate": "Rate", "amount": "Pay", "cost_code": "Cost code"},
        ),
        ("Cost", "once for the record", {"bucket": "Actual cost"}),
    ):  # fmt: skip
        page.goto(RULES)
        page.get_by_role("link", name="Add a rule").first.click()
        page.get_by_role("radio", name=ledger, exact=True).check()
        page.get_by_label("How often").select_option(label=often)
        page.get_by_role("button", name="Go on to its columns").click()
        for column, bound in columns.items():
            page.locator(f"#set-{column}").select_option(label=bound)
        expect(page.locator("#_posting_check")).to_contain_text("The rule can post.")
        page.get_by_role("button", name="Add the rule").click()
        expect(page.locator("main")).to_contain_text(f"into {ledger}")


def pilot(page: Page) -> None:
    """What the examples lack is made up; the release goes to one project."""
    page.goto(f"{DRAFT}/publish")
    page.get_by_role("button", name="Make values up").click()
    page.get_by_role("button", name="Take over the new values").click()
    picture(page, "night-review")
    page.get_by_role("radio", name="A pilot in some projects").check()
    page.get_by_role("checkbox", name=re.compile("HB01")).check()
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("main")).to_contain_text("New records of HB01 are filed under release 1")
    picture(page, "night-pilot")


def file_one(page: Page) -> str:
    """A night filed by the site engineer; the address of the record."""
    act_as(page, "chen.li")
    expect(page.locator(".demo-menu > summary")).to_contain_text("Chen Li")
    page.goto("/forms/night_work/new?project=HB01")
    page.get_by_label("Title").fill("Concrete until dawn")
    page.get_by_label("Date of work").fill("2026-03-02")
    for key in ("team", "cost_code"):
        choose(page, f"#c-{key}")
    row = page.locator("#c-workers tbody tr, [data-table=workers] tbody tr").first
    choose(page, "select[name$='-worker']")
    row.get_by_label("Hours").fill("13")
    row.get_by_label("Rate").fill("50")
    send(page)
    expect(page.locator("main")).to_contain_text("Nobody works more than 12 hours.")
    row.get_by_label("Hours").fill("8")
    send(page)
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))
    expect(page.locator("main")).to_contain_text("400.00")
    return page.url


def choose(page: Page, which: str) -> None:
    """The first entry a reference offers."""
    control = page.locator(which).first
    value = control.locator("option").nth(1).get_attribute("value")
    control.select_option(value)


def send(page: Page) -> None:
    """Submit, and say so once more."""
    page.get_by_role("button", name="Submit").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    page.wait_for_load_state()


def approve(page: Page, address: str, *logins: str) -> None:
    """Each of them approves."""
    for login in logins:
        act_as(page, login)
        page.wait_for_load_state()
        page.goto(address)
        named(page, "Decide").click()
        page.get_by_role("button", name=re.compile("^Approve")).first.click()
        expect(page.locator("main")).to_contain_text("Approved")


def is_posted(page: Page) -> None:
    """The pay stands in the cost sheet and leads back to the record, for who may see wages."""
    act_as(page, "wang.jianguo")
    page.wait_for_load_state()
    page.goto("/projects/HB01/cost")
    row = page.locator("tr").filter(has_text="Concrete works").first
    row.locator('a[href*="column=actual"]').click()
    entry = page.locator("tr").filter(has_text=re.compile(r"NW-HB01-"))
    expect(entry.first).to_contain_text("400.00")


def let_out(page: Page) -> None:
    """From the pilot to everybody."""
    act_as(page, "an.ran")
    page.wait_for_load_state()
    page.goto("/modules/night_work")
    page.get_by_role("button", name="Let it out to everybody").click()
    page.get_by_role("dialog").get_by_role("button", name="Let it out").click()
    expect(page.locator("main")).to_contain_text("can be filed from now on")


def change_it(page: Page) -> None:
    """A field every new night has to say; the nights so far get a value by a migration."""
    page.goto("/modules/night_work")
    page.get_by_role("button", name="Open a draft").click()
    add_field(page, "Text", "Place of work", "作业部位", required=True)
    page.goto(f"{FORM}/migration")
    page.get_by_role("link", name="Fill in where it is empty").click()
    page.get_by_label("The field to fill in").select_option("place_of_work")
    page.get_by_label("The value, as one would type it").fill("Pier 3")
    page.get_by_role("button", name="Save the step").click()
    picture(page, "night-migration")
    page.goto(f"{DRAFT}/publish")
    page.get_by_role("button", name="Make values up").click()
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("main")).to_contain_text("use release 2")


def move_what_is_stored(page: Page, home: Path) -> None:
    """The night that was approved under release 1 moves to release 2, tried before it is done."""
    page.goto("/modules/night_work")
    page.get_by_role("link", name="Stored records").click()
    page.get_by_role("link", name="Move records").first.click()
    page.get_by_role("checkbox", name=re.compile("Approved by a chain")).check()
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("main")).to_contain_text("Pier 3")
    picture(page, "night-dry-run")
    page.get_by_role("button", name="Move them").click()
    portal_command(home, "conversions", "run")
    page.reload()
    expect(page.locator("main")).to_contain_text("1 of 1 looked at")
    picture(page, "night-moved")


def go_back(page: Page) -> None:
    """The content of release 1 again, as release 3; nothing is deleted."""
    page.goto("/modules/night_work")
    page.get_by_role("button", name="Go back").last.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("again$")).click()
    expect(page.locator("main")).to_contain_text("use release 3")


def is_sound_outside(page: Page, folder: Path) -> None:
    """What is taken out passes the check of the command line."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="Export").first.click()
    archive = folder / "night_work.zip"
    taken.value.save_as(archive)
    with zipfile.ZipFile(archive) as box:
        box.extractall(folder)
    done = portal_command(folder, "definitions", "check", str(folder / "night_work"))
    assert "night_work: 0 errors" in done


def portal_command(home: Path, *words: str) -> str:
    """What the command line answers; it has to succeed."""
    command = [sys.executable, "-c", "from portal.cli import main; main()", *words]
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environ, cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_module_built_from_an_empty_page_is_piloted_let_out_changed_and_taken_back(
    fresh_demo: Server, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    make_the_module(page)
    design_the_form(page)
    add_a_rule(page)
    picture(page, "night-fields")
    add_a_step(page)
    bind_the_labor(page)
    pilot(page)
    address = file_one(page)
    approve(page, address, "wang.jianguo", "zhou.min")
    is_posted(page)
    let_out(page)
    change_it(page)
    move_what_is_stored(page, fresh_demo.home)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Pier 3")
    go_back(page)
    is_sound_outside(page, tmp_path)
