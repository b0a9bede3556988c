"""The chain to expect, in words: a choice that cannot be made yet says what it depends on."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from portal.definitions import services as definitions
from tests.records.pages import open_page
from tests.stage import WORKS, Stage

TITLE = {"en": "Approval by rate", "zh": "按单价审批"}


def publish(stage: Stage, tmp_path: Path, condition: str, **more: Any) -> None:
    """The works, with another condition of their choice."""
    folder = tmp_path / "works"
    shutil.copytree(WORKS, folder)
    file = folder / "purchase.workflow.json"
    raw = json.loads(file.read_text())
    (choice,) = [block for block in raw["blocks"] if "choose" in block]
    choice["when"][0]["if"] = condition
    choice.update(more)
    file.write_text(json.dumps(raw))
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())


def expected(stage: Stage, language: str = "en") -> str:
    """The panel of the steps to expect on a new form."""
    client = stage.browser("rita")
    page = open_page(client, "/forms/purchase/new?project=P1")
    if language != "en":
        client.post("/language", data={**page.values, "language": language})
        page = open_page(client, "/forms/purchase/new?project=P1")
    return page.html.partition('id="chain-next"')[2].partition("</section>")[0]


def test_a_choice_is_shown_by_its_title_and_by_the_labels_of_what_it_reads(
    stage: Stage, tmp_path: Path
) -> None:
    publish(stage, tmp_path, "crew_rate > 100", title=TITLE)
    chain = expected(stage)
    assert "Approval by rate" in chain
    assert "Depends on: Crew rate" in chain
    assert "large" not in chain
    assert "crew_rate" not in chain
    assert "chain-now" not in chain, "nobody has it before it is sent"
    chinese = expected(stage, "zh")
    assert "按单价审批" in chinese
    assert "视以下内容而定：班组单价" in chinese


def test_a_choice_without_a_title_is_no_technical_name(stage: Stage, tmp_path: Path) -> None:
    publish(stage, tmp_path, "crew.rate > 100")
    chain = expected(stage)
    assert "Depends on what is filled in" in chain
    assert "large" not in chain


def test_a_choice_still_to_come_is_not_said_to_be_now(stage: Stage, tmp_path: Path) -> None:
    publish(stage, tmp_path, "crew_rate > 100", title=TITLE)
    record_id = stage.filed()
    page = stage.browser("rita").get(f"/records/{record_id}").text
    chain = page.partition('class="chain"')[2].partition("</ol>")[0]
    assert chain.count("chain-now") == 1, "the first step has it"
    assert "Depends on: Crew rate" in chain


def test_a_choice_that_holds_the_approval_is_now_and_says_what_is_missing(
    stage: Stage, tmp_path: Path
) -> None:
    publish(stage, tmp_path, "crew_rate > 100", title=TITLE)
    record_id = stage.filed()
    stage.decide("approve", "carl", record_id)
    page = stage.browser("rita").get(f"/records/{record_id}").text
    chain = page.partition('class="chain"')[2].partition("</ol>")[0]
    assert "chain-now" in chain
    assert "Approval by rate" in chain
    assert "A condition cannot be determined; missing: Crew rate." in chain


@pytest.mark.parametrize("title", [7, "", {"en": ""}])
def test_a_title_that_is_no_text_is_refused(stage: Stage, tmp_path: Path, title: Any) -> None:
    with pytest.raises(definitions.Refused):
        publish(stage, tmp_path, "crew_rate > 100", title=title)
