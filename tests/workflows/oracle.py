"""A naive second opinion: recomputes every invariant from the definition's JSON and the event log.

Shares no code with the engine. One `Oracle` reads one approval's log, a command at a time, and
raises `Broken` with the invariant's id (WORKFLOWS 3.1) at the first event that should not be.
"""

from typing import Any

Raw = dict[str, Any]


class Broken(AssertionError):
    """An invariant does not hold."""


def demand(holds: object, invariant: str, why: str) -> None:
    if not holds:
        raise Broken(f"{invariant}: {why}")


def is_inside(path: str, whole: str) -> bool:
    """`lines[].qty` is inside `lines`, `lines_total` is not."""
    return path == whole or (path.startswith(whole) and path[len(whole)] in "[.")


def flatten(blocks: list[Raw]) -> list[Raw]:
    """Every block in written order."""
    flat = []
    for block in blocks:
        flat.append(block)
        if "choose" in block:
            for case in block["when"]:
                flat += flatten(case["then"])
            flat += flatten(block["else"])
    return flat


def then(invariant: str, kind: str) -> Raw:
    """What the engine owes: the next event of this kind."""
    return {"do": "then", "kinds": [kind], "id": invariant}


def name(block: Raw) -> str:
    return next(block[k] for k in ("step", "choose", "cc") if k in block)


