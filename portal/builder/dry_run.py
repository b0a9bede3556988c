"""The posting rules of a draft tried on records and examples, beside those in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.builder import queries
from portal.builder.design.bindings import word_title
from portal.builder.posting_desk import PostingDesk, column_title
from portal.definitions.case_facts import case_facts, filed, with_ids
from portal.definitions.ledger_words import LEDGER_TITLES
from portal.definitions.posting_lines import PostingLine, compile_rules
from portal.errors import Invalid
from portal.expressions import ExpressionError
from portal.forms.evaluation import evaluate
from portal.ledgers.catalog import LEDGERS
from portal.ledgers.differences import Group, LineChange
from portal.ledgers.dry_run import DryRun, Made, Subject, Tried, compared, dry_run, summed
from portal.ledgers.lines import lines
from portal.ledgers.naming import names_of
from portal.ledgers.rulebook import RuleBook, rule_book
from portal.web.filters import text_in
from portal.web.words import gettext as _


@dataclass(frozen=True)
class Books:
    """The rules in force, None where the form was never published, and those of the draft."""

    before: RuleBook | None
    after: RuleBook


def books(desk: PostingDesk) -> Books | None:
    """Both rule books of a form; None while the draft's cannot be run."""
    package = desk.judged.report.package
    if desk.compiled is None or package is None:
        return None
    files = [file for file in package.files.values() if file.kind == "postings"]
    if any(not file.is_sound or file.notes.has_errors for file in files):
        return None
    raw = [
        rule
        for file in files
        for rule in (file.raw or {})["rules"]
        if (file.raw or {})["form"] == desk.form
    ]
    try:
        after = RuleBook(desk.compiled, compile_rules(raw, desk.compiled))
    except ExpressionError:
        return None
    release = queries.release_with_form(desk.form)
    return Books(rule_book(release, desk.form) if release else None, after)


def on_records(desk: PostingDesk, found: Books, *, most: int, state: str, now: datetime) -> DryRun:
    """The draft's rules on the newest records of the form."""
    return dry_run(desk.form, found.before, found.after, most=most, now=now, state=state or None)


def on_examples(desk: PostingDesk, found: Books, *, state: str) -> DryRun:
    """The draft's rules on the examples of the form; those that expect an error post nothing."""
    package = desk.judged.report.package
    file = package.files.get(f"{desk.form}.cases.json") if package else None
    cases = (file.raw or {}).get("cases", ()) if file and file.is_sound else ()
    return summed(_tried(case, found, state or "approved") for case in cases)


def _tried(case: Mapping[str, Any], found: Books, state: str) -> Tried:
    subject = Subject("", text_in(case["name"]), "", "")
    before = _made(case, found.before, state) if found.before else Made()
    return compared(subject, before, _made(case, found.after, state))


def _made(case: Mapping[str, Any], book: RuleBook, state: str) -> Made:
    given = with_ids(case["given"], book.form)
    facts = case_facts(case.get("facts") or {}, given, book.form)
    outcome = evaluate(book.form, given, facts, mode="submit")
    if outcome.errors:
        return Made()
    try:
        return Made(lines(book.rules, book.form, outcome.data, filed(facts), state))
    except Invalid as refusal:
        return Made(refused=refusal.message)


@dataclass(frozen=True)
class LineWords:
    """An entry that differs, in words; `columns` are (title, before, after)."""

    title: str
    is_new: bool
    is_gone: bool
    columns: Sequence[tuple[str, str, str]]


def group_title(group: Group) -> str:
    """What a group of entries is called: "Cost: Actual cost"."""
    head = " · ".join(_head(name, word) for name, word in group.head if word is not None)
    title = str(_(LEDGER_TITLES[group.ledger]))
    return str(_("%(ledger)s: %(head)s", ledger=title, head=head)) if head else title


def _head(name: str, word: Any) -> str:
    if name == "signed":
        return str(_("Signed work") if word else _("Unsigned work"))
    return _value(name, word, {})


def lines_in_words(tried: Sequence[Tried]) -> list[list[LineWords]]:
    """The entries of each record that differ, with the names of what they are about."""
    ids = {
        str(value)
        for one in tried
        for change in one.changes
        for line in (change.before, change.after)
        for value in _linked(line)
    }
    names = {key: one.label for key, one in names_of(ids).items()}
    return [[_line(change, names) for change in one.changes] for one in tried]


def _linked(line: PostingLine | None) -> Iterator[Any]:
    for name, column in LEDGERS[line.ledger].columns.items() if line else ():
        if line and column.is_record and line.values.get(name):
            yield line.values[name]


def _line(change: LineChange, names: Mapping[str, str]) -> LineWords:
    old = change.before.values if change.before else {}
    new = change.after.values if change.after else {}
    return LineWords(
        title=str(_(LEDGER_TITLES[change.line.ledger])),
        is_new=change.before is None,
        is_gone=change.after is None,
        columns=[
            (column_title(one), _value(one, old.get(one), names), _value(one, new.get(one), names))
            for one in change.columns
        ],
    )


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, date):
        return value.isoformat()
    word = word_title(name, str(value))
    return str(_(word)) if word != str(value) else names.get(str(value), str(value))
