"""What downloads are called: whole for today's browsers, in ASCII for every server."""

import re
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from portal.accounts.models import Person
from portal.db import db, unscoped
from portal.records.models import Attachment
from portal.web.downloads import disposition
from tests.stage import Stage


def read_in_chinese(stage: Stage, *logins: str) -> None:
    with stage.system(writing=True):
        people = [stage.people[login] for login in logins]
        chosen = update(Person).where(Person.id.in_(people)).values(language="zh")
        db.session.execute(unscoped(chosen, "a test chooses a language"))


def names_in(header: str) -> tuple[str, str]:
    """(ASCII name, whole name)"""
    found = re.fullmatch(
        r"(?:attachment|inline); filename=\"([^\"\\]+)\"; filename\*=UTF-8''(\S+)", header
    )
    assert found, header
    assert found[1].isascii()
    return found[1], unquote(found[2])


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("付款申请.xlsx", "file.xlsx", "付款申请.xlsx"),
        ("Zement für 付款.pdf", "Zement fur.pdf", "Zement für 付款.pdf"),
        ("PAY-HB01-2026-0001.pdf", "PAY-HB01-2026-0001.pdf", "PAY-HB01-2026-0001.pdf"),
        ('a/b\\c"d\r\nX: y.pdf', "a-b-c-dX- y.pdf", "a-b-c-dX- y.pdf"),
        ("..", "file", "file"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe", "gpj.fdp.exe"),
        ("../../etc/passwd", "etc-passwd", "-..-etc-passwd"),
        ("报告", "file", "报告"),
        ("", "file", "file"),
        (" . ", "file", "file"),
        ("长" * 400 + ".xlsx", "file.xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_said_whole_and_in_letters_every_header_carries(
    name: str, plain: str, whole: str
) -> None:
    assert names_in(disposition(name)) == (plain, whole)
    assert names_in(disposition(name, in_place=True)) == (plain, whole)


def test_what_is_shown_in_place_is_not_kept() -> None:
    assert disposition("a.pdf", in_place=True).startswith("inline; ")
    assert disposition("a.pdf").startswith("attachment; ")


@pytest.fixture
def chinese(stage: Stage) -> Stage:
    read_in_chinese(stage, "rita", "audrey", "paul")
    return stage


def test_a_list_is_kept_under_the_title_of_its_form(chinese: Stage) -> None:
    answer = chinese.browser("rita").get("/forms/purchase/export.xlsx")
    assert names_in(answer.headers["Content-Disposition"])[1] == "采购申请.xlsx"


def test_a_print_is_called_by_its_number_its_title_or_its_form(chinese: Stage) -> None:
    filed = chinese.filed()
    untitled = chinese.draft("rita", {})
    entry = chinese.entries["cost_code"]
    number = chinese.record(filed).number
    subject = chinese.record(entry).subject
    assert number is not None
    assert subject
    browser = chinese.browser("rita")
    for record_id, name in ((filed, number), (untitled, "采购申请"), (entry, subject)):
        answer = browser.get(f"/records/{record_id}/print.pdf")
        assert answer.headers["Content-Disposition"].startswith("inline; ")
        assert names_in(answer.headers["Content-Disposition"])[1] == f"{name}.pdf"


def test_every_header_of_every_page_is_one_a_server_can_send(chinese: Stage) -> None:
    """WSGI servers take headers in latin-1 and answer 500 to anything else."""
    from portal.records import attachments

    with chinese.acting("rita") as viewer:
        row = attachments.store(
            actor=viewer, name="图纸.txt", content="图".encode(), accept=(), field="photo",
            now=chinese.now(),
        )  # fmt: skip
        file = row.id
    record_id = chinese.draft("rita", chinese.purchase(title="基坑混凝土"))
    given = {
        "form_key": "purchase", "record_id": record_id, "code": "P1", "module": "works",
        "number": "1", "attachment_id": file, "form": "purchase", "name": "current.json",
        "person_id": chinese.people["rita"], "kind": "xlsx",
    }  # fmt: skip
    browsers = [chinese.browser(login) for login in ("rita", "audrey", "paul")]
    seen = 0
    for rule in chinese.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        address = re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda part: given.get(part[1], "x"), rule.rule)
        for browser in browsers:
            answer = browser.get(address)
            assert answer.status_code < 500, address
            for head, value in answer.headers:
                f"{head}{value}".encode("latin-1")
            seen += "Content-Disposition" in answer.headers
    assert seen > 15
    assert chinese.rows(Attachment, id=file)
