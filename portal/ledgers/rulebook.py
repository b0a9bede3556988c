"""The compiled posting rules of a form in a release; a release never changes, so they are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.models import Definition
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FormDefinition
from portal.forms.scopes import Linked
from portal.ledgers.compiled import CompiledRules, compile_rules
from portal.ledgers.rules import joined


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A form with its compiled rules, and the way to the forms it links to."""

    form: FormDefinition
    rules: CompiledRules
    linked: Linked


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


def make_rule_book(form: CompiledForm, postings: Iterable[Mapping[str, Any]]) -> RuleBook:
    """A rule book from its parts: for publishing, example cases, and tests."""
    rules = joined(form.definition.form, postings)
    linked = form.linked.get
    return RuleBook(form.definition, compile_rules(rules, form.definition, linked), linked)
