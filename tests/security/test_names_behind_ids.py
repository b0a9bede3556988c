"""An id in an address names nothing that its reader may not see."""

from portal.records.models import Record
from tests.stage import Stage


def _crew_of_p2(stage: Stage) -> str:
    """A crew of another project, used there by a purchase."""
    crew = stage.entry("olga", "crew", "P2", code="C9", name="Secret tunnel crew", rate="99")
    record_id = stage.draft("olga", stage.purchase(crew=crew), project="P2")
    stage.submit(record_id, "olga")
    return crew


def test_the_filters_of_a_list_offer_only_what_its_reader_sees_in_it(stage: Stage) -> None:
    crew = _crew_of_p2(stage)
    stage.filed(stage.purchase(crew=stage.entries["crew"]))
    own = stage.browser("olga").get("/forms/purchase").get_data(as_text=True)
    assert "Secret tunnel crew" in own
    for login in ("rita", "eve", "nobody"):
        html = stage.browser(login).get("/forms/purchase").get_data(as_text=True)
        assert "Secret tunnel crew" not in html, login
        assert crew not in html, login
    assert "Formwork crew" in stage.browser("rita").get("/forms/purchase").get_data(as_text=True)


def test_a_filter_by_a_foreign_id_does_not_tell_its_name(stage: Stage) -> None:
    crew = _crew_of_p2(stage)
    for login, told in (("olga", True), ("rita", False), ("eve", False), ("nobody", False)):
        answer = stage.browser(login).get(f"/forms/purchase?f.crew={crew}")
        assert answer.status_code == (200 if login in {"olga", "rita"} else 404)
        assert ("Secret tunnel crew" in answer.get_data(as_text=True)) is told, login


def test_a_figure_asked_for_by_a_foreign_id_does_not_tell_its_name(stage: Stage) -> None:
    crew = _crew_of_p2(stage)
    draft = stage.draft("ron", stage.purchase(title="Nobody knows yet"))
    purchase = next(one.id for one in stage.rows(Record, form="purchase", state="submitted"))
    client = stage.browser("rita")
    for record_id in (crew, draft, purchase):
        for address in (
            f"ledger=cost&column=actual&contract={record_id}",
            f"ledger=cost&column=actual&cost_code={record_id}",
            f"ledger=cost&column=actual&under={record_id}",
            f"ledger=cost&column=actual&record={record_id}",
            f"ledger=progress&column=readings&milestone={record_id}",
        ):
            answer = client.get(f"/projects/P1/entries?{address}")
            text = answer.get_data(as_text=True)
            assert answer.status_code in {200, 404}, address
            for secret in ("Secret tunnel crew", "Nobody knows yet", "Concrete for the pit"):
                assert secret not in text, address


def test_a_record_links_only_to_what_its_reader_may_open(stage: Stage) -> None:
    from portal.records.versions import add_participants

    crew, code = stage.entries["crew"], stage.entries["cost_code"]
    record_id = stage.filed(stage.purchase(crew=crew))
    with stage.system(writing=True):
        add_participants(record_id, [(stage.people["eve"], "cc")])
    for login, opens in (("rita", True), ("eve", False)):
        client = stage.browser(login)
        html = client.get(f"/records/{record_id}").get_data(as_text=True)
        assert "Formwork crew" in html, login
        for target in (crew, code):
            assert (f'href="/records/{target}"' in html) is opens, login
            status = client.get(f"/records/{target}").status_code
            assert status == (200 if opens else 404), login
