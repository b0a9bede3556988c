"""Which figures of a report would tell who may not see wages the pay of few workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.dates import last_of
from portal.ledgers.pay import FEWEST, workers_behind
from portal.ledgers.queries import Recorded
from portal.web.viewer import ProjectBrief
from portal.weekly.ledgers import by_ledger, columns_of
from portal.weekly.period import Period


@dataclass(frozen=True, slots=True)
class Untold:
    """What is not told of a row."""

    before: bool = False
    moved: bool = False
    after: bool = False


def kept_back(
    account: Mapping[str, Any], project: ProjectBrief, period: Period, *, is_chosen: bool
) -> Mapping[str, Untold]:
    """What is not told of each row of an account, by key.

    A row tells nothing where the pay of few was recorded in its period. What stood at a day is told
    at the ends of months only, as sums up to any day differ by the pay of one; of a period that the
    reader chose (`is_chosen`), and not a report, the same holds of what moved.
    """
    columns = columns_of(account["center"])
    known = [columns[row["key"]] for row in account["rows"] if row["key"] in columns]
    where: dict[str, Any] = {"ccy": (account["currency"],)}
    if account["direction"]:
        where["direction"] = (account["direction"],)

    def behind(recorded: Recorded) -> Mapping[str, int]:
        asked = {**where, "posted_at": recorded}
        return {
            key: count
            for columns in by_ledger(known)
            for key, count in workers_behind(columns, [project.id], asked).items()
        }

    stood = behind(Recorded(None, period.start))
    came = behind(Recorded(period.start, period.end))
    stands = behind(Recorded(None, period.end))
    starts, ends = _ends_a_month(period.from_on), _ends_a_month(period.to_on)
    is_whole = not is_chosen or (starts and ends)
    found = {}
    for row in account["rows"]:
        key = row["key"]
        moved = key not in columns or _tells(came[key], is_whole=is_whole)
        found[key] = Untold(
            moved or _tells(stood[key], is_whole=starts),
            moved,
            moved or _tells(stands[key], is_whole=ends),
        )
    return found


def _tells(workers: int, *, is_whole: bool) -> bool:
    """Whether a sum with the pay of so many would tell that of one."""
    return workers > 0 and (workers < FEWEST or not is_whole)


def _ends_a_month(day: date) -> bool:
    return day == last_of(day)
