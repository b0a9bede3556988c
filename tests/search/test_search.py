"""Search: numbers and titles of what one may see, and nothing else."""

import pytest

from portal import limits
from tests.stage import Stage

HTMX = {"HX-Request": "true"}


@pytest.fixture
def named(stage: Stage) -> Stage:
    """Purchases whose titles and numbers tell them apart; one of them is still a draft of Ron's."""
    for title in ("Concrete for the pit", "100% cotton_cloths", "Crane hire", "脚手架租赁"):
        stage.filed(stage.purchase(title=title))
    stage.draft("ron", stage.purchase(title="Crane for Ron alone"))
    return stage


def hits(stage: Stage, login: str, query: str) -> list[str]:
    """The titles found, in order."""
    answer = stage.browser(login).get("/search", query_string={"q": query, "stay": "1"})
    assert answer.status_code == 200
    body = answer.text.partition("<tbody")[2].partition("</tbody>")[0]
    titles = (
        "Concrete for the pit",
        "100% cotton_cloths",
        "Crane hire",
        "脚手架租赁",
        "Crane for Ron",
    )
    return sorted((one for one in titles if one in body), key=body.index)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("concrete", ["Concrete for the pit"]),
        ("架租", ["脚手架租赁"]),
        ("pu-p1-2026-0003", ["Crane hire"]),
        ("PU-P1", ["脚手架租赁", "Crane hire", "100% cotton_cloths", "Concrete for the pit"]),
        ("100%", ["100% cotton_cloths"]),
        ("n_c", ["100% cotton_cloths"]),
        ("0% c", ["100% cotton_cloths"]),
        ("%", ["100% cotton_cloths"]),
        ("_", ["100% cotton_cloths"]),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("  crane  ", ["Crane hire"]),
    ],
)
def test_numbers_and_titles_are_found_letter_by_letter_the_latest_first(
    named: Stage, query: str, found: list[str]
) -> None:
    assert hits(named, "rita", query) == found


def test_everybody_finds_what_they_may_see(named: Stage) -> None:
    assert hits(named, "carl", "crane") == ["Crane hire"]
    assert hits(named, "audrey", "crane") == ["Crane hire"]
    assert hits(named, "ron", "crane") == ["Crane for Ron", "Crane hire"]
    for login in ("olga", "nobody", "oskar"):
        assert hits(named, login, "crane") == []
        answer = named.browser(login).get("/search?q=PU-P1-2026-0003")
        assert answer.status_code == 200, "an exact number of something hidden leads nowhere"
        assert "Nothing found" in answer.text


def test_an_exact_number_leads_straight_to_its_record(named: Stage) -> None:
    browser = named.browser("rita")
    answer = browser.get("/search?q=pu-p1-2026-0003")
    assert answer.status_code == 303
    record = named.record(answer.location.rpartition("/")[2])
    assert (record.number, record.subject) == ("PU-P1-2026-0003", "Crane hire")
    fragment = browser.get("/search?q=pu-p1-2026-0003", headers=HTMX)
    assert fragment.headers["HX-Redirect"] == answer.location


def test_nothing_typed_and_nothing_found_say_what_search_looks_at(named: Stage) -> None:
    browser = named.browser("rita")
    for address in ("/search", "/search?q=", "/search?q=%20%20"):
        assert "Type a number or part of a title" in browser.get(address).text
    missing = browser.get("/search?q=<script>alert(1)</script>").text
    assert "Nothing found for “&lt;script&gt;alert(1)&lt;/script&gt;”" in missing
    assert "Search looks at numbers and titles" in missing


def test_search_speaks_both_languages(named: Stage) -> None:
    named.speaks_chinese("rita")
    browser = named.browser("rita")
    assert "输入编号或标题的一部分" in browser.get("/search").text
    assert "没有找到“zzz”" in browser.get("/search?q=zzz").text
    assert "审批中" in browser.get("/search?q=crane").text


def test_too_many_hits_are_cut_and_it_is_said(
    named: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SEARCH_HITS", 2)
    browser = named.browser("rita")
    page = browser.get("/search?q=PU-P1").text
    assert page.partition("<tbody")[2].count("<tr>") == 2
    assert "There are more" in page
    assert "There are more" not in browser.get("/search?q=00%25").text


@pytest.mark.parametrize("query", ["q=a%00b", "q=x&q=a%00b"])
def test_what_no_text_holds_is_refused(named: Stage, query: str) -> None:
    assert named.browser("rita").get(f"/search?{query}").status_code == 400


@pytest.mark.parametrize("query", ["q=" + "x" * 5_000, "q=%ff%fe", "q=zz&q=2", "stay=&q=%25%25"])
def test_odd_input_finds_nothing_and_breaks_nothing(named: Stage, query: str) -> None:
    answer = named.browser("rita").get(f"/search?{query}")
    assert answer.status_code == 200
    assert "<tbody" not in answer.text


def test_who_is_not_signed_in_is_asked_to(named: Stage) -> None:
    answer = named.app.test_client().get("/search?q=crane")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    assert "Crane" not in answer.text


def test_searching_writes_nothing(named: Stage) -> None:
    browser = named.browser("rita")
    browser.get("/")
    before = named.fingerprint()
    for headers in ({}, HTMX):
        for query in ("", "crane", "PU-P1-2026-0003", "zzz"):
            browser.get(f"/search?q={query}", headers=headers)
    assert named.fingerprint() == before
