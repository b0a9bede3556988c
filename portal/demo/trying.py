"""The Try it card on Home: the story in six steps, each ticked by what is in the database.

Only the three steps that are nothing but looking are noted elsewhere: in a cookie of this browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Flask, Response, after_this_request, request

from portal.accounts import demo
from portal.demo import trying_steps as steps
from portal.demo.trying_facts import PROJECT, Facts, gather, is_story_contract
from portal.demo.trying_words import Step
from portal.web.viewer import Viewer, current_viewer

COOKIE = "try_it"
LOOKED = ("figure", "entries", "signature", "print")
PLACES = frozenset({"funds.sheet", "portfolio.entries", "records.detail", "records.pdf"})


@dataclass(frozen=True, slots=True)
class TryIt:
    """The card: its steps, of which the first that is not done is open."""

    steps: Sequence[Step]
    template: str = "demo/_try_it.html"

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)


def card(viewer: Viewer) -> TryIt | None:
    """The card for this viewer; None outside a demo company."""
    if not demo.is_demo():
        return None
    facts = gather()
    if facts is None:
        return None
    seen = _seen(facts)
    _keep(facts, seen)
    return TryIt(_open_one(_steps(facts, seen, viewer)))


def watch(app: Flask) -> None:
    """Note the pages of the story as they are looked at, in browsers that were shown the card."""
    app.after_request(_note)


def _steps(facts: Facts, seen: frozenset[str], viewer: Viewer) -> list[Step]:
    return [
        steps.filing(facts, viewer),
        steps.approving(facts, viewer),
        steps.seeing(facts, viewer, done="figure" in seen),
        steps.clicking_back(facts, viewer, done="signature" in seen),
        steps.printing(facts, viewer, done="print" in seen),
        steps.adding_a_field(facts, viewer),
    ]


def _open_one(found: list[Step]) -> list[Step]:
    """The first step that is not done is the one to do now."""
    now = next((step.key for step in found if not step.done), "")
    return [replace(step, now=step.key == now) for step in found]


def _seen(facts: Facts) -> frozenset[str]:
    """What this browser looked at of the payment the story is about."""
    about, _colon, looked = request.cookies.get(COOKIE, "").partition(":")
    if facts.payment is None or about != facts.payment.id:
        return frozenset()
    return frozenset(looked.split(".")) & frozenset(LOOKED)


def _keep(facts: Facts, seen: frozenset[str]) -> None:
    about = facts.payment.id if facts.payment else ""
    value = f"{about}:{'.'.join(sorted(seen))}"

    @after_this_request
    def write(response: Response) -> Response:
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.is_secure)
        return response


def _note(response: Response) -> Response:
    known = COOKIE in request.cookies and request.endpoint in PLACES
    if not known or response.status_code != 200 or current_viewer().is_anonymous:
        return response
    facts = gather()
    if facts is None or facts.payment is None or facts.payment.state != "approved":
        return response
    seen = _seen(facts)
    looked = _looked_at(facts, seen)
    if looked and looked not in seen:
        value = f"{facts.payment.id}:{'.'.join(sorted({*seen, looked}))}"
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _looked_at(facts: Facts, seen: frozenset[str]) -> str:
    """Which part of the story the page just shown is; empty for none."""
    given = request.view_args or {}
    assert facts.payment is not None
    if request.endpoint == "funds.sheet":
        return "figure" if given.get("code") == PROJECT else ""
    if request.endpoint == "portfolio.entries":
        return "entries" if is_story_contract(facts, request.args.get("contract", "")) else ""
    if given.get("record_id") != facts.payment.id:
        return ""
    if request.endpoint == "records.pdf":
        return "print"
    return "signature" if "entries" in seen else ""


__all__ = ["card", "watch"]
