"""Forms of a draft as whole files: one more, one less, and the roles its files name; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.module_parts import edits
from portal.builder.starters import form_files, new_chain
from portal.definitions.json_source import SourceError, read_source
from portal.forms.texts import Text, read_text

Files = Mapping[str, str]
MODULE_FILE = "module.json"
_ROLE_KINDS = {"role": "company", "project_role": "project"}


@dataclass(frozen=True, slots=True)
class NewForm:
    """One more form as it is asked for; `currency` where it belongs to no project."""

    key: str
    title: Text
    scope: str = "project"
    has_chain: bool = True
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class FormFile:
    """What a form's text says of it; the key for its title where it cannot be read."""

    key: str
    title: Text
    scope: str


def form_file(files: Files, key: str) -> FormFile:
    """A form of the draft by its text."""
    raw = raw_of(files.get(f"{key}.form.json", ""))
    scope = "company" if raw.get("scope") == "company" else "project"
    return FormFile(key, read_text(raw.get("title") or key), scope)


def with_form(files: Files, new: NewForm) -> dict[str, str]:
    """The texts that are new or changed when a form is added."""
    made = form_files(
        new.key, new.title, scope=new.scope, currency=new.currency, has_chain=new.has_chain
    )
    chain = new.key if new.has_chain else ""
    return {**made, MODULE_FILE: edits.add_form(files[MODULE_FILE], new.key, chain)}


def without_form(files: Files, form: str) -> dict[str, str]:
    """All files but those of a form; module.json no longer lists it."""
    left = {name: text for name, text in files.items() if name not in files_of_form(files, form)}
    return {**left, MODULE_FILE: edits.remove_form(files[MODULE_FILE], form)}


def files_of_form(files: Files, form: str) -> list[str]:
    """The form itself, its chains, posting rules and examples."""
    return [
        name
        for name, text in files.items()
        if name != MODULE_FILE and (name == f"{form}.form.json" or raw_of(text).get("form") == form)
    ]


def chains_of(files: Files, form: str) -> list[str]:
    """The keys of the chains written for a form."""
    suffix = ".workflow.json"
    return [
        name.removesuffix(suffix) for name in files_of_form(files, form) if name.endswith(suffix)
    ]


def with_chain(files: Files, form: FormFile, workflow: str) -> dict[str, str | None]:
    """The texts that change when a form takes this chain; None: the file leaves the draft.

    A chain the module no longer lists goes: it would stand in the way of the release.
    """
    changed: dict[str, str | None] = {
        f"{one}.workflow.json": None for one in chains_of(files, form.key) if one != workflow
    }
    if workflow and f"{workflow}.workflow.json" not in files:
        made = new_chain(workflow, form.key, form.title, form.scope)
        changed[f"{workflow}.workflow.json"] = made
    changed[MODULE_FILE] = edits.set_chain(files[MODULE_FILE], form.key, workflow)
    return changed


def role_uses(files: Files) -> dict[tuple[str, str], list[str]]:
    """(scope, role) → the files of the draft that name it."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, text in files.items():
        for kind, role in _named(raw_of(text)) if _names_people(name) else ():
            places = found.setdefault((_ROLE_KINDS[kind], role), [])
            if name not in places:
                places.append(name)
    return found


def _names_people(name: str) -> bool:
    return name == MODULE_FILE or name.endswith(".workflow.json")


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in _ROLE_KINDS and "scope" not in value:
                yield from ((key, str(one)) for one in (item if isinstance(item, list) else [item]))
            else:
                yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def raw_of(text: str) -> Mapping[str, Any]:
    """What a text holds; nothing where it is no JSON object."""
    try:
        raw = read_source(text).value
    except SourceError:
        return {}
    return raw if isinstance(raw, dict) else {}