class Oracle:
    def __init__(
        self,
        raw: Raw,
        protected: frozenset[str] = frozenset(),
        reads: dict[str, frozenset[str]] | None = None,
    ) -> None:
        self.raw, self.protected, self.reads = raw, protected, reads or {}
        self.policy = raw.get("policy", {})
        self.flat = flatten(raw["blocks"])
        self.order = [name(b) for b in self.flat]
        self.steps = {b["step"]: b for b in self.flat if "step" in b}
        self.version = 0
        self.requester: str | None = None
        self.visits: list[Raw] = []  # epoch n is visits[n - 1]
        self.queue: list[Raw] = []  # the blocks still to come, as far as known
        self.copied: set[str] = set()
        self.skipped: list[str] = []
        self.returns = 0
        self.waiting = False  # for the requester
        self.held = False
        self.left = False
        self.unsent = False  # protected values are not those the requester sent
        self.to_sign = False  # the requester's sending stands for a step, and it no longer counts
        self.ended: str | None = None
        self.pending: Raw | None = None  # what the last event obliges the engine to do
        self.batch: list[Raw] = []
        self.before = 0

    # -- reading the log ------------------------------------------------------------------

    def command(self, batch: list[Raw]) -> None:
        """The events of one command."""
        self.batch, self.before = batch, self.version
        demand(not (batch and self.ended), "S2", "something happened after the end")
        for at, event in enumerate(batch):
            self.rest = batch[at + 1 :]
            demand(not self.ended, "S2", f"{event['kind']} after the end")
            self._obligation(event)
            getattr(self, "on_" + event["kind"])(event)
        if batch:
            due = self.pending
            demand(due is None, (due or {}).get("id", "S4"), f"left undone: {due}")
            self._at_rest()

    def _obligation(self, event: Raw) -> None:
        """After an outcome the engine must do what the step's rule says, at once."""
        due, self.pending = self.pending, None
        if due is None:
            return
        if due["do"] == "end":
            demand(
                event["kind"] == "ended" and event["outcome"] == "rejected",
                "D7",
                f"{event} where the approval should have been rejected",
            )
        elif due["do"] == "return":
            at_limit = self.returns >= self.policy.get("max_returns", 5)
            invariant = due.get("id", "S4")
            if at_limit:
                demand(event["kind"] == "ended", invariant, "a return beyond max_returns")
            else:
                returned = event["kind"] == "returned" and event["to"] == due["to"]
                demand(returned, invariant, f"{event} where it should return to {due['to']}")
        else:
            demand(event["kind"] in due["kinds"], due["id"], f"{event['kind']} after {due}")

    def _open(self) -> list[Raw]:
        return [v for v in self.visits if v["outcome"] is None]

    def _standing(self) -> list[Raw]:
        return [v for v in self.visits if not v["void"]]

    def _at_rest(self) -> None:
        """Between two commands: nothing is decided and not closed, nobody waits for nobody."""
        if self.ended:
            demand(not self._open(), "S2", "an open step after the end")
            return
        if self.waiting:
            demand(not self._open(), "S4", "an open step while the requester has it")
            return
        demand(len(self._open()) == (0 if self.held else 1), "S1", "not exactly one open step")
        for visit in self._open():
            if not visit["stalled"]:
                free = [s for s in visit["seats"] if s["vote"] is None and not s["gone"]]
                demand(free, "S1", "nobody can act and it is not stuck")
            outcome = self._outcome(visit)
            if outcome == "open":
                demand(not visit["stalled"] or visit["forced"], "S1", "stuck without need")
            else:
                demand(outcome in ("deadlock", "vacant"), "D5", f"{outcome} but still open")
                demand(visit["stalled"], "D7", f"{outcome} and nobody is told")
                if outcome == "deadlock":
                    lost = self.steps[visit["step"]].get("on_deadlock")
                    demand(lost == "hold", "D7", f"deadlock waits although it says {lost}")

    def _outcome(self, visit: Raw) -> str:
        """WORKFLOWS 1.5 in its plainest form: try every way the missing votes could fall."""
        step = self.steps[visit["step"]]
        seats = [s for s in visit["seats"] if s["gone"] != "replaced"]
        need, reject = step["need"], step["reject"]
        by = reject if isinstance(reject, str) else reject["by"]
        yes = len([s for s in seats if s["vote"] == "approve"])
        no = len([s for s in seats if s["vote"] == "reject"])
        undecided = len([s for s in seats if s["vote"] is None and not s["gone"]])
        empty = len([s for s in seats if s["gone"] == "vacant"])
        everybody = yes + no + undecided + empty
        wanted = {"any": 1, "all": everybody}[need] if isinstance(need, str) else need["count"]
        if everybody == 0:
            return "vacant"
        if yes >= wanted:
            return "approved"
        if by == "one" and no > 0:
            return "rejected"
        if by == "all" and no == everybody:
            return "rejected"
        reachable_at_first = everybody >= wanted
        if by == "impossible" and no and reachable_at_first and everybody - no < wanted:
            return "rejected"
        if yes + undecided >= wanted:
            return "open"
        return "vacant" if yes + undecided + empty >= wanted else "deadlock"

    # -- where the approval is ------------------------------------------------------------

    def _begin(self, blocks: list[Raw]) -> None:
        self.queue = list(blocks)

    def _continue_at(self, target: str) -> None:
        """The blocks from the target to the end of every list that holds it."""

        def after(blocks: list[Raw]) -> list[Raw] | None:
            for at, block in enumerate(blocks):
                if name(block) == target:
                    return blocks[at:]
                if "choose" in block:
                    for branch in [*(c["then"] for c in block["when"]), block["else"]]:
                        inner = after(branch)
                        if inner is not None:
                            return inner + blocks[at + 1 :]
            return None

        self.queue = after(self.raw["blocks"]) or []

    def _arrive(self, block_id: str) -> Raw:
        """The chain must have reached exactly this block."""
        while self.queue and "cc" in self.queue[0] and name(self.queue[0]) in self.copied:
            if self.queue[0]["cc"] == block_id:
                break
            self.queue.pop(0)
        demand(self.queue, "S6", f"{block_id} after the last block")
        demand(name(self.queue[0]) == block_id, "S6", f"{block_id}, not {name(self.queue[0])}")
        return self.queue.pop(0)

    def _at_end(self) -> bool:
        return all("cc" in b and b["cc"] in self.copied for b in self.queue)

    def _kept_out(self, step: str, person: str) -> str | None:
        if person == self.requester:
            return "A1"
        for group in self.policy.get("distinct", []):
            for visit in self._standing():
                if step in group and visit["step"] in group and visit["step"] != step:
                    for seat in visit["seats"]:
                        if seat["person"] == person and seat["vote"]:
                            return "A2"
        return None

    def _check_seats(self, step: str, seats: list[Raw], barred: list[Raw]) -> None:
        people = [s["person"] for s in seats]
        demand(len(people) == len(set(people)), "D1", f"two seats for one person: {people}")
        for person in people:
            kept_out = self._kept_out(step, person)
            demand(kept_out is None, kept_out or "", f"{person} got a seat in {step}")
        for seat in seats:
            demand(seat["reasons"], "A4", "a seat without a reason")
        for one in barred:
            kept_out = self._kept_out(step, one["person"])
            named = {"requester": "A1", "distinct": "A2"}[one["why"]]
            demand(kept_out == named, named, f"{one['person']} was kept out for nothing")

    def _seat(self, visit: Raw, person: str) -> Raw | None:
        live = [s for s in visit["seats"] if s["person"] == person and not s["gone"]]
        demand(len(live) <= 1, "D1", f"{person} sits twice")
        return live[0] if live else None

    def _visit(self, number: int, *, is_open: bool = True) -> Raw:
        demand(1 <= number <= len(self.visits), "D1", f"no epoch {number}")
        visit = self.visits[number - 1]
        demand((visit["outcome"] is None) == is_open, "D5", f"epoch {number} is not open")
        return visit

    def _new_seats(self, found: list[Raw]) -> list[Raw]:
        return [{"person": s["person"], "vote": None, "gone": None} for s in found]

    # -- one method per kind of event -----------------------------------------------------

    def on_started(self, event: Raw) -> None:
        demand(self.requester is None, "S3", "started twice")
        demand(event["by"] == event["requester"], "A1", "started for somebody else")
        self.requester, self.version = event["requester"], event["version"]
        self._begin(self.raw["blocks"])

    def on_entered(self, event: Raw) -> None:
        demand(event["epoch"] == len(self.visits) + 1, "S4", "an epoch is not new")
        demand(not self._open(), "S4", "a step was entered while another is open")
        fallback = self._is_fallback(event)
        if fallback:
            self._continue_at(event["step"])
            self.skipped.remove(event["step"])
        self._arrive(event["step"])
        self._check_seats(event["step"], event["seats"], event["barred"])
        visit = {
            "step": event["step"],
            "outcome": None,
            "void": False,
            "stalled": None,
            "forced": fallback,
            "seats": self._new_seats(event["seats"]),
        }
        self.visits.append(visit)
        self.held = False
        if not event["seats"]:
            rejects = self.policy.get("empty") == "reject" and not fallback
            self.pending = then("S1", "closed" if rejects else "stalled")

    def _is_fallback(self, event: Raw) -> bool:
        """At the end of a chain nobody approved, the last step skipped is asked after all."""
        if not self._at_end() or self._someone_approved():
            return False
        demand(
            self.skipped and event["step"] == self.skipped[-1],
            "S6",
            "the step entered at the end was not skipped",
        )
        return True

    def on_skipped(self, event: Raw) -> None:
        demand(self.policy.get("empty") == "skip", "S6", "skipped though not allowed")
        if not (self.visits and self.visits[-1]["outcome"] == "skipped" and self._last_skip):
            self._arrive(event["step"])
        self._last_skip = False
        self._check_seats(event["step"], [], event["barred"])
        self.skipped.append(event["step"])

    _last_skip = False

    def on_chosen(self, event: Raw) -> None:
        block = self._arrive(event["block"])
        values = [t["value"] for t in event["truths"]]
        case = event["case"]
        expected = [False] * (len(block["when"]) if case is None else case)
        demand(values == expected + ([] if case is None else [True]), "S6", f"chose by {values}")
        taken = block["else"] if case is None else block["when"][case]["then"]
        others = [c["then"] for c in block["when"]] + [block["else"]]
        passed = [b["step"] for o in others if o is not taken for b in flatten(o) if "step" in b]
        demand(event["passed_over"] == passed, "S6", "a step is silently absent")
        self.queue = list(taken) + self.queue
        self.held = False
        if case is not None and block["when"][case].get("signed_by_sending") and self.unsent:
            self.to_sign = True
            self.pending = {"do": "return", "to": "start", "id": "D2"}

    def on_held(self, event: Raw) -> None:
        demand(event["why"] == "unknown", "S6", "held without an unknown condition")
        demand(name(self.queue[0]) == event["block"], "S6", "held elsewhere")
        self.held = True

    def on_copied(self, event: Raw) -> None:
        self._arrive(event["block"])
        demand(event["block"] not in self.copied, "S4", "copied twice")
        self.copied.add(event["block"])

    def on_voted(self, event: Raw) -> None:
        visit = self._visit(event["epoch"])
        demand(visit["step"] == event["step"], "D2", "vote in another step")
        if event["seen_epoch"] != event["epoch"]:
            mine = [e for e in self.batch if e["kind"] == "restarted"]
            demand(mine, "D2", "the epoch seen is not the current one")
            demand(
                self.visits[event["seen_epoch"] - 1]["outcome"] == "restarted",
                "D2",
                "the epoch seen was closed by somebody else",
            )
        demand(event["seen_version"] == self.before, "D2", "the version seen is not the current")
        demand(event["version"] == self.version, "D2", "bound to another version")
        if event["version"] != event["seen_version"]:
            own = any(e["kind"] == "edited" for e in self.batch)
            demand(own, "D2", "bound to a version somebody else made")
        demand(event["by"] == event["person"], "D3", "voted in somebody's name")
        seat = self._seat(visit, event["person"])
        demand(seat is not None, "D3", f"{event['person']} has no seat")
        assert seat is not None
        demand(seat["vote"] is None, "D1", f"{event['person']} decided twice")
        kept_out = self._kept_out(event["step"], event["person"])
        demand(kept_out is None, kept_out or "", f"{event['person']} decided in {event['step']}")
        demand(event["vote"] in ("approve", "reject"), "D4", "an unknown vote")
        demand(self._outcome(visit) in ("open", "deadlock", "vacant"), "D5", "a vote too late")
        seat["vote"] = event["vote"]
        if self._outcome(visit) in ("approved", "rejected"):
            self.pending = then("D5", "closed")

    def on_closed(self, event: Raw) -> None:
        visit = self._visit(event["epoch"])
        outcome, step = event["outcome"], self.steps[visit["step"]]
        found = self._outcome(visit)
        reject = step["reject"]
        if outcome == "approved":
            demand(found == "approved", "D4", f"closed as approved, but {found}")
        elif outcome == "rejected" and found == "vacant":
            demand(self.policy.get("empty") == "reject", "S6", "rejected because empty")
            self.pending = {"do": "end"}
        elif outcome == "rejected":
            demand(found == "rejected", "D4", f"closed as rejected, but {found}")
            after = "end" if isinstance(reject, str) else reject.get("then", "end")
            self.pending = self._consequence(after)
        elif outcome == "deadlock":
            demand(found == "deadlock", "D7", f"closed as deadlock, but {found}")
            self.pending = self._consequence(step.get("on_deadlock", ""))
        elif outcome == "skipped":
            demand(found == "vacant", "S6", f"skipped, but {found}")
            self._last_skip = True
            self.pending = then("S6", "skipped")
        elif outcome == "returned":
            seat = self._seat(visit, event["by"])
            demand(seat and seat["vote"] is None, "D3", "returned by somebody without a seat")
            self.pending = then("S4", "returned")
        elif outcome == "restarted":
            self.pending = then("D2", "restarted")
        else:
            demand(outcome in ("withdrawn", "terminated"), "S2", f"closed as {outcome}")
            self.pending = then("S2", "withdrawn")
        visit["outcome"], visit["stalled"], visit["by"] = outcome, None, event["by"]

    def _consequence(self, action: str) -> Raw:
        if action.startswith("return:"):
            return {"do": "return", "to": action.removeprefix("return:")}
        demand(action in ("end", "reject"), "D7", f"closed although it says {action}")
        return {"do": "end"}

    def _clear(self, target: str, cleared: list[str]) -> None:
        at = 0 if target == "start" else self.order.index(target)
        demand(cleared == self.order[at:], "S4", f"cleared {cleared} for {target}")
        for visit in self.visits:
            visit["void"] = visit["void"] or visit["step"] in cleared
        self.copied -= set(cleared)
        self.skipped = [s for s in self.skipped if s not in cleared]
        self.held = False

    def on_returned(self, event: Raw) -> None:
        step, last = self.steps[event["step"]], self.visits[-1]
        demand(not self._open(), "S4", "returned with an open step")
        demand(last["step"] == event["step"], "S4", "returned from elsewhere")
        if event["why"] == "asked":
            offered = step.get("may", {}).get("return", {})
            demand(event["to"] in offered, "S4", f"{event['to']} is not offered")
            demand(event["comment"].strip(), "S4", "returned without a word")
            demand(last["outcome"] == "returned", "S4", "returned a closed step")
        elif event["why"] == "unsent":
            demand(self.to_sign, "D2", "the requester's sending still counted")
        else:
            demand(last["outcome"] == event["why"], "S4", "an automatic return without cause")
        demand(self.returns < self.policy.get("max_returns", 5), "S4", "too many returns")
        self._clear(event["to"], event["cleared"])
        self.returns, self.to_sign = self.returns + 1, False
        if event["to"] == "start":
            self.waiting = True
        else:
            self._continue_at(event["to"])

    def on_resubmitted(self, event: Raw) -> None:
        demand(self.waiting, "S4", "resubmitted without a return")
        demand(event["by"] == self.requester, "D3", "resubmitted by somebody else")
        demand(event["version"] >= self.version, "D2", "an older version")
        self.waiting, self.version, self.unsent = False, event["version"], False
        self._begin(self.raw["blocks"])

    def on_carried(self, event: Raw) -> None:
        demand(self.batch == [event], "D2", "something else happened as the record moved")
        demand(event["version"] > self.version, "D2", "the version did not grow")
        self.version = event["version"]

    def on_edited(self, event: Raw) -> None:
        visit = self._visit(event["epoch"])
        seat = self._seat(visit, event["by"])
        demand(seat and seat["vote"] is None, "D3", "edited without an open seat")
        demand(event["seen_version"] == self.version, "D2", "edited what was not seen")
        demand(event["version"] > self.version, "D2", "the version did not grow")
        allowed = self.steps[visit["step"]].get("fields", {}).get("edit", [])
        for path in event["paths"]:
            inside = any(is_inside(path, one) for one in allowed)
            demand(inside, "A6", f"{path} may not be changed here")
        hit = [p for p in event["paths"] + event["computed"] if self._counts(p, event)]
        found = sorted(event["protected"])
        demand(found == sorted(hit), "D2", f"protected {found}, not {hit}")
        self.version = event["version"]
        if hit:
            after = [(e["kind"], e.get("outcome")) for e in self.rest[:1]]
            demand(after == [("closed", "restarted")], "D2", "a protected change, no restart")

    def _counts(self, path: str, event: Raw) -> bool:
        """Whether the change of this path voids approvals."""
        if not any(is_inside(path, p) or is_inside(p, path) for p in self.protected):
            return False
        so_far = self.order[: self.order.index(event["step"]) + 1]
        read = [p for block, paths in self.reads.items() if block in so_far for p in paths]
        known = any(is_inside(path, p) or is_inside(p, path) for p in read)
        return path not in event["filled"] or known

    def on_restarted(self, event: Raw) -> None:
        here = self.visits[-1]["step"]
        wish = self.policy.get("on_protected_change", "").removeprefix("restart_from:")
        target = wish or self.order[0]
        if self.order.index(target) > self.order.index(here):
            target = here
        demand(event["to"] == target, "S4", f"restarted at {event['to']}, not {target}")
        given = [
            (s["person"], v["step"], n)
            for n, v in enumerate(self.visits, 1)
            if not v["void"] and self.order.index(v["step"]) >= self.order.index(target)
            for s in v["seats"]
            if s["vote"] == "approve"
        ]
        removed = [(r["person"], r["step"], r["epoch"]) for r in event["removed"]]
        demand(removed == given, "D8", f"signatures removed: {removed}, not {given}")
        by_other = event["by"] != self.requester
        demand(event["unsent"] == by_other, "D2", "whose change it was is told wrongly")
        self.unsent = self.unsent or by_other
        self._clear(target, event["cleared"])
        self._continue_at(target)

    def on_transferred(self, event: Raw) -> None:
        visit, to = self._visit(event["epoch"]), event["to"]["person"]
        step = self.steps[visit["step"]]
        offered = step.get("may", {}).get("transfer")
        demand(offered, "D3", "a transfer that is not offered")
        demand(event["by"] == event["person"], "D3", "somebody else's seat was transferred")
        demand(event["seen_version"] == self.version, "D2", "transferred what was not seen")
        seat = self._seat(visit, event["person"])
        demand(seat and seat["vote"] is None, "D8", "a cast vote was transferred")
        demand(self._seat(visit, to) is None, "D1", f"{to} would sit twice")
        kept_out = self._kept_out(visit["step"], to)
        demand(kept_out is None, kept_out or "", f"transferred to {to}")
        if offered == "same_rule":
            rules = step["who"] if isinstance(step["who"], list) else [step["who"]]
            known = {(k, v) for rule in rules for k, v in rule.items()}
            by_rule = [r for r in event["to"]["reasons"] if (r["rule"], r["value"]) in known]
            demand(by_rule, "D3", f"{to} does not fulfil the rule")
        assert seat is not None
        seat["person"] = to

    def on_seated(self, event: Raw) -> None:
        visit = self._visit(event["epoch"])
        demand(visit["stalled"] or event["why"] == "empty", "D8", "seated though not stuck")
        for found in event["seats"]:
            demand(self._seat(visit, found["person"]) is None, "D1", "seated twice")
        self._check_seats(visit["step"], event["seats"], event["barred"])
        vacant = [s for s in visit["seats"] if s["gone"] == "vacant"]
        wanted = min(len(vacant), 1) if event["why"] == "assigned" else len(vacant)
        demand(event["fills"] == wanted, "D7", "vacant seats are filled one by one")
        for seat in vacant[:wanted]:
            seat["gone"] = "replaced"
        visit["seats"] += self._new_seats(event["seats"])
        visit["stalled"], visit["forced"] = None, False

    def on_vacated(self, event: Raw) -> None:
        for number in event["epochs"]:
            seat = self._seat(self._visit(number), event["person"])
            demand(seat and seat["vote"] is None, "D8", "a cast vote was vacated")
            assert seat is not None
            seat["gone"] = "vacant"
        for visit in self._open():
            seat = self._seat(visit, event["person"])
            demand(seat is None or seat["vote"], "D3", "a leaver keeps an open seat")
        self.left = self.left or event["person"] == self.requester

    def on_stalled(self, event: Raw) -> None:
        visit = self._visit(event["epoch"])
        demand(visit["stalled"] is None, "S1", "stuck twice")
        visit["stalled"] = event["why"]
        if event["why"] == "nobody_approved":
            demand(visit["forced"], "S6", "held as if nobody had approved")
        else:
            found = self._outcome(visit)
            named = {"empty": "vacant"}.get(event["why"], event["why"])
            demand(found == named, "D7", f"stuck as {event['why']}, but {found}")

    def on_withdrawn(self, event: Raw) -> None:
        demand(not self._open(), "S2", "withdrawn with an open step")
        if event["terminated"]:
            demand(event["comment"].strip(), "S2", "terminated without a reason")
        else:
            demand(event["by"] == self.requester, "D3", "withdrawn by somebody else")
            self._in_time()
        self.pending = then("S2", "ended")

    def _in_time(self) -> None:
        rule = self.raw.get("start", {}).get("withdraw", "until_first_decision")
        demand(rule != "never", "S2", "withdrawn though never allowed")
        votes = [s for v in self._standing() for s in v["seats"] if s["vote"]]
        if rule == "until_first_decision":
            demand(not votes, "S2", "withdrawn after a decision")
        if rule.startswith("until:"):
            milestone = self.order.index(rule.removeprefix("until:"))
            reached = [v for v in self._standing() if self.order.index(v["step"]) >= milestone]
            demand(not reached, "S2", "withdrawn after the milestone")

    def votes(self) -> list[tuple[int, str, str]]:
        """Every vote in the log: epoch, person, vote."""
        return [
            (number, seat["person"], seat["vote"])
            for number, visit in enumerate(self.visits, 1)
            for seat in visit["seats"]
            if seat["vote"]
        ]

    def _someone_approved(self) -> bool:
        done = [v for v in self._standing() if v["outcome"] == "approved"]
        return any(s["vote"] == "approve" for v in done for s in v["seats"])

    def on_ended(self, event: Raw) -> None:
        demand(not self._open(), "S2", "ended with an open step")
        if event["outcome"] == "approved":
            demand(self._at_end(), "S6", f"approved before {self.queue[:1]}")
            demand(self._someone_approved(), "S6", "approved by nobody")
            demand(not self.waiting and not self.held, "S6", "approved while waiting")
        elif event["outcome"] == "rejected":
            lost = self.visits[-1]["outcome"] if self.visits else None
            due = lost in ("rejected", "deadlock") or self.to_sign
            demand(due, "D4", f"rejected after {lost}")
        else:
            demand(self.batch[-2]["kind"] == "withdrawn", "S2", "withdrawn by nobody")
        self.ended = event["outcome"]
