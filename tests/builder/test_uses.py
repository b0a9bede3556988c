"""Where fields, forms and roles are used, and what depends on what."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder import queries
from portal.builder.design.form import read_design
from portal.builder.uses.dependencies import Edge, around, dependencies, field_node
from portal.builder.uses.mentions import Forms, mentions
from portal.builder.uses.picture import HEIGHT, WIDTH, picture
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, Desk

ROOT = Path(__file__).parents[2] / "form_definitions"
MODULES = {
    folder.name: {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.json"))}
    for folder in sorted(ROOT.iterdir())
    if folder.is_dir() and folder.name != "schema"
}
ALL = Forms(
    {
        name.removesuffix(".form.json"): text
        for files in MODULES.values()
        for name, text in files.items()
        if name.endswith(".form.json")
    }
)
DESIGN = f"{EDITOR}/design"


def named(module: str, form: str, path: str) -> set[str]:
    """The places of a module that name a field: "file: first members"."""
    return {
        f"{one.file}: {'.'.join(map(str, one.path[:3]))}"
        for one in mentions(MODULES[module], ALL)
        if (one.what, one.form, one.name) == ("field", form, path)
    }


@pytest.mark.parametrize("module", MODULES)
def test_what_shipped_modules_name_is_there(module: str) -> None:
    """Every mention of a field leads to one: nothing is taken for a name that is none."""
    standing = {"number", "project", "id"}
    lost = []
    for one in mentions(MODULES[module], ALL):
        if one.what == "field" and one.name not in standing:
            design = ALL.get(one.form)
            if design is None or one.name not in design.fields:
                lost.append(one)
    assert lost == []


def test_a_field_is_found_in_rules_computed_chain_postings_lists_and_other_forms() -> None:
    found = named("payment", "payment", "net_due")
    assert {
        "payment.form.json: amount",
        "payment.form.json: computed.net_due",
        "payment.form.json: rules.23.check",
        "payment.form.json: layout.7.fields",
        "payment.workflow.json: blocks.2.when",
        "payment_voucher.form.json: data.properties.application",
        "payment.cases.json: cases.0.expect",
    } <= found
    assert "payment.postings.json: rules.0.set" in named("payment", "payment", "total_this")
    assert "payment.form.json: data.properties.contract" in named("payment", "contract", "code")
    assert "payment.form.json: list.filters.0" in named("payment", "payment", "contract")
    assert "payment.workflow.json: blocks.0.fields" in named(
        "payment", "payment", "lines[].this_qty"
    )
    assert "payment.postings.json: rules.1.foreach" in named("payment", "payment", "lines")


def test_texts_in_expressions_are_no_names() -> None:
    form = {
        "form": "a",
        "data": {"properties": {
            "x": {"x-field": {"kind": "text", "label": "x"}},
            "y": {"x-field": {"kind": "text", "label": "y"}},
        }},
        "rules": [{"id": "x", "when": "y == 'x'", "show": ["y"]}],
        "computed": {"y": "max(1, 2)"},
    }  # fmt: skip
    text = json.dumps(form)
    found = mentions({"a.form.json": text}, Forms({"a": text}))
    assert {one.name for one in found if one.what == "field"} == {"y"}


@given(st.sampled_from(sorted(MODULES)), st.data())
def test_every_edge_leads_on_and_boxes_never_overlap(module: str, data: st.DataObject) -> None:
    forms = [one for one in MODULES[module] if one.endswith(".form.json")]
    name = data.draw(st.sampled_from(forms))
    form = name.removesuffix(".form.json")
    design = read_design(MODULES[module][name])
    assert design is not None
    edges = dependencies(design, form, mentions(MODULES[module], ALL))
    if edges and data.draw(st.booleans()):
        node = data.draw(st.sampled_from(edges)).of
        edges = around(edges, node)
        assert all(node in (one.of, one.to) or around([one], node) == [] for one in edges)
    drawn = picture(edges, list(design.fields))
    places = {(box.x, box.y) for box in drawn.boxes}
    assert len(places) == len(drawn.boxes) == len({box.node for box in drawn.boxes})
    at = {box.node: box for box in drawn.boxes}
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - WIDTH
        assert 0 <= box.y <= drawn.height - HEIGHT
    for one in edges:
        assert at[one.of].x < at[one.to].x, one


def test_a_circle_is_drawn_all_the_same() -> None:
    a, b = field_node("f", "a"), field_node("f", "b")
    drawn = picture([Edge(a, b), Edge(b, a)], ["a", "b"])
    assert {box.node for box in drawn.boxes} == {a, b}


def test_the_page_of_a_field_leads_to_its_uses(desk: Desk, author: Browser) -> None:
    text = desk.text(CHAIN).replace(
        '"need": "any"', '"need": "any", "fields": {"edit": ["amount"]}'
    )
    desk.save(author, text, CHAIN)
    page = author.get(f"{DESIGN}/uses/amount").text
    for told in ("setting of the form", "section", "list", "field rights", "examples"):
        assert told in page
    assert f'href="{DRAFT}/{CHAIN}/chain/blocks.0"' in page
    assert f"{DESIGN}/uses/amount" in author.get(f"{DESIGN}/fields/amount").text
    author.post(f"{DESIGN}/new-field", kind="text", key="free", label_en="Free", section="0")
    page = author.get(f"{DESIGN}/uses/free").text
    assert "section" in page
    assert "field rights" not in page


def test_forms_and_roles_have_their_uses(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DESIGN}/uses").text
    assert "approval chain" in page
    assert "module.json" in page
    page = author.get(f"{DRAFT}/roles/project/project_manager/uses").text
    assert "Project manager approves" in page
    assert "Nothing uses it" in author.get(f"{DRAFT}/roles/company/nobody/uses").text
    assert author.get(f"{DRAFT}/roles/planet/x/uses").status_code == 404


def test_other_modules_are_searched_as_they_are_published(desk: Desk, author: Browser) -> None:
    author.post("/modules", title_en="Walk", key="walk", group="site", prefix="WK")
    author.post("/modules/walk/draft/walk.form.json/design/new-field", kind="record", key="visit",
                label_en="Visit", target="site_visit", section="0")  # fmt: skip
    assert "In other modules" not in author.get(f"{DESIGN}/uses").text
    with desk.stage.look():
        revision = str(queries.the_draft("walk").revision)
    assert author.post("/modules/walk/draft/publish", revision=revision, where="all", when="now",
                       note="").status_code == 303  # fmt: skip
    page = author.get(f"{DESIGN}/uses").text
    assert "In other modules, as published" in page
    assert "/modules/walk/releases/1?file=walk.form.json" in page


def test_dependencies_stand_as_picture_and_table(desk: Desk, author: Browser) -> None:
    url = f"{DESIGN}/dependencies"
    assert "Nothing depends on anything here" in author.get(url).text
    text = desk.text().replace(
        '  "layout"', '  "rules": [{"id": "dear", "check": "amount < 9", "on": "amount",'
        ' "message": "<b>No</b>"}],\n  "layout"'
    )  # fmt: skip
    desk.save(author, text)
    page = author.get(url).text
    assert "drawn-chain" in page
    assert "Rule: dear" in page
    assert "<b>No</b>" not in page
    assert "drawn-chain" not in author.get(f"{url}?field=title").text
    assert "Rule: dear" in author.get(f"{url}?field=amount").text
    assert author.get(f"{url}?field=nothing").status_code == 200
    desk.save(author, "{")
    assert author.get(url).status_code == 422


def test_who_may_look(desk: Desk, author: Browser) -> None:
    for url in (f"{DESIGN}/uses/amount", f"{DESIGN}/uses", f"{DESIGN}/dependencies",
                f"{DRAFT}/roles/company/director/uses"):  # fmt: skip
        assert desk.browser("vera").get(url).status_code == 200
        assert desk.browser("rick").get(url).status_code == 403
    assert author.get(f"{DESIGN}/uses/nothing").status_code == 404


def test_a_computation_of_a_field_that_is_gone_depends_on_nothing(
    desk: Desk, author: Browser
) -> None:
    form = json.loads(desk.text())
    form["computed"] = {"gone": "amount * 2"}
    desk.save(author, json.dumps(form))
    assert author.get(f"{EDITOR}/design/dependencies").status_code == 200


def test_what_is_no_role_yet_breaks_no_page(desk: Desk, author: Browser) -> None:
    module = json.loads(desk.text("module.json"))
    module["roles"] = [{"scope": {"x": None}, "role": "walker", "title": "Walker"}, 7]
    desk.save(author, json.dumps(module), "module.json")
    for page in (f"{DRAFT}/{CHAIN}/chain/0", f"{DRAFT}/roles/project/walker/uses"):
        assert author.get(page).status_code < 500, page
    assert author.get(f"{DRAFT}/{CHAIN}/chain").status_code == 200
