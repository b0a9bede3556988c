"""The dependency graph: order, cycles, what to recompute, where a field is used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.expressions import CycleError, Graph, Rule, Scope, Type, compile_expression

MONEY = Type("money", currency="project")
LINES = Type(
    "table",
    columns={"qty": Type("decimal"), "price": MONEY, "amount": MONEY, "share": Type("decimal")},
)
NAMES = {
    "total": MONEY,
    "tax": MONEY,
    "gross": MONEY,
    "rate": Type("percent"),
    "urgent": Type("yes_no"),
    "note": Type("text"),
    "due": Type("date"),
    "contract": Type("record", fields={"rate": Type("percent")}),
    "lines": LINES,
}
FORM = Scope(NAMES)
ROW = Scope(NAMES, row=LINES.columns, parent=NAMES)
COMPUTED = {
    "gross": compile_expression("total + tax", FORM),
    "tax": compile_expression("total * rate / 100", FORM),
    "total": compile_expression("sum(lines, row, row.amount)", FORM),
    "lines[].share": compile_expression("row.amount / parent.total", ROW),
    "lines[].amount": compile_expression("row.qty * row.price", ROW),
    "rate": frozenset({"contract.rate"}),
    "due": compile_expression("today() + 30", FORM),
}


def rule(name: str, source: str, *shows: str) -> Rule:
    return Rule(name, [compile_expression(source, FORM)], shows)


def test_what_is_read_is_computed_first() -> None:
    order = Graph.build(COMPUTED).order
    place = {node: index for index, node in enumerate(order)}
    assert sorted(order) == sorted(COMPUTED)
    assert place["lines[].amount"] < place["total"] < place["tax"] < place["gross"]
    assert place["total"] < place["lines[].share"]
    assert place["rate"] < place["tax"]


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        ("lines[].qty", ["lines[].amount", "total", "lines[].share", "tax", "gross"]),
        ("lines", ["lines[].amount", "total", "lines[].share", "tax", "gross"]),
        ("rate", ["tax", "gross"]),
        ("contract", ["rate", "tax", "gross"]),
        ("today()", ["due"]),
        ("note", []),
        ("tax", ["gross"]),
    ],
)
def test_a_change_recomputes_what_reads_it(changed: str, affected: list[str]) -> None:
    assert sorted(Graph.build(COMPUTED).affected([changed])) == sorted(affected)


def test_what_is_affected_comes_in_the_order_of_evaluation() -> None:
    graph = Graph.build(COMPUTED)
    affected = graph.affected(["lines"])
    assert list(affected) == [node for node in graph.order if node in affected]


def test_a_field_knows_where_it_is_used() -> None:
    graph = Graph.build(COMPUTED, [rule("big", "total > 5", "note")])
    assert set(graph.where_used("total")) == {"lines[].share", "tax", "gross", "rule:big"}
    assert graph.where_used("contract") == ("rate",)
    assert set(graph.where_used("lines")) == {"lines[].amount", "lines[].share", "total"}
    assert graph.where_used("note") == ()


def test_a_column_may_need_the_number_of_rows_of_its_table() -> None:
    computed = {"lines[].share": compile_expression("100 / count(lines)", ROW)}
    assert Graph.build(computed).order == ("lines[].share",)


def test_two_fields_that_need_each_other_are_a_cycle_with_members() -> None:
    computed = {
        "tax": compile_expression("gross - total", FORM),
        "gross": compile_expression("total + tax", FORM),
        "due": compile_expression("today()", FORM),
    }
    with pytest.raises(CycleError) as caught:
        Graph.build(computed)
    assert set(caught.value.members) == {"tax", "gross"}
    assert str(caught.value) == "These depend on each other: tax → gross → tax."


def test_a_field_that_needs_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError) as caught:
        Graph.build({"total": compile_expression("total * 2", FORM)})
    assert caught.value.members == ("total",)


def test_a_column_and_its_total_may_be_a_cycle() -> None:
    computed = {
        "total": compile_expression("sum(lines.amount)", FORM),
        "lines[].amount": compile_expression("total / count(lines)", ROW),
    }
    with pytest.raises(CycleError):
        Graph.build(computed)


def test_who_reads_a_field_that_may_be_hidden_waits_for_the_rule() -> None:
    rules = [rule("ask_rate", "urgent", "rate")]
    graph = Graph.build({"tax": COMPUTED["tax"], "gross": COMPUTED["gross"]}, rules)
    assert graph.order == ("rule:ask_rate", "tax", "gross")
    assert graph.affected(["urgent"]) == ("rule:ask_rate", "tax", "gross")


def test_a_hidden_table_takes_its_columns_along() -> None:
    graph = Graph.build({"total": COMPUTED["total"]}, [rule("ask_lines", "urgent", "lines")])
    assert graph.affected(["urgent"]) == ("rule:ask_lines", "total")


def test_a_field_shown_because_of_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError) as caught:
        Graph.build({}, [rule("circle", "tax > 5", "tax")])
    assert caught.value.members == ("rule:circle",)


def test_rules_inside_a_table_read_its_columns() -> None:
    inside = Rule("dear", [compile_expression("row.amount > 5", ROW)], ["lines[].share"], "lines")
    graph = Graph.build({"lines[].amount": COMPUTED["lines[].amount"]}, [inside])
    assert graph.affected(["lines[].price"]) == ("lines[].amount", "rule:dear")


edges = st.dictionaries(
    st.integers(0, 12).map("f{}".format),
    st.frozensets(st.integers(0, 12).map("f{}".format), max_size=4),
    max_size=13,
)


def reaches(needs: dict[str, frozenset[str]], start: str, target: str) -> bool:
    """Naive: is there a way from start over what it needs to target?"""
    seen, waiting = set(), list(needs.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node == target:
            return True
        if node not in seen:
            seen.add(node)
            waiting += needs.get(node, ())
    return False


@given(edges, st.integers(0, 12).map("f{}".format))
def test_any_graph_is_ordered_or_has_the_cycle_it_names(
    needs: dict[str, frozenset[str]], changed: str
) -> None:
    cyclic = {node for node in needs if reaches(needs, node, node)}
    if cyclic:
        with pytest.raises(CycleError) as caught:
            Graph.build(needs)
        members = caught.value.members
        assert set(members) <= cyclic
        following = (*members[1:], members[0])
        assert all(later in needs[one] for one, later in zip(members, following, strict=True))
        return
    graph = Graph.build(needs)
    assert sorted(graph.order) == sorted(needs)
    for index, node in enumerate(graph.order):
        assert not any(later in needs[node] for later in graph.order[index:])
    expected = {node for node in needs if reaches(needs, node, changed)}
    assert set(graph.affected([changed])) == expected
