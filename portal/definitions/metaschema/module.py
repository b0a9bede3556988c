"""The meta-schema of module.json, and of people rules."""

from portal.definitions.metaschema.shapes import (
    KEY,
    NAME,
    PATH,
    Json,
    closed,
    list_of,
    naming,
    one_of,
    text,
    whole,
)
from portal.errors import N_

PURPOSES = ("file", "read", "void", "private")
MENU_GROUPS = ("money", "site", "plan", "registers", "company")


def one_or_more(item: Json) -> Json:
    """A value of this shape, or a list of such values."""
    return {
        "if": {"type": "array"},
        "then": list_of(item, minItems=1, uniqueItems=True),
        "else": item,
    }


def _people(members: Json) -> Json:
    """One rule with one member, or a list of such rules (their union)."""
    rule = closed(members, minProperties=1, maxProperties=1)
    return one_or_more({**rule, "type": "object"})


PEOPLE = _people(
    {
        "user": one_or_more(NAME),
        "role": one_or_more(naming("role")),
        "project_role": one_or_more(naming("project_role")),
        "dept_head_of": one_or_more(PATH),
        "field": one_or_more(PATH),
    }
)

_ACCESS_RULE = closed(
    {
        "role": one_or_more(naming("role")),
        "project_role": one_or_more(naming("project_role")),
        "department": one_or_more(NAME),
        "requester": {"const": True},
    },
    minProperties=1,
    maxProperties=1,
)
ACCESS = list_of(_ACCESS_RULE, minItems=1, maxItems=20)


def module() -> Json:
    """The meta-schema of `module.json`, format 1."""
    entry = closed(
        {
            "form": naming("own_form"),
            "workflow": naming("workflow"),
            "access": closed(dict.fromkeys(PURPOSES, ACCESS), minProperties=1),
        },
        "form",
    )
    role = closed(
        {"role": KEY, "scope": one_of("project", "company"), "title": text()},
        "role",
        "scope",
        "title",
    )
    members = {
        "module": KEY,
        "format": {"const": 1},
        "title": text(),
        "icon": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]{0,40}$",
            "description": N_("The name of an icon, such as cash."),
        },
        "menu": closed(
            {"group": one_of(*MENU_GROUPS), "order": whole(0, 10_000)}, "group", "order"
        ),
        "forms": list_of(entry, maxItems=100),
        "requires": list_of(naming("module"), uniqueItems=True),
        "roles": list_of(role, maxItems=100),
    }
    return {
        "title": N_("Module, format 1"),
        **closed(members, "module", "format", "title", "menu", "forms"),
    }
