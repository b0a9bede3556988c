"""Every JSON example of the documents is accepted by the check, or refused where it says so."""

from itertools import pairwise

import pytest

from portal.forms.expand import expand
from tests.docs.blocks import PAGES, Block, blocks
from tests.docs.example import EXAMPLE, PIECES, check, modules, with_piece

ALL = list(blocks(PAGES))


def test_every_json_block_says_what_it_is() -> None:
    unknown = [b.name for b in ALL if not b.file and b.piece not in PIECES | {"expanded", "record"}]
    assert unknown == []
    assert EXAMPLE in modules()


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_of_the_manual_passes_its_check_and_its_cases(module: str) -> None:
    report = check(module, modules()[module])
    assert [str(one) for one in report.findings] == []


@pytest.mark.parametrize(
    "block", [b for b in ALL if b.piece in PIECES], ids=lambda block: block.name
)
def test_a_piece_is_accepted_or_refused_as_the_manual_says(block: Block) -> None:
    report = with_piece(block)
    errors = [str(one) for one in report.errors]
    if "refused" in block.words:
        assert errors
    else:
        assert errors == []


def test_the_full_form_is_what_the_short_form_before_it_expands_to() -> None:
    shown = [b for b in ALL if b.piece in ("column", "expanded")]
    short, full = next(pair for pair in pairwise(shown) if pair[1].piece == "expanded")
    form = {"form": "x", "version": 1, "data": {"properties": short.json()}}
    assert expand(form)["data"]["properties"] == full.json()


def test_field_kinds_all_stand_in_the_forms_page() -> None:
    from portal.forms.kinds import kinds

    shown = {
        node["x-field"]["kind"]
        for block in ALL
        if block.page.name == "forms.md" and block.piece in ("field", "column")
        for node in block.json().values()
    }
    assert set(kinds()) <= shown


def test_every_option_of_every_kind_is_named_in_the_forms_page() -> None:
    from portal.forms.kinds import kinds

    page = next(p for p in PAGES if p.name == "forms.md").read_text("utf-8")
    missing = [
        f"{kind.name}.{option}"
        for kind in kinds().values()
        for option in sorted(kind.options)
        if f"`{option}`" not in page
    ]
    assert missing == []


def test_every_function_of_the_expressions_is_named_in_the_forms_page() -> None:
    from portal.expressions.aggregates import AGGREGATES
    from portal.expressions.functions import FUNCTIONS

    page = next(p for p in PAGES if p.name == "forms.md").read_text("utf-8")
    assert [name for name in {*FUNCTIONS, *AGGREGATES} if f"`{name}(" not in page] == []


def test_every_column_of_every_ledger_is_named_in_the_postings_page() -> None:
    from portal.definitions.posting_columns import LEDGERS

    page = next(p for p in PAGES if p.name == "postings.md").read_text("utf-8")
    named = {(ledger, c) for ledger, columns in LEDGERS.items() for c in columns}
    assert [one for one in sorted(named) if f"`{one[1]}`" not in page or one[0] not in page] == []


def test_every_policy_of_a_workflow_is_named_in_the_workflows_page() -> None:
    from portal.workflows.check import POLICY

    page = next(p for p in PAGES if p.name == "workflows.md").read_text("utf-8")
    assert [name for name in POLICY if f"`{name}`" not in page] == []
