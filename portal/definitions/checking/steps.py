"""What a module may cost: nothing that passes the check can ever be too much to compute.

Conditions of workflows are judged where they are typed (`compiling`).
"""

from collections import defaultdict
from collections.abc import Iterator

from portal import limits
from portal.definitions.checking.compiling import LESS, TOO_LONG
from portal.definitions.checking.findings import File, Package
from portal.definitions.json_source import Path
from portal.definitions.posting_lines import PostingRule, compile_rules
from portal.errors import N_
from portal.expressions import ExpressionError
from portal.forms.steps import Cost, Steps

TOO_MUCH = N_(
    "With full tables a record takes %(steps)s steps, most of them here; %(most)s may be."
)


def check_steps(package: Package) -> None:
    """The expressions of forms and of posting rules, against the limits of an evaluation."""
    for file in package.of_kind("form"):
        compiled = package.compiled.get(file.key)
        if compiled is not None:
            steps = Steps(compiled.definition, compiled.linked)
            _judge(file, [*steps.costs(compiled), *steps.alone(compiled)])
    for file in package.of_kind("postings"):
        for costs in _postings(file, package):
            _judge(file, costs)


def _judge(file: File, costs: list[Cost]) -> None:
    too_long = {one.place: one.steps for one in costs if one.steps > limits.EXPRESSION_STEPS}
    for place, steps in too_long.items():
        _note(file, place, TOO_LONG, steps, limits.EXPRESSION_STEPS)
    total = sum(one.total for one in costs)
    if total > limits.RECORD_STEPS and not too_long:
        most = max(costs, key=lambda one: one.total)
        _note(file, most.place, TOO_MUCH, total, limits.RECORD_STEPS)


def _note(file: File, place: Path, message: str, steps: int, most: int) -> None:
    file.notes.add(place, message, LESS, steps=f"{steps:,}", most=f"{most:,}")


def _postings(file: File, package: Package) -> Iterator[list[Cost]]:
    """What the rules of each transition take together."""
    raw = file.raw or {}
    compiled = package.compiled.get(raw["form"])
    if compiled is None:
        return
    steps = Steps(compiled.definition, compiled.linked)
    by_state: dict[str, list[Cost]] = defaultdict(list)
    for at, one in enumerate(raw["rules"]):
        try:
            (rule,) = compile_rules([one], compiled)
        except (ExpressionError, KeyError):  # which was said
            continue
        by_state[rule.on] += _rule(rule, ("rules", at), steps)
    yield from by_state.values()


def _rule(rule: PostingRule, place: Path, steps: Steps) -> Iterator[Cost]:
    times = steps.rows(rule.table)
    if rule.when is not None:
        yield Cost((*place, "when"), steps.of(rule.when), times)
    for name, expression in rule.columns.items():
        yield Cost((*place, "set", name), steps.of(expression), times)
