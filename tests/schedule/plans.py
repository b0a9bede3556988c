"""Small plans for tests: round the clock, so that a moment is a minute of work."""

from collections.abc import Sequence

from hypothesis import strategies as st

from portal.calendars.working_time import ALL_DAY, WorkingTime, week, working_time
from portal.schedule.network import Activity, Link, LinkType, Network

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
