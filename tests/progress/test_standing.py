"""How plans stand against their baselines, for rules of health: kept until something changes."""

from datetime import UTC, date, datetime

from portal.progress import standing
from portal.progress.standing import Standing, standings
from tests.progress.planning import Planning
from tests.progress.test_earned import done, freeze_as, weeks

NOW = datetime(2026, 3, 24, 4, 0, tzinfo=UTC)


def stands(planning: Planning) -> Standing | None:
    with planning.looking("rita"):
        project = planning.brief()
        return standings([project], NOW).get(project.id)


def test_lateness_and_pace_follow_every_change_and_nothing_is_computed_twice(
    planning: Planning, monkeypatch: object
) -> None:
    computed = []
    real = standing._standing

    def counted(*given: object) -> Standing | None:
        computed.append(given)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(standing, "_standing", counted)  # type: ignore[attr-defined]
    weeks(planning, "100", "100", "100")
    assert stands(planning) is None
    freeze_as(planning.browser("sam"), "Contract plan")
    first = stands(planning)
    assert first is not None
    assert first.days_late == 0
    assert stands(planning) == first
    assert len(computed) == 1
    planning.revise("W1", duration="8.00")
    later = stands(planning)
    assert later is not None
    assert later.days_late == 5  # over a weekend
    update = planning.update(date(2026, 3, 15), done("W1", 1, "100.00"), done("W2", 2, "20.00"))
    reported = stands(planning)
    assert reported is not None
    assert reported.pace is not None
    assert float(reported.pace) == 0.6
    assert len(computed) == 3
    assert planning.record(update).state == "approved"
