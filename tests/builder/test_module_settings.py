"""A draft's module set up on pages: what it is called, its roles, its forms, who may do what."""

from typing import Any

from portal.builder.module_parts.reading import read_module
from portal.definitions.json_source import read_source
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, FORM, Desk
from tests.records.pages import controls

SETTINGS = f"{DRAFT}/settings"
ACCESS = f"{SETTINGS}/forms/site_visit"
MODULE = "module.json"


def raw(desk: Desk) -> Any:
    return read_source(desk.text(MODULE)).value


def typed(browser: Browser, address: str, form: str, **more: Any) -> dict[str, Any]:
    """What a form of the page would send, with some inputs filled in."""
    page = browser.get(address)
    assert page.status_code == 200
    values = controls(page.text, form)
    del values["csrf_token"]
    return {**values, **{name.replace("__", "-"): value for name, value in more.items()}}


def general(browser: Browser, **more: Any) -> dict[str, Any]:
    return typed(browser, SETTINGS, "general-form", **more)


def test_pages_sent_back_as_they_stand_change_no_byte(desk: Desk, author: Browser) -> None:
    before = desk.text(MODULE)
    assert author.post(SETTINGS, **general(author)).status_code == 303
    sent = typed(author, SETTINGS, "roles-form")
    assert author.post(f"{SETTINGS}/roles", **sent).status_code == 303
    assert author.post(ACCESS, **typed(author, ACCESS, "access-form")).status_code == 303
    assert desk.text(MODULE) == before


def test_title_picture_and_place_in_the_menu_are_set_and_published(
    desk: Desk, author: Browser
) -> None:
    sent = general(
        author, title_en="Site walk", title_zh="现场巡检", icon="helmet", group="plan", order="7"
    )
    assert author.post(SETTINGS, **sent).location == SETTINGS
    found = raw(desk)
    assert found["title"] == {"en": "Site walk", "zh": "现场巡检"}
    assert found["icon"] == "helmet"
    assert found["menu"] == {"group": "plan", "order": 7}
    assert desk.publish(author).status_code == 303
    assert "Site walk" in author.get("/modules").text


def test_what_is_wrong_is_said_at_its_input_and_stays_typed(desk: Desk, author: Browser) -> None:
    before = desk.text(MODULE)
    sent = general(
        author, title_en="", title_zh="", icon="none<b>", group="x", order="12 000", requires=["y"]
    )
    page = author.post(SETTINGS, **sent)
    assert page.status_code == 422
    for anchor in ("title_en", "icon", "group", "order", "requires"):
        assert f'href="#{anchor}"' in page.text
    assert controls(page.text, "general-form")["order"] == ["12 000"]
    assert "none<b>" not in page.text
    assert author.post(SETTINGS, **general(author, title_zh="长" * 501)).status_code == 422
    assert desk.text(MODULE) == before


def test_two_authors_of_the_same_part_decide_and_of_others_merge(
    desk: Desk, author: Browser
) -> None:
    mine = general(author, title_en="Mine", order="5")
    roles = typed(author, SETTINGS, "roles-form", new__title_en="Clerk")
    author.post(SETTINGS, **general(author, title_en="Theirs"))
    assert author.post(f"{SETTINGS}/roles", **roles).status_code == 303, "another part"
    page = author.post(SETTINGS, **mine)
    assert page.status_code == 409
    assert "Theirs / 现场巡查" in page.text
    assert controls(page.text, "general-form")["title_en"] == ["Mine"]
    over = page.text.partition('name="over" value="')[2].partition('"')[0]
    again = {**controls(page.text, "general-form"), "over": over}
    del again["csrf_token"]
    assert author.post(SETTINGS, **again).status_code == 303
    assert (raw(desk)["title"]["en"], raw(desk)["menu"]["order"]) == ("Mine", 5)
    assert raw(desk)["roles"][0]["role"] == "clerk"


