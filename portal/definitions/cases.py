"""Example cases: evaluate, route and post a given record, and compare with what must come out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.definitions.case_facts import case_facts, filed, named, value_at, with_ids
from portal.definitions.case_words import columns_called, either, field_called, shown
from portal.definitions.posting_lines import PostingLine, PostingRule, posting_lines
from portal.definitions.routing import expected_route, place_after_change
from portal.errors import N_, FieldError, Message
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fields import FormDefinition
from portal.forms.outcome import Facts, Outcome
from portal.workflows.refusals import Refusal
from portal.workflows.tree import WorkflowDefinition

ARROW = " → "  # between the steps of a route in a sentence
Json = Mapping[str, Any]
Preview = Callable[[Sequence[PostingRule], CompiledForm, Json, Facts, str], Sequence[PostingLine]]

_preview: Preview = posting_lines


def set_posting_preview(preview: Preview) -> None:
    """Let the ledgers say what rules post, instead of the rules alone."""
    global _preview
    _preview = preview


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a case went wrong: the member of the case and a sentence."""

    place: tuple[str | int, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Subject:
    """What cases are run against."""

    form: CompiledForm
    workflow: WorkflowDefinition | None = None
    postings: tuple[PostingRule, ...] = ()


def run_case(case: Json, subject: Subject) -> list[Failure]:
    """What differs from the expectation; nothing if the case holds."""
    given = with_ids(case["given"], subject.form)
    facts = case_facts(case.get("facts") or {}, given, subject.form)
    outcome = evaluate(subject.form, given, facts, mode="submit")
    form = subject.form.definition
    failures = [*_check_errors(case, outcome, form), *_check_values(case, outcome, form)]
    if failures:
        return failures
    after = filed(facts)
    if "route" in case:
        failures += _check_route(case, subject, outcome, after)
    for number, change in enumerate(case.get("changes", ())):
        failures += _check_change(("changes", number), change, subject, outcome, after)
    if "postings" in case:
        failures += _check_postings(case, subject, outcome, after)
    return failures


def _check_errors(case: Json, outcome: Outcome, form: FormDefinition) -> Iterator[Failure]:
    found = {(error.path, error.code): error for error in outcome.errors}
    for number, wanted in enumerate(case.get("errors", ())):
        path, code = named(wanted["path"], outcome.data), wanted.get("rule") or wanted.get("code")
        matches = [mark for mark in found if mark[0] == path and code in (None, mark[1])]
        for mark in matches:
            del found[mark]
        if not matches:
            args = {"field": field_called(wanted["path"], form), "code": code or ""}
            message = Message(N_("%(field)s was expected to be refused (%(code)s)."), args)
            yield Failure(("errors", number), message)
    for error in found.values():
        yield Failure((), _unexpected(error, form))


def _unexpected(error: FieldError, form: FormDefinition) -> Message:
    called = field_called(error.path, form)
    args = {"field": called, "code": error.code, "message": error.message}
    return Message(N_("%(field)s is refused (%(code)s): %(message)s"), args)


def _check_values(case: Json, outcome: Outcome, form: FormDefinition) -> Iterator[Failure]:
    for path, wanted in case.get("expect", {}).items():
        got = value_at(path, outcome.data)
        if got != wanted:
            args = {"field": field_called(path, form), "got": shown(got), "wanted": shown(wanted)}
            args |= {"path": path, "value": got}
            message = Message(N_("%(field)s is %(got)s; %(wanted)s was expected."), args)
            yield Failure(("expect", path), message)


def _check_route(case: Json, subject: Subject, outcome: Outcome, facts: Facts) -> Iterator[Failure]:
    if subject.workflow is None:
        yield Failure(("route",), Message(N_("The form has no workflow.")))
        return
    route = expected_route(subject.workflow, subject.form, outcome.data, facts)
    if list(route) != list(case["route"]):
        args = {"got": ARROW.join(route) or "-", "wanted": ARROW.join(case["route"]) or "-"}
        message = Message(N_("The route is %(got)s; %(wanted)s was expected."), args)
        yield Failure(("route",), message)


def _check_change(
    place: tuple[str | int, ...], change: Json, subject: Subject, outcome: Outcome, facts: Facts
) -> Iterator[Failure]:
    """Who must have the record after a step changed it."""
    if subject.workflow is None:
        yield Failure(place, Message(N_("The form has no workflow.")))
        return
    posted = {path for rule in subject.postings for path in rule.reads}
    at, fields = str(change["at"]), change["fields"]
    got = place_after_change(
        subject.workflow, subject.form, outcome.data, facts, at=at, fields=fields, posted=posted
    )
    if isinstance(got, Refusal):
        yield Failure(place, got.message)
    elif got != change["leads_to"]:
        args = {"at": at, "got": got or "-", "wanted": change["leads_to"]}
        text = N_("Changed at %(at)s it goes to %(got)s; %(wanted)s was expected.")
        yield Failure(place, Message(text, args))


def _check_postings(
    case: Json, subject: Subject, outcome: Outcome, facts: Facts
) -> Iterator[Failure]:
    states = sorted({rule.on for rule in subject.postings})
    lines = {on: posted(subject, outcome.data, facts, on) for on in states}
    count = sum(map(len, lines.values()))
    if not case["postings"] and count:
        text = N_("Nothing was expected to be posted, but %(count)s entries are.")
        yield Failure(("postings",), Message(text, {"count": count}))
    for number, wanted in enumerate(case["postings"]):
        left = lines.get(wanted["on"], [])
        match = next((line for line in left if _matches(line, wanted)), None)
        if match is not None:
            left.remove(match)
            continue
        near = [line.values for line in left if line.ledger == wanted["ledger"]]
        args = {
            "wanted": columns_called(wanted["set"]),
            "got": either([columns_called(_only(values, wanted["set"])) for values in near]),
        }
        text = N_("No entry has %(wanted)s. Posted: %(got)s.")
        yield Failure(("postings", number), Message(text, args))


def posted(subject: Subject, data: Json, facts: Facts, on: str) -> list[PostingLine]:
    """What a record with this content posts in a state."""
    return list(_preview(subject.postings, subject.form, data, facts, on))


def _only(values: Json, keys: Json) -> dict[str, Any]:
    return {key: values.get(key) for key in keys}


def _matches(line: PostingLine, wanted: Json) -> bool:
    return line.ledger == wanted["ledger"] and all(
        _same(line.values.get(column), value) for column, value in wanted["set"].items()
    )


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, Decimal):
        try:
            return not isinstance(wanted, bool) and got == Decimal(str(wanted))
        except InvalidOperation:
            return False
    if isinstance(got, date):
        return bool(got.isoformat() == wanted)
    return bool(got == wanted)
