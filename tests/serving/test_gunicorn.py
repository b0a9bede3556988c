"""The server people really have in front of the portal, with what only it refuses."""

import http.client
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.ids import new_id
from tests.browser.servers import free_port
from tests.conftest import ON_POSTGRES
from tests.stage import Stage, config_home, stage
from tests.web.test_downloads import names_in, read_in_chinese

__all__ = ["stage"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    """Where gunicorn serves the stage."""
    config, port = stage.app.config, free_port()
    environ = {
        **os.environ,
        "PORTAL_HOME": str(config_home(stage.app)),
        "DATABASE_URL": config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else "",
        "SECRET_KEY": config["SECRET_KEY"],
        "EMBEDDED_TICK": "0",
    }
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield _ready(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(15)


def _ready(address: str, process: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return address
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError("gunicorn did not answer")


def cookie_of(stage: Stage, login: str) -> str:
    """The session of a person, as their browser sends it."""
    found = stage.browser(login).get_cookie(stage.app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return f"{found.key}={found.value}"


def test_sheets_and_prints_with_chinese_names_arrive(stage: Stage, address: str) -> None:
    read_in_chinese(stage, "rita")
    draft = stage.draft("rita", stage.purchase(title="基坑混凝土"))
    for page, name in (
        ("/forms/purchase/export.xlsx", "采购申请.xlsx"),
        (f"/records/{draft}/print.pdf", "基坑混凝土.pdf"),
    ):
        request = urllib.request.Request(
            f"{address}{page}", headers={"Cookie": cookie_of(stage, "rita")}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
            assert names_in(answer.headers["Content-Disposition"])[1] == name


@pytest.mark.parametrize("megabytes", [30, 60])
def test_a_body_above_the_limit_is_heard_out_and_answered_in_words(
    stage: Stage, address: str, megabytes: int
) -> None:
    """Hanging up with the body half read would show the browser a broken connection."""
    read_in_chinese(stage, "rita")
    where = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    portion = b"x" * 1_000_000
    connection.request(
        "POST",
        f"/records/{new_id()}/upload",
        body=(portion for _ in range(megabytes)),
        headers={
            "Cookie": cookie_of(stage, "rita"),
            "Content-Type": "multipart/form-data; boundary=b",
            "Content-Length": str(megabytes * len(portion)),
            "HX-Request": "true",
        },
    )
    answer = connection.getresponse()
    assert answer.status == 413
    assert "单个文件不得超过 25 MB" in answer.read().decode()
    connection.close()
