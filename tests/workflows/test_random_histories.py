"""K3: random sound definitions with random histories, replayed from the start after every event."""

from hypothesis import settings

from portal.workflows.definition import check_workflow
from tests.workflows.build import Chance, any_approval, any_command
from tests.workflows.world import Approval

PROVING = settings().max_examples > 100
HISTORIES = 20_000 if PROVING else 500


def a_history(seed: int, *, replayed: bool = True, length: int = 25) -> Approval:
    """One approval driven by chance; every check of `Approval.do` runs on the way."""
    at = Chance(seed)
    approval = any_approval(at)
    approval.replayed = replayed
    for _ in range(length):
        approval.do(any_command(at, approval))
        if approval.state and approval.state.outcome and at.pick((True, False)):
            break
    return approval


def test_every_history_satisfies_the_oracle_and_folds_to_its_state() -> None:
    ends: dict[str, int] = {}
    for seed in range(HISTORIES):
        try:
            approval = a_history(seed)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken
        status = approval.now.outcome or approval.now.status
        ends[status] = ends.get(status, 0) + 1
    assert {"approved", "rejected", "withdrawn", "stuck"} <= set(ends), ends
    assert min(ends["approved"], ends["rejected"]) > HISTORIES // 10, ends


def test_definitions_sound_by_construction_pass_the_publish_checks() -> None:
    for seed in range(HISTORIES):
        raw = any_approval(Chance(seed)).raw
        findings = check_workflow(
            raw, check_expression=lambda source, path: [], field_exists=lambda path: True
        )
        assert [f for f in findings if f.severity == "error"] == [], (seed, raw)
