"""What was typed into the pages of a module's settings, and what is wrong with it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from portal.builder.field_page import TOO_LONG
from portal.builder.inputs import is_key
from portal.builder.module_parts.forms import NewForm
from portal.builder.module_parts.reading import KINDS, Entry, General, Role, Who
from portal.builder.starters import key_from
from portal.definitions.metaschema.module import MENU_GROUPS, PURPOSES
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.texts import Text
from portal.web.inputs import clean, one_line, whole

_LENGTH = 500
_MOST_ORDER = 10_000
_MOST = 300
NEW_CHAIN = "+"
NO_KEY = N_("Write a key: none can be made from this title.")


@dataclass(frozen=True, slots=True)
class EntryInputs:
    """Which chain a form takes, and who files, reads and voids it; None: no rule of its own."""

    workflow: str
    file: tuple[Who, ...] | None
    read: tuple[Who, ...] | None
    void: tuple[Who, ...] | None
    private: tuple[Who, ...] | None


@dataclass(frozen=True, slots=True)
class NewRole:
    """The row of a role to be added."""

    title: Text = field(default_factory=Text)
    role: str = ""
    scope: str = "project"


def words(sent: Any, prefix: str = "") -> Text:
    """A text of two languages as its inputs `<prefix>title_en`, `<prefix>title_zh` were sent."""
    typed = (one_line(sent.get(f"{prefix}title_{one}", "")) for one in ("en", "zh"))
    return Text(*(one[: 10 * _LENGTH] for one in typed))


def typed_general(sent: Any) -> General:
    """The general part as sent."""
    return General(
        title=words(sent),
        icon=clean(sent.get("icon", ""))[:80],
        group=clean(sent.get("group", ""))[:80],
        order=clean(sent.get("order", ""))[:80],
        requires=tuple(dict.fromkeys(one[:80] for one in sent.getlist("requires")[:_MOST])),
    )


def judge_general(given: General, icons: Collection[str], modules: Collection[str]) -> None:
    """Raises Invalid by input."""
    errors = [*title_errors(given.title)]
    if given.icon not in icons:
        errors.append(wrong("icon", N_("Choose one of these pictures.")))
    if given.group not in MENU_GROUPS:
        errors.append(wrong("group", N_("Choose one of the groups.")))
    order = whole(given.order)
    if order is None or order > _MOST_ORDER:
        errors.append(wrong("order", N_("Write a whole number from 0 to 10000.")))
    if not set(given.requires) <= set(modules):
        errors.append(wrong("requires", N_("Choose modules of this list.")))
    if errors:
        raise Invalid(errors=errors)


def typed_titles(sent: Any, roles: Collection[Role]) -> dict[tuple[str, str], Text]:
    """The titles of the roles shown, as sent."""
    return {
        (one.scope, one.role): words(sent, f"{one.scope}-{one.role}-")
        for one in roles
        if f"{one.scope}-{one.role}-title_en" in sent
    }


def typed_new_role(sent: Any) -> NewRole:
    """The row of a new role as sent, with a key made from its title where none is written."""
    title, key = words(sent, "new-"), clean(sent.get("new-key", ""))[:90]
    scope = "company" if sent.get("new-scope") == "company" else "project"
    return NewRole(title, key, scope)


def role_to_add(new: NewRole) -> NewRole:
    """The role with its key; raises Invalid by input."""
    key = new.role or key_from(new.title.en)
    errors = [*title_errors(new.title, "new-"), *_key_errors(key, "new-key")]
    if errors:
        raise Invalid(errors=errors)
    return replace(new, role=key)


def typed_form(sent: Any, currency: str) -> NewForm:
    """A new form as sent."""
    return NewForm(
        key=clean(sent.get("key", ""))[:90],
        title=words(sent),
        scope="company" if sent.get("scope") == "company" else "project",
        has_chain=sent.get("chain") != "none",
        currency=currency,
    )


def form_to_add(new: NewForm, taken: Collection[str]) -> NewForm:
    """The form with its key; raises Invalid by input."""
    key = new.key or key_from(new.title.en)
    errors = [*title_errors(new.title), *_key_errors(key, "key")]
    if key in taken:
        told = N_("The key “%(key)s” is taken: keys are unique in the company.")
        errors.append(FieldError("key", "wrong", Message(told, {"key": key})))
    if errors:
        raise Invalid(errors=errors)
    return replace(new, key=key)


def typed_entry(sent: Any) -> EntryInputs:
    """A form's chain and people as sent."""
    chosen = {
        one: _ticked(sent.getlist(one)) if sent.get(f"{one}-by") == "some" else None
        for one in PURPOSES
    }
    return EntryInputs(clean(sent.get("workflow", ""))[:90], **chosen)


def stored_entry(entry: Entry) -> EntryInputs:
    """The same as module.json has it."""
    return EntryInputs(entry.workflow, entry.file, entry.read, entry.void, entry.private)


def judge_entry(given: EntryInputs, chains: Collection[str], known: Collection[Who]) -> None:
    """Raises Invalid by input."""
    errors = []
    if given.workflow and given.workflow not in chains:
        errors.append(wrong("workflow", N_("Choose one of the chains.")))
    for purpose in PURPOSES:
        if getattr(given, purpose) == ():
            told = N_("Tick whom you mean, or choose the first answer.")
            errors.append(wrong(purpose, told))
        elif not set(getattr(given, purpose) or ()) <= set(known):
            errors.append(wrong(purpose, N_("Choose people of this list.")))
    if errors:
        raise Invalid(errors=errors)


def _ticked(values: list[str]) -> tuple[Who, ...]:
    parts = (one[:200].partition(":") for one in values[:_MOST])
    return tuple(dict.fromkeys((kind, value) for kind, _mark, value in parts if kind in KINDS))


def title_errors(title: Text, prefix: str = "") -> Iterator[FieldError]:
    """What is wrong with a title, at its inputs."""
    if not title:
        yield wrong(f"{prefix}title_en", N_("Write a title in one language at least."))
    for language in ("en", "zh"):
        if len(getattr(title, language)) > _LENGTH:
            too_long = Message(TOO_LONG, {"most": _LENGTH})
            yield FieldError(f"{prefix}title_{language}", "long", too_long)


def _key_errors(key: str, name: str) -> Iterator[FieldError]:
    if not key:
        yield wrong(name, NO_KEY)
    elif not is_key(key):
        yield wrong(name, N_("Small letters, digits and _, beginning with a letter."))


def wrong(path: str, text: str) -> FieldError:
    """A plain refusal at an input."""
    return FieldError(path, "wrong", Message(text))
