import pytest
@pytest.mark.parametrize("i", range(10))
def test_x(stage,i):
    r = stage.filed()
    stage.approve(r, "carl", "mark")
    assert stage.record(r).state == "approved"
    assert stage.problems()=={}
