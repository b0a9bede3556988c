"""The order of a network: predecessors first; a circle is an error that lists its members."""

from collections import deque

from portal.errors import N_, Invalid
from portal.schedule.network import Network


class Cycle(Invalid):
    """Activities that wait for each other; `members` in the order in which they do."""

    def __init__(self, members: list[str]) -> None:
        super().__init__(
            N_("These activities wait for each other: %(members)s. Take one link out."),
            members=" → ".join(members),
        )
        self.members = members


def successors_last(network: Network) -> list[str]:
    """Keys in an order in which every predecessor comes first, else as given.

    `Cycle` if there is none; `Invalid` for a link to an activity that is not there.
    """
    out: dict[str, list[str]] = {key: [] for key in network.activities}
    waits = dict.fromkeys(network.activities, 0)
    for link in network.links:
        for key in (link.predecessor, link.successor):
            if key not in out:
                raise Invalid(N_("A link names the activity %(key)s, which is not there."), key=key)
        out[link.predecessor].append(link.successor)
        waits[link.successor] += 1
    ready = deque(key for key, count in waits.items() if not count)
    order = []
    while ready:
        key = ready.popleft()
        order.append(key)
        for after in out[key]:
            waits[after] -= 1
            if not waits[after]:
                ready.append(after)
    if len(order) < len(out):
        raise Cycle(_circle({key: out[key] for key, count in waits.items() if count}))
    return order


def _circle(out: dict[str, list[str]]) -> list[str]:
    """One circle among activities that all wait: each is followed backwards until one repeats."""
    before = {after: key for key, all_after in out.items() for after in all_after if after in out}
    key, seen = next(iter(out)), dict[str, None]()
    while key not in seen:
        seen[key] = None
        key = before[key]
    walked = list(seen)
    circle = walked[walked.index(key) :][::-1]
    return [*circle, circle[0]]
