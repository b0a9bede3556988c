"""A page with a form as a browser without scripts has it: read, filled in, posted."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Controls(HTMLParser):
    """Collects the controls of the form with an id, also those bound to it by `form=`."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form
        self.values: dict[str, list[str]] = {}
        self.inside = False
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value if value is not None else "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form
        name = given.get("name", "")
        if not name or not (self.inside or given.get("form") == self.form):
            if tag == "option" and self.select and "selected" in given:
                self.values[self.select] = [*self._chosen(), given.get("value", "")]
            return
        if tag == "select":
            self.select = name
            self.values.setdefault(name, [] if "multiple" in given else [""])
        elif tag == "textarea":
            self.area = name
            self.values[name] = [""]
        elif tag == "input" and given.get("type") not in {"submit", "file"}:
            if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
                return
            self.values.setdefault(name, []).append(given.get("value", ""))

    def _chosen(self) -> list[str]:
        return [one for one in self.values.get(self.select or "", []) if one]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.values[self.area] = [self.values[self.area][0] + data.removeprefix("\n")]


def controls(html: str, form: str = "entry") -> dict[str, list[str]]:
    """What the form with this id would post as the page stands, buttons and files left out."""
    found = _Controls(form)
    found.feed(html)
    return found.values


@dataclass
class FormPage:
    """What came back and what would be posted; control names as they stand in the page."""

    client: FlaskClient
    html: str
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def record_id(self) -> str:
        """The record the page is for."""
        found = re.search(r'action="/records/([0-9a-f-]{36})/save"', self.html)
        assert found, self.html[:2000]
        return found[1]

    def rows(self, table: str = "lines") -> list[str]:
        """The row ids of a table, in order."""
        return [one for one in self.values.get(f"{table}-order", []) if one]

    def fill(self, **values: Any) -> "FormPage":
        """Type into controls; `lines__0__qty` means the column of the first row."""
        for name, value in values.items():
            table, _mark, rest = name.partition("__")
            if rest:
                number, _mark, key = rest.partition("__")
                name = f"{table}-{self.rows(table)[int(number)]}-{key}"
            self.values[name] = value if isinstance(value, list) else [value]
        return self

    def post(self, act: str, *, htmx: bool = False, **more: Any) -> TestResponse:
        """Send it to save, submit, recalculate or upload."""
        body = {**self.values, **more}
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(f"/records/{self.record_id}/{act}", data=body, headers=headers)

    def shown(self, name: str) -> str:
        """The text of the element with this id."""
        found = re.search(
            rf'id="{re.escape(name)}"[^>]*>(.*?)</(?:output|p|span|td)>', self.html, re.S
        )
        assert found, f"no element {name}"
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip()

    @property
    def problems(self) -> list[str]:
        """The error summary, line by line."""
        box = re.search(r"data-error-summary.*?</div>", self.html, re.S)
        return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", box[0]) if box else []


def read(client: FlaskClient, response: TestResponse) -> FormPage:
    """The form page in a response."""
    html = response.get_data(as_text=True)
    return FormPage(client, html, controls(html))


def open_page(client: FlaskClient, address: str) -> FormPage:
    """Open an address that shows a form."""
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)[:3000]
    return read(client, response)
