"""Small plans for tests: round the clock, so that a moment is a minute of work."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from portal.calendars.working_time import ALL_DAY, DAY, WorkingTime, week, working_time
from portal.schedule.network import Activity, Constraint, ConstraintType, Link, LinkType, Network
from tests.calendars.test_working_time import weeks

CLOCK: WorkingTime = working_time(week([ALL_DAY] * 7))
START = 100_000


def plan(durations: dict[str, int], *links: tuple[str, ...] | Link) -> Network:
    """Activities round the clock; a link is a Link or ("A", "B"), finish to start."""
    return Network(
        {key: Activity(key, duration, CLOCK) for key, duration in durations.items()},
        [one if isinstance(one, Link) else Link(one[0], one[1]) for one in links],
        START,
    )


@st.composite
def plans(draw: st.DrawFn, most: int = 8) -> Network:
    """A network of any link types and lags."""
    keys = [chr(65 + at) for at in range(draw(st.integers(1, most)))]
    durations = {key: draw(st.integers(0, 9)) for key in keys}
    return plan(durations, *draw(links_among(keys)))


@st.composite
def links_among(draw: st.DrawFn, keys: Sequence[str]) -> list[Link]:
    """Links that lead from earlier keys to later ones."""
    pairs = [(a, b) for at, a in enumerate(keys) for b in keys[at + 1 :]]
    if not pairs:
        return []
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=14))
    return [
        Link(a, b, draw(st.sampled_from(list(LinkType))), draw(st.integers(-6, 6)))
        for a, b in chosen
    ]


@st.composite
def mixed(draw: st.DrawFn, shortest: int = 0) -> Network:
    """A network in which every activity, and every other lag, may have a calendar of its own."""
    calendars = [WorkingTime(draw(weeks())) for _ in range(3)]
    some = st.sampled_from(calendars)
    keys = ["A", "B", "C", "D", "E"]
    activities = {
        key: Activity(key, draw(st.integers(shortest, 6)) * 60, draw(some)) for key in keys
    }
    links = [
        replace(one, lag=one.lag * 60, calendar=draw(st.none() | some))
        for one in draw(links_among(keys))
    ]
    return Network(activities, links, 20 * DAY)


@st.composite
def mixed_begun(draw: st.DrawFn) -> Network:
    """The same with constraints, and with work that has begun or is finished at a data date."""
    network = draw(mixed())
    start = network.start
    data_date = start + draw(st.integers(0, 4 * DAY))
    activities = {}
    for key, one in network.activities.items():
        how = draw(st.sampled_from(["new", "new", "limited", "begun", "done"]))
        begun = start + draw(st.integers(0, data_date - start))
        if how == "limited":
            kind = draw(st.sampled_from(list(ConstraintType)))
            limit = Constraint(kind, start + draw(st.integers(0, 6 * DAY)))
            one = replace(one, constraint=limit)
        elif how == "begun":
            remaining = draw(st.none() | st.integers(0, 300))
            one = replace(one, actual_start=begun, remaining=remaining)
        elif how == "done":
            started = draw(st.none() | st.just(begun))
            finished = draw(st.integers(begun, data_date))
            one = replace(one, actual_start=started, actual_finish=finished)
        activities[key] = one
    return replace(network, activities=activities, data_date=data_date)
