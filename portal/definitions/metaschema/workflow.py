"""The meta-schema of a workflow: its blocks told apart by the member that holds their id."""

from portal.definitions.metaschema.module import PEOPLE
from portal.definitions.metaschema.shapes import (
    EXPRESSION,
    KEY,
    PATH,
    Json,
    by_presence,
    closed,
    list_of,
    map_of,
    naming,
    one_of,
    ref,
    text,
    whole,
    word_or_object,
)
from portal.errors import N_

_BACK = "return:[a-z][a-z0-9_]{0,40}"
_THEN: Json = {
    "type": "string",
    "pattern": f"^(end|{_BACK})$",
    "x-offers": ["end", "return:{block}"],
    "description": N_("Write end, or return: and the step, such as return:check."),
}
_NEED = word_or_object(["any", "all"], {"count": whole(1, 100)}, "count")
_REJECT = word_or_object(
    ["one", "impossible", "all"],
    {"by": one_of("one", "impossible", "all"), "then": _THEN},
    "by",
)
_DEADLOCK: Json = {
    "type": "string",
    "pattern": f"^(reject|hold|{_BACK})$",
    "x-offers": ["reject", "hold", "return:{block}"],
    "description": N_("Write reject, hold, or return: and the step."),
}
_PATHS = list_of(PATH, uniqueItems=True)

_STEP = closed(
    {
        "step": KEY,
        "title": text(),
        "who": ref("people"),
        "need": _NEED,
        "reject": _REJECT,
        "on_deadlock": _DEADLOCK,
        "may": closed(
            {
                "return": map_of(naming("block"), {"const": "rerun"}, minProperties=1),
                "transfer": one_of("same_rule", "any"),
            }
        ),
        "fields": closed({"edit": _PATHS, "hide": _PATHS, "require": _PATHS}),
        "meaning": text(),
    },
    "step",
    "title",
    "who",
    "need",
    "reject",
)
_CHOOSE = closed(
    {
        "choose": KEY,
        "title": text(),
        "when": list_of(
            closed(
                {"if": EXPRESSION, "then": ref("blocks"), "signed_by_sending": {"type": "boolean"}},
                "if",
                "then",
            ),
            minItems=1,
        ),
        "else": ref("blocks"),
    },
    "choose",
    "when",
    "else",
)
_CC = closed({"cc": KEY, "who": ref("people")}, "cc", "who")
_UNKNOWN: Json = {
    "type": "object",
    "required": ["step"],
    "properties": {"step": KEY},
    "x-one-of": ["step", "choose", "cc"],
    "description": N_("A block is a step, a choice or a copy."),
}

# Four policies know only their strict default yet; saying it aloud is allowed.
_POLICY = closed(
    {
        "self_approval": one_of("forbid"),
        "disabled_person": one_of("empty"),
        "same_person_again": one_of("ask"),
        "auto": one_of("forbid"),
        "distinct": list_of(list_of(naming("block"), minItems=2, uniqueItems=True)),
        "empty": word_or_object(["hold", "reject", "skip"], {"go": ref("people")}, "go"),
        "protected": _PATHS,
        "on_protected_change": {
            "type": "string",
            "pattern": "^restart_from:[a-z][a-z0-9_]{0,40}$",
            "x-offers": ["restart_from:{block}"],
            "description": N_("Write restart_from: and the block, such as restart_from:check."),
        },
        "max_returns": whole(0, 20),
    }
)


def workflow() -> Json:
    """The meta-schema of `<workflow>.workflow.json`, language 1."""
    withdraw = {
        "type": "string",
        "pattern": "^(until_first_decision|never|until_end|until:[a-z][a-z0-9_]{0,40})$",
        "x-offers": ["until_first_decision", "never", "until_end", "until:{block}"],
        "description": N_("Write until_first_decision, never, until_end, or until: and a block."),
    }
    members = {
        "workflow": KEY,
        "language": {"const": 1},
        "form": naming("own_form"),
        "title": text(),
        "start": closed({"withdraw": withdraw}),
        "policy": _POLICY,
        "blocks": {**ref("blocks")},
    }
    return {
        "title": N_("Workflow, language 1"),
        **closed(members, "workflow", "language", "form", "title", "blocks"),
        "$defs": {
            "people": PEOPLE,
            "blocks": list_of(ref("block"), maxItems=100),
            "block": by_presence({"step": _STEP, "choose": _CHOOSE, "cc": _CC}, _UNKNOWN),
        },
    }
