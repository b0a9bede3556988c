"""People who file purchases over HTTP as fast as they get answers, and note what was acknowledged."""

import http.client
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from dataclasses import dataclass, field

from tests.records.pages import open_page
from tests.stage import Stage

PATIENCE = 20  # seconds for one answer
PAUSE = 0.05


@dataclass
class Page:
    """A form filled in once: what every submit posts, and the session it is posted with."""

    cookie: str
    values: dict[str, list[str]]


def fill_in(stage: Stage, login: str) -> Page:
    """A purchase as its page posts it."""
    client = stage.browser(login)
    page = open_page(client, "/forms/purchase/new?project=P1")
    page.fill(title="Concrete", urgency="low", lines__0__item="Concrete", lines__0__qty="10")
    page.fill(lines__0__price="20", lines__0__cost_code=stage.entries["cost_code"])
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return Page(f"portal={cookie.value}", page.values)


@dataclass
class Log:
    """What clients sent and heard; a line each, kept outside the portal."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # record → where it led
    unknown: int = 0  # the connection broke: it may have happened
    answers: Counter[int] = field(default_factory=Counter)
    last: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, record_id: str, location: str) -> None:
        with self.lock:
            self.acknowledged[record_id] = location
            self.last = time.monotonic()


class Senders:
    """Threads that send one record after the other; what is unanswered is sent again as it was."""

    def __init__(self, port: int, pages: list[Page]) -> None:
        self.port, self.log, self._stop = port, Log(), threading.Event()
        self._threads = [threading.Thread(target=self._send_on, args=(one,)) for one in pages]

    def start(self) -> None:
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        """Stop sending; what is unanswered then stays unknown."""
        self._stop.set()
        for one in self._threads:
            one.join(PATIENCE + 5)

    def until(self, acknowledged: int, seconds: float) -> None:
        """Wait for so many acknowledgements in all. Raises TimeoutError."""
        late = time.monotonic() + seconds
        while len(self.log.acknowledged) < acknowledged:
            if time.monotonic() > late:
                raise TimeoutError(f"{len(self.log.acknowledged)} of {acknowledged}: {self.log}")
            time.sleep(0.02)

    def _send_on(self, page: Page) -> None:
        while not self._stop.is_set():
            record_id, key = str(uuid.uuid4()), str(uuid.uuid4())
            values = {**page.values, "_request_key": [key]}
            body = urllib.parse.urlencode(values, doseq=True)
            while not self._stop.is_set() and not self._sent(page, record_id, body):
                time.sleep(PAUSE)

    def _sent(self, page: Page, record_id: str, body: str) -> bool:
        """Whether it was acknowledged; 503 and a broken connection are tried again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": page.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", f"/records/{record_id}/submit", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.log.unknown += 1
            return False
        finally:
            connection.close()
        self.log.answers[answer.status] += 1
        if answer.status != 303:
            return False
        self.log.acknowledge(record_id, answer.headers["Location"])
        return True