def test_roles_come_are_renamed_and_go_unless_they_are_used(desk: Desk, author: Browser) -> None:
    sent = typed(author, SETTINGS, "roles-form", new__title_en="Cost clerk", new__title_zh="成本员")
    assert author.post(f"{SETTINGS}/roles", **sent).status_code == 303
    assert author.post(f"{SETTINGS}/roles", **sent).status_code == 303, "sent twice, added once"
    role = {"role": "cost_clerk", "scope": "project", "title": {"en": "Cost clerk", "zh": "成本员"}}
    assert raw(desk)["roles"] == [role]
    title = {"project-cost_clerk-title_en": "Clerk of costs"}
    sent = {**typed(author, SETTINGS, "roles-form"), **title}
    author.post(f"{SETTINGS}/roles", **sent)
    assert raw(desk)["roles"][0]["title"]["en"] == "Clerk of costs"
    give = typed(author, ACCESS, "access-form", file__by="some", file=["project_role:cost_clerk"])
    assert author.post(ACCESS, **give).status_code == 303
    assert raw(desk)["forms"][0]["access"] == {"file": [{"project_role": ["cost_clerk"]}]}
    assert "used in module.json" in author.get(SETTINGS).text
    remove = f"{SETTINGS}/roles/project/cost_clerk/remove"
    page = author.post(remove)
    assert page.status_code == 422
    assert "is used and stays" in page.text
    give = typed(author, ACCESS, "access-form", file__by="all")
    assert author.post(ACCESS, **give).status_code == 303
    assert author.post(remove).status_code == 303
    assert author.post(remove).status_code == 404
    assert "roles" not in raw(desk)


def test_a_role_of_a_bad_or_taken_key_is_refused_and_stays_typed(
    desk: Desk, author: Browser
) -> None:
    for title, key in (("", "clerk"), ("成本员", ""), ("Clerk", "no key!")):
        sent = typed(author, SETTINGS, "roles-form", new__title_en=title, new__key=key)
        page = author.post(f"{SETTINGS}/roles", **sent)
        assert page.status_code == 422
        assert controls(page.text, "roles-form")["new-key"] == [key]
    sent = typed(author, SETTINGS, "roles-form", new__title_en="Clerk")
    author.post(f"{SETTINGS}/roles", **sent)
    sent = typed(author, SETTINGS, "roles-form", new__title_en="Clerk")
    assert author.post(f"{SETTINGS}/roles", **sent).status_code == 422
    assert len(raw(desk)["roles"]) == 1


def test_a_role_renamed_by_two_is_decided_by_the_second(desk: Desk, author: Browser) -> None:
    author.post(f"{SETTINGS}/roles", **typed(author, SETTINGS, "roles-form", new__title_en="Clerk"))
    name = "project-clerk-title_en"
    mine = {**typed(author, SETTINGS, "roles-form"), name: "Mine"}
    author.post(f"{SETTINGS}/roles", **{**mine, name: "Theirs"})
    mine = {**mine, "request_key": ""}
    page = author.post(f"{SETTINGS}/roles", **mine)
    assert page.status_code == 409
    assert "Theirs" in page.text
    assert author.post(f"{SETTINGS}/roles", **mine, over="yes").status_code == 303
    assert raw(desk)["roles"][0]["title"] == "Mine"


def test_who_files_and_reads_is_chosen_and_read_back_in_words(desk: Desk, author: Browser) -> None:
    sent = typed(
        author, ACCESS, "access-form", read__by="some", file__by="some",
        read=["project_role:project_manager", "requester:"], file=["project_role:member"],
    )  # fmt: skip
    assert author.post(ACCESS, **sent).status_code == 303
    assert raw(desk)["forms"][0]["access"] == {
        "file": [{"project_role": ["member"]}],
        "read": [{"project_role": ["project_manager"]}, {"requester": True}],
    }
    assert "Project manager, any requester" in author.get(SETTINGS).text
    assert "Now: Project manager, any requester" in author.get(ACCESS).text
    assert desk.publish(author).status_code == 303


def test_nobody_unknown_and_nothing_at_all_is_refused(desk: Desk, author: Browser) -> None:
    before = desk.text(MODULE)
    for more in (
        {"file__by": "some", "file": []},
        {"file__by": "some", "file": ["role:nobody_there"]},
        {"workflow": "somebody_elses"},
    ):
        page = author.post(ACCESS, **typed(author, ACCESS, "access-form", **more))
        assert page.status_code == 422, more
    assert desk.text(MODULE) == before


