"""Changing a record at a step: where one goes on afterwards, and what is said of it."""

from tests.approvals.test_pages import address
from tests.records.pages import open_page
from tests.stage import Stage


def change(stage: Stage, login: str, record_id: str, **values: str) -> tuple[str, str]:
    """Fill in the form at one's step and save it; (where that leads, what the page there says)."""
    url, _ = address(stage, login, record_id)
    browser = stage.browser(login)
    page = open_page(browser, f"/records/{record_id}/edit?task={url.rpartition('/')[2]}")
    answer = page.fill(**values).post("submit")
    assert answer.status_code == 303, answer.text[:2000]
    return answer.location, browser.get(answer.location).text


def test_a_plain_change_leads_back_to_the_task(stage: Stage) -> None:
    record_id = stage.filed()
    url, _ = address(stage, "carl", record_id)
    where, told = change(stage, "carl", record_id, site_note="Mind the pit")
    assert where == url
    assert "Your changes are saved." in told
    assert "sign" not in told.partition("Your changes are saved.")[2].partition("</p>")[0]


def test_whose_signatures_went_is_said_and_whoever_is_asked_anew_decides_there(
    stage: Stage,
) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    where, told = change(stage, "mark", record_id, lines__0__qty="12")
    assert where == f"/records/{record_id}", "it waits for the checkers now"
    assert "The signatures of Carl are removed; everybody signs again." in told
    assert "This no longer waits for you" not in told


def test_who_is_asked_anew_goes_on_at_the_new_task(stage: Stage) -> None:
    record_id = stage.filed()
    old, _ = address(stage, "carl", record_id)
    where, told = change(stage, "carl", record_id, lines__0__qty="12")
    again, _ = address(stage, "carl", record_id)
    assert where == again != old
    assert "Your changes are saved." in told
    reopened = stage.browser("carl").get(old)
    assert (reopened.status_code, reopened.location) == (303, again)


def test_the_author_learns_that_the_requester_is_asked_to_confirm(billing: Stage) -> None:
    record_id = billing.draft("rita", {"title": "Monday", "hours": 8, "is_own": True}, "ticket")
    billing.submit(record_id)
    where, told = change(billing, "beth", record_id, hours="6")
    assert where == f"/records/{record_id}"
    assert "is asked to confirm these" in told


def test_saving_what_is_there_already_changes_nothing_and_loses_nothing(stage: Stage) -> None:
    record_id = stage.filed()
    url, _ = address(stage, "carl", record_id)
    where, told = change(stage, "carl", record_id)
    assert where == url
    assert "Nothing was changed." in told


def test_the_requester_sees_what_to_confirm_and_nobody_else_is_asked_to(billing: Stage) -> None:
    record_id = billing.draft("rita", {"title": "Monday", "hours": 8, "is_own": True}, "ticket")
    billing.submit(record_id)
    data = {**billing.record(record_id).data, "hours": 6}
    billing.decide("edit", "beth", record_id, data=data)
    page = billing.browser("rita").get(f"/records/{record_id}").text
    asked = page.partition('id="_to_confirm"')[2].partition("</section>")[0]
    assert "Sending it again confirms the changed values." in asked
    for text in ("Hours", "<td>8</td>", "<td>6</td>", f"/records/{record_id}/edit"):
        assert text in asked
    assert "_to_confirm" not in billing.browser("beth").get(f"/records/{record_id}").text
    billing.submit(record_id)
    assert "_to_confirm" not in billing.browser("rita").get(f"/records/{record_id}").text
