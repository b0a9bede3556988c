"""Change requests: filed by the site, checked, voted on by the board, released by the sponsor."""

from decimal import Decimal
from typing import Any

from portal.demo import voices
from portal.demo.sites import Change, Site
from portal.demo.story import Life, Story

# What becomes of one change, by project and place in its list; the rest is approved.
TURNS = {
    "HB01:4": "return",
    "HB01:6": "reject",
    "HB01:8": "withdraw",
    "HB01:10": "wait:board",
    "HB01:11": "returned",
    "HB01:12": "wait:check",
    "HB01:13": "wait:sponsor",
    "RV02:2": "return",
    "RV02:5": "reject by the board",
    "RV02:7": "wait:board",
    "RV02:8": "draft",
    "RV02:9": "wait:sponsor",
    "JB03:4": "reject",
    "JB03:6": "withdraw",
}
RECENT = 15  # days over which the last few changes are spread
MARKUP = Decimal("1.08")  # overhead and profit on what a change costs


def change_day(site: Site, place: int) -> int:
    """How many days ago a change was filed: even over the history, the last ones close to today."""
    count = len(site.changes)
    if place >= count - 4:
        return max(2, RECENT - 3 * (place - count + 4))
    even = round((site.began - 40) * (1 - place / (count - 4)) + RECENT + 8)
    named = site.changes[place].contract
    signed = next((one.signed for one in site.contracts if one.code == named), even + 1)
    return min(even, signed - 9)


def change_life(story: Story, site: Site, one: Change, place: int) -> Life:
    """One change request from the draft to the last vote."""
    turn = TURNS.get(f"{site.code}:{place}", "")
    requester = site.engineer if place % 3 else site.contract_engineer
    data = change_data(story, site, one)
    if place % 4 == 0:
        data["files"] = [story.photo(requester, "files", f"{site.code}-{one.title}")]
    record_id = story.draft(requester, "change_request", site.code, data).id
    story.ids[f"change:{site.code}:{one.title}"] = record_id
    if turn == "draft":
        return
    yield story.later(2)
    story.send(record_id)
    if turn == "withdraw":
        yield story.later(4)
        story.withdraw(record_id, voices.WITHDRAW)
        return
    if turn == "wait:board":
        story.remark("zhao.lei", record_id, voices.REMARKS[1])
    said: set[str] = set()
    while (task := story.turn(record_id)) is not None:
        if turn == f"wait:{task.step}":
            if task.step == "board" and place % 2 == 0:  # one vote is given, another is missing
                yield story.later(9)
                story.approve(
                    record_id, voices.unsaid(story.chance, voices.AGREED[one.reason], said)
                )
            return
        yield story.later(9)
        if turn == "returned":
            story.send_back(record_id, voices.RETURN_CHANGE[0])
            return
        turn = _decide(story, record_id, one, task.step, turn, said)
        if turn == "send again":
            yield story.later(14)
            story.send(record_id, comment=story.chance.choice(voices.RESENT))
            turn = ""


def _decide(story: Story, record_id: str, one: Change, step: str, turn: str, said: set[str]) -> str:
    if step == "check" and turn == "return":
        story.send_back(record_id, story.chance.choice(voices.RETURN_CHANGE))
        return "send again"
    if step == "check" and turn == "reject":
        story.reject(record_id, voices.REJECT_CHANGE)
        return ""
    if step == "board" and turn == "reject by the board":
        left = [why for why in voices.REJECTED_BY_BOARD if why not in said]
        story.reject(record_id, left[0] if left else voices.REJECT_CHANGE)
        said.update(left[:1])
        return turn
    story.approve(record_id, voices.unsaid(story.chance, voices.AGREED[one.reason], said))
    return turn


def change_data(story: Story, site: Site, one: Change) -> dict[str, Any]:
    """The form's data of a change as authored."""
    probability, impact, probability_after, impact_after = one.risk
    data: dict[str, Any] = {
        "title": one.title,
        "reason": one.reason,
        "scope": one.scope,
        "affected_scope": one.affected,
        "description": one.description,
        "lines": [
            {
                "cost_code": story.ids[f"code:{code}"],
                "description": what,
                "qty": f"{Decimal(quantity):.3f}",
                "unit": unit,
                "unit_price": f"{Decimal(price):.2f}",
            }
            for code, what, quantity, unit, price in one.lines
        ],
        "milestones": [
            {"milestone": story.ids[f"milestone:{code}"], "days": days}
            for code, days in one.days.items()
        ],
        "probability_before": probability,
        "impact_before": impact,
        "probability_after": probability_after,
        "impact_after": impact_after,
    }
    if probability_after * impact_after > probability * impact:
        data["risk_note"] = "Worth it: the berth earns from the first day. 延长后首日即可创收。"
    if one.wbs:
        data["wbs"] = story.ids[f"wbs:{site.code}:{one.wbs}"]
    if one.scope == "out":
        data |= _agreed_with_owner(story, site, one)
    if one.contract:
        data["contract"] = story.ids[f"contract:{one.contract}"]
    if one.scope == "contingency":
        data["contingency_code"] = story.ids["code:05.09"]
    return data


def _agreed_with_owner(story: Story, site: Site, one: Change) -> dict[str, str]:
    """What the owner pays for work outside the contract: cost, markup and tax, in round figures."""
    income = next(contract for contract in site.contracts if contract.direction == "income")
    cost = sum(Decimal(quantity) * Decimal(price) for _, _, quantity, _, price in one.lines)
    worth = cost * MARKUP * (1 + Decimal(income.tax) / 100)
    return {
        "owner_contract": story.ids[f"contract:{income.code}"],
        "owner_amount": f"{worth.quantize(Decimal('1E2')):.2f}",
    }
