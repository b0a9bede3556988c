"""The outcome of a step, from its rule, its seats and their votes alone (WORKFLOWS 1.5)."""

from collections.abc import Iterable

from portal.workflows.state import Seat

ANY, ALL = "any", "all"


def verdict(need: str | int, reject: str, seats: Iterable[Seat]) -> str:
    """approved, rejected, vacant (out of reach until a vacant seat is filled), deadlock or open.

    `need` is `any`, `all` or how many must approve; `reject` is `one`, `impossible` or `all`.
    The order of the votes plays no part.
    """
    counted = [seat for seat in seats if seat.place != "replaced"]
    total = len(counted)
    needed = total if need == ALL else 1 if need == ANY else int(need)
    approvals = sum(seat.vote == "approve" for seat in counted)
    rejections = sum(seat.vote == "reject" for seat in counted)
    able = total - rejections - sum(seat.place == "vacant" for seat in counted)
    if total and approvals >= needed:
        return "approved"
    if rejections and _is_rejected(reject, needed, total, rejections):
        return "rejected"
    if able >= needed and total:
        return "open"
    return "vacant" if total - rejections >= needed or not total else "deadlock"


def _is_rejected(reject: str, needed: int, total: int, rejections: int) -> bool:
    if reject == "one":
        return True
    if reject == "all":
        return rejections == total
    return total - rejections < needed <= total