def test_access_changed_by_two_is_decided_by_the_second(desk: Desk, author: Browser) -> None:
    chosen = {"file__by": "some", "file": ["project_role:member"]}
    mine = typed(author, ACCESS, "access-form", **chosen)
    theirs = typed(author, ACCESS, "access-form", read__by="some", read=["project_role:member"])
    author.post(ACCESS, **theirs)
    page = author.post(ACCESS, **mine)
    assert page.status_code == 409
    assert controls(page.text, "access-form")["file"] == ["project_role:member"]
    over = page.text.partition('name="over" value="')[2].partition('"')[0]
    assert author.post(ACCESS, **{**mine, "over": over}).status_code == 303
    assert list(raw(desk)["forms"][0]["access"]) == ["file"]


def test_a_form_becomes_a_register_and_takes_a_chain_again(desk: Desk, author: Browser) -> None:
    sent = typed(author, ACCESS, "access-form", workflow="")
    assert author.post(ACCESS, **sent).status_code == 303
    assert raw(desk)["forms"] == [{"form": "site_visit"}]
    assert CHAIN not in names(desk)
    sent = typed(author, ACCESS, "access-form", workflow="+")
    assert author.post(ACCESS, **sent).status_code == 303
    assert raw(desk)["forms"][0]["workflow"] == "site_visit_2"
    assert desk.publish(author).status_code == 303


def test_forms_are_added_of_every_sort_and_can_be_published(desk: Desk, author: Browser) -> None:
    for key, scope, chain in (
        ("visit_note", "project", "none"),
        ("leave_request", "company", "one"),
        ("tool_list", "company", "none"),
        ("visit_report", "project", "one"),
    ):
        sent = {"title_en": key.replace("_", " ").title(), "scope": scope, "chain": chain}
        answer = author.post(f"{SETTINGS}/forms", **sent)
        assert answer.location == f"{DRAFT}/{key}.form.json/design", key
    assert [one["form"] for one in raw(desk)["forms"]] == [
        "site_visit", "visit_note", "leave_request", "tool_list", "visit_report"
    ]  # fmt: skip
    for key, title in (("site_visit", "Again"), ("payment", "Shipped"), ("No!", "x"), ("", "")):
        page = author.post(f"{SETTINGS}/forms", title_en=title, key=key)
        assert page.status_code == 422, key
        assert f'value="{title}"' in page.text
    assert desk.publish(author).status_code == 303


def test_a_form_goes_with_all_its_files_unless_others_need_it(desk: Desk, author: Browser) -> None:
    author.post(f"{SETTINGS}/forms", title_en="Visit note", chain="one")
    field = {"kind": "record", "label_en": "Visit", "target": "site_visit"}
    author.post(f"{DRAFT}/visit_note.form.json/design/new-field", **field)
    page = author.get(f"{ACCESS}/remove")
    assert "is used and stays" in page.text
    assert "visit_note.form.json" in page.text
    assert author.post(f"{ACCESS}/remove").status_code == 422
    note = f"{SETTINGS}/forms/visit_note/remove"
    assert "These files leave the draft" in author.get(note).text
    assert author.post(note).status_code == 303
    assert set(names(desk)) == {MODULE, FORM, CHAIN, "site_visit.cases.json"}
    assert len(raw(desk)["forms"]) == 1
    assert author.post(note).status_code == 404


def names(desk: Desk) -> list[str]:
    from portal.builder import queries

    with desk.stage.look():
        return list(queries.the_draft("site_visit").files)


def test_auditors_look_and_others_do_not(desk: Desk, author: Browser) -> None:
    for address in (SETTINGS, ACCESS):
        page = desk.browser("vera").get(address)
        assert page.status_code == 200
        assert "disabled" in page.text
        assert desk.browser("vera").post(address).status_code == 403
        assert desk.browser("rick").get(address).status_code == 403
    for address in (f"{SETTINGS}/roles", f"{SETTINGS}/forms", f"{ACCESS}/remove"):
        assert desk.browser("vera").post(address).status_code == 403
    for address in (f"{SETTINGS}/new-form", f"{ACCESS}/remove"):
        assert desk.browser("vera").get(address).status_code == 403
    assert author.get(f"{SETTINGS}/forms/none").status_code == 404


def test_a_broken_module_json_is_mended_in_its_text(desk: Desk, author: Browser) -> None:
    for text in ("{", "[]", '{"forms": [{"form": 3, "access": {"file": [{"x": 1}]}}], "roles": 2}'):
        desk.save(author, text, MODULE)
        assert author.get(SETTINGS).status_code == (422 if text in ("{", "[]") else 200)
    assert read_module(desk.text(MODULE)).entries[0].file == ()
