"""What keepers of registers do in these tests."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.ledgers.columns import total
from portal.ledgers.queries import Where, sums
from portal.masters import services
from tests.house import House
from tests.stage import Stage


def merge(stage: Stage, goes: str, stays: str, login: str = "carla", reason: str = "Twice") -> None:
    seen = stage.record(goes).revision, stage.record(stays).revision
    with stage.acting(login) as viewer:
        services.merge(
            actor=viewer, record_id=goes, into_id=stays, seen_revisions=seen, reason=reason,
            now=stage.now(),
        )  # fmt: skip


def retire(stage: Stage, record_id: str, login: str = "carla", reason: str = "Closed") -> None:
    seen = stage.record(record_id).revision
    with stage.acting(login) as viewer:
        services.retire(
            actor=viewer, record_id=record_id, seen_revision=seen, reason=reason, now=stage.now()
        )


def take_back(stage: Stage, record_id: str, login: str = "carla", reason: str = "Mistake") -> None:
    with stage.acting(login) as viewer:
        services.take_back(actor=viewer, record_id=record_id, reason=reason, now=stage.now())


def party(house: House, code: str, name: str, **more: Any) -> str:
    given = {"kind": "vendor", "bank_name": "CCB", "bank_account": f"3100 {code}", **more}
    return house.entry("carla", "party", None, code=code, name=name, **given)


def by_party(house: House, where: Where | None = None) -> Mapping[str | None, Decimal]:
    """What is certified, by party, as the centers add it up."""
    column = total("c", "c", "c", ledger="funds_entry", stage=("certified",))
    with house.system():
        found = sums((column,), ("party_id",), [house.projects["P1"]], where or {})
        return {one.by[0]: one.values["c"] for one in found if one.values["c"]}
