"""Where a new record begins: in the project that was named, or nowhere."""

import pytest

from tests.stage import Stage


@pytest.mark.parametrize("project", ["P2", "P9", "p1"])
def test_a_project_one_does_not_work_in_is_not_exchanged_for_another(
    stage: Stage, project: str
) -> None:
    """Rita works in P1 alone: filing there what was meant for elsewhere would go unnoticed."""
    browser = stage.browser("rita")
    assert browser.get("/forms/purchase/new?project=P1").status_code == 200
    assert browser.get("/forms/purchase/new").status_code == 200
    assert browser.get(f"/forms/purchase/new?project={project}").status_code == 404
