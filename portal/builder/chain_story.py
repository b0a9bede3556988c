"""What the engine says while a chain is played through, in sentences with real names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.accounts import queries as accounts
from portal.builder.chain_desk import ChainDesk
from portal.builder.chain_view import block_title, way_told
from portal.web.words import gettext as _
from portal.workflows import events as ev
from portal.workflows.playing import Played
from portal.workflows.state import State


@dataclass(frozen=True)
class Story:
    """Tells the events of a chain; `names` are people by id."""

    desk: ChainDesk
    requester: str
    names: Mapping[str, str]

    def name(self, person: str) -> str:
        """What somebody is called."""
        return self.names.get(person, person)

    def title(self, block: str) -> str:
        """What a block is called; the requester for the start."""
        if block == "start":
            return self.name(self.requester)
        nodes = self.desk.the_chain.all_nodes()
        found = next((node for node in nodes if node.id == block), None)
        return block_title(self.desk, found) if found else block

    def lines(self, played: Played) -> list[str]:
        """One act and what followed from it, sentence by sentence."""
        return [line for event in played.events for line in self._told(event)]

    def _told(self, event: ev.Event) -> Iterator[str]:
        tell = _TELLERS.get(event.kind)
        yield from () if tell is None else tell(self, event)

    def _started(self, event: ev.Started) -> Iterator[str]:
        yield str(_("%(person)s sends the request.", person=self.name(event.requester)))

    def _resubmitted(self, event: ev.Resubmitted) -> Iterator[str]:
        yield str(_("%(person)s sends it again.", person=self.name(self.requester)))

    def _entered(self, event: ev.Entered) -> Iterator[str]:
        people = str(_(", ")).join(self.name(one.person) for one in event.seats)
        if people:
            yield str(_("“%(step)s” asks %(people)s.", step=self.title(event.step), people=people))
        yield from self._barred(event.barred)

    def _barred(self, barred: Iterable[ev.Barred]) -> Iterator[str]:
        for one in barred:
            if one.why == "requester":
                text = _("%(person)s is not asked: nobody decides on their own request.")
            else:
                text = _("%(person)s is not asked: they decided in “%(step)s”.")
            yield str(text) % {"person": self.name(one.person), "step": self.title(one.step or "")}

    def _skipped(self, event: ev.Skipped) -> Iterator[str]:
        yield str(_("“%(step)s” is skipped: nobody is found.", step=self.title(event.step)))

    def _chosen(self, event: ev.Chosen) -> Iterator[str]:
        nodes = self.desk.the_chain.all_nodes()
        node = next((one for one in nodes if one.id == event.block), None)
        if node is not None:
            way = node.ways[-1 if event.case is None else event.case]
            told = way_told(self.desk, way.condition)
            yield str(_("Taken at “%(choice)s”: %(way)s", choice=self.title(node.id), way=told))

    def _held(self, event: ev.Held) -> Iterator[str]:
        if event.why == "unknown":
            missing = (self.desk.labels.get(one, one) for one in event.unknown)
            fields = str(_(", ")).join(missing) or "?"
            text = _(
                "It waits for an administrator: “%(block)s” cannot be told without %(fields)s."
            )
            yield str(text) % {"block": self.title(event.block), "fields": fields}
        else:
            block = self.title(event.block)
            yield str(_("It waits for an administrator at “%(block)s”.", block=block))

    def _stalled(self, event: ev.Stalled) -> Iterator[str]:
        texts: dict[str, str] = {
            "empty": _("“%(step)s” waits for an administrator: nobody is found who may decide."),
            "deadlock": _("“%(step)s” waits for an administrator: the votes reach no result."),
        }
        usual = _("“%(step)s” waits for an administrator.")
        yield str(texts.get(event.why, usual)) % {"step": self.title(event.step)}

    def _copied(self, event: ev.Copied) -> Iterator[str]:
        people = str(_(", ")).join(self.name(one.person) for one in event.people)
        if people:
            yield str(_("A copy goes to %(people)s.", people=people))

    def _voted(self, event: ev.Voted) -> Iterator[str]:
        text = {
            "approve": _("%(person)s approves in “%(step)s”."),
            "reject": _("%(person)s rejects in “%(step)s”."),
        }.get(event.vote, _("%(person)s returns it in “%(step)s”."))
        yield str(text) % {"person": self.name(event.person), "step": self.title(event.step)}

    def _closed(self, event: ev.Closed) -> Iterator[str]:
        if event.outcome in ("approved", "rejected", "deadlock"):
            texts: dict[str, str] = {
                "approved": _("“%(step)s” is approved."),
                "rejected": _("“%(step)s” is rejected."),
                "deadlock": _("“%(step)s” can no longer be approved."),
            }
            yield str(texts[event.outcome]) % {"step": self.title(event.step)}

    def _returned(self, event: ev.Returned) -> Iterator[str]:
        yield str(_("It goes back to %(whom)s.", whom=self.title(event.to)))

    def _transferred(self, event: ev.Transferred) -> Iterator[str]:
        names = {"person": self.name(event.person), "to": self.name(event.to.person)}
        text = _("%(person)s hands “%(step)s” over to %(to)s.")
        yield str(text) % {**names, "step": self.title(event.step)}

    def _withdrawn(self, event: ev.Withdrawn) -> Iterator[str]:
        yield str(_("%(person)s withdraws it.", person=self.name(self.requester)))

    def _ended(self, event: ev.Ended) -> Iterator[str]:
        texts: dict[str, str] = {
            "approved": _("It is approved."),
            "rejected": _("It is rejected."),
            "withdrawn": _("It is withdrawn."),
        }
        yield str(texts[event.outcome])


_TELLERS: Mapping[str, Callable[[Story, Any], Iterator[str]]] = {
    "started": Story._started,
    "resubmitted": Story._resubmitted,
    "entered": Story._entered,
    "skipped": Story._skipped,
    "chosen": Story._chosen,
    "held": Story._held,
    "stalled": Story._stalled,
    "copied": Story._copied,
    "voted": Story._voted,
    "closed": Story._closed,
    "returned": Story._returned,
    "transferred": Story._transferred,
    "withdrawn": Story._withdrawn,
    "ended": Story._ended,
}


def people_in(played: Iterable[Played], *more: str) -> dict[str, str]:
    """The names of everybody these acts and what followed speak of."""
    found = set(more)
    for one in played:
        if one.act:
            found.add(one.act.person)
        for event in one.events:
            if isinstance(event, ev.Entered | ev.Seated):
                found |= {seat.person for seat in event.seats}
                found |= {barred.person for barred in event.barred}
            elif isinstance(event, ev.Copied):
                found |= {seat.person for seat in event.people}
            elif isinstance(event, ev.Skipped):
                found |= {barred.person for barred in event.barred}
            elif isinstance(event, ev.Transferred):
                found.add(event.to.person)
    return accounts.person_name(sorted(found))


def status_told(state: State | None) -> str:
    """How it stands, as a heading."""
    texts: dict[str, str] = {
        "open": _("It waits for these people"),
        "returned": _("It is back with its requester"),
        "stuck": _("It waits for an administrator"),
        "approved": _("It is approved."),
        "rejected": _("It is rejected."),
        "withdrawn": _("It is withdrawn."),
    }
    return str(texts[(state.outcome or state.status) if state else "stuck"])
