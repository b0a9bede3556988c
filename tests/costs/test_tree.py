"""Cost codes stand in tree order, and nothing disappears from a sheet."""

from hypothesis import given
from hypothesis import strategies as st

from portal.costs.tree import PARENT, in_tree_order
from portal.ledgers.naming import Named


def named(key: str, parent: str | None = None) -> Named:
    return Named(key, "cost_code", f"CC-{key}", key, {"code": key, "name": key, PARENT: parent})


def test_parents_stand_before_children_and_siblings_by_code() -> None:
    nodes = in_tree_order([named("2"), named("1.2", "1"), named("1"), named("1.1", "1")])
    assert [(n.code.id, n.depth) for n in nodes] == [("1", 0), ("1.1", 1), ("1.2", 1), ("2", 0)]
    assert nodes[0].below == ("1", "1.1", "1.2")
    assert nodes[0].is_group
    assert not nodes[1].is_group


def test_a_code_whose_parent_is_gone_stands_at_the_top() -> None:
    (node,) = in_tree_order([named("1.1", "1")])
    assert (node.code.id, node.depth) == ("1.1", 0)


KEYS = st.sampled_from("abcdefgh")


@given(st.dictionaries(KEYS, st.none() | KEYS, max_size=8))
def test_every_code_appears_exactly_once_even_in_a_circle(parents: dict[str, str | None]) -> None:
    nodes = in_tree_order([named(key, parent) for key, parent in parents.items()])
    assert sorted(node.code.id for node in nodes) == sorted(parents)
    for node in nodes:
        assert node.below[0] == node.code.id
        assert len(set(node.below)) == len(node.below)
