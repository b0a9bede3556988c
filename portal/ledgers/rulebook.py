"""The compiled posting rules of a form in a release; a release never changes, so they are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.models import Definition
from portal.definitions.posting_lines import PostingRule, compile_rules
from portal.forms.compiled import CompiledForm


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A form with its posting rules, in the order of their files."""

    form: CompiledForm
    rules: tuple[PostingRule, ...]

    def on(self, state: str) -> tuple[PostingRule, ...]:
        """The rules that post when a record enters this state."""
        return tuple(rule for rule in self.rules if rule.on == state)

    def state_of(self, rule_id: str) -> str | None:
        """The state whose entering makes this rule post; None for a rule of another release."""
        return next((rule.on for rule in self.rules if rule.id == rule_id), None)


_books: dict[tuple[str, str], RuleBook] = {}
_MOST = 500


def rule_book(release_id: str, form: str) -> RuleBook:
    """The rule book of a form as a release has it."""
    key = (release_id, form)
    book = _books.get(key)
    if book is None:
        if len(_books) >= _MOST:
            _books.clear()
        compiled = definitions.form_of(release_id, form).form
        book = _books[key] = make_rule_book(compiled, _postings(release_id))
    return book


def _postings(release_id: str) -> list[Mapping[str, Any]]:
    """The postings files of a release, in the order of their names."""
    statement = (
        select(Definition.body)
        .where(Definition.release_id == release_id, Definition.kind == "postings")
        .order_by(Definition.name)
    )
    return [body for body in db.session.scalars(statement) if body]


def make_rule_book(form: CompiledForm, files: Iterable[Mapping[str, Any]]) -> RuleBook:
    """A rule book from a form and postings files; files of other forms are left aside."""
    mine = (raw["rules"] for raw in files if raw["form"] == form.definition.form)
    return RuleBook(form, tuple(rule for raw in mine for rule in compile_rules(raw, form)))
