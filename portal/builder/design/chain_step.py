"""A step and a copy as inputs: read from what is written, judged, and written back; pure.

Only the members whose inputs differ from what is written are touched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.design.chain_people import Line, line_from, read_who, write_who
from portal.builder.splicing import set_member
from portal.definitions.json_source import Path, read_source
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.texts import Text, write_text

Json = dict[str, Any]

KEPT = "kept"
NEEDS = ("any", "all", "count")
REJECTS = ("one", "impossible", "all")
_RETURN = "return:"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
_MOST_COUNT = 100
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class StepValues:
    """The inputs of a step. KEPT says of `need`, `reject`, `deadlock`: as it is written.

    `who` holds lines such as `role:director`; `then` and `deadlock` may be `return:<block>`.
    """

    title_en: str = ""
    title_zh: str = ""
    who: tuple[str, ...] = ()
    need: str = "any"
    count: str = ""
    reject: str = "one"
    then: str = "end"
    deadlock: str = ""
    returns: tuple[str, ...] = ("start",)
    transfer: str = "same_rule"
    meaning_en: str = ""
    meaning_zh: str = ""


def words_of(raw: Any) -> tuple[str, str]:
    """(English, Chinese) of a text as written; a plain string stands as English."""
    if isinstance(raw, Mapping):
        en, zh = raw.get("en", ""), raw.get("zh", "")
        return (en if isinstance(en, str) else ""), (zh if isinstance(zh, str) else "")
    return (raw if isinstance(raw, str) else ""), ""


def who_lines(raw: Any) -> tuple[str, ...]:
    """The lines of a people rule as a page has them."""
    return tuple(f"{rule}:{value}" for rule, value in read_who(raw)[0])


def read_step(raw: Any) -> StepValues:
    """The inputs of a step as written."""
    step = raw if isinstance(raw, Mapping) else {}
    may = step.get("may")
    may = may if isinstance(may, Mapping) else {}
    need, count = _read_need(step.get("need"))
    reject, then = _read_reject(step.get("reject"))
    title, meaning = words_of(step.get("title")), words_of(step.get("meaning"))
    returns, transfer = may.get("return"), may.get("transfer", "")
    deadlock = step.get("on_deadlock", "")
    return StepValues(
        title_en=title[0],
        title_zh=title[1],
        who=who_lines(step.get("who")),
        need=need,
        count=count,
        reject=reject,
        then=then,
        deadlock=deadlock if isinstance(deadlock, str) else KEPT,
        returns=tuple(returns) if isinstance(returns, Mapping) else (),
        transfer=transfer if isinstance(transfer, str) else KEPT,
        meaning_en=meaning[0],
        meaning_zh=meaning[1],
    )


def judge_step(values: StepValues, *, keeps_people: bool = False) -> None:
    """Raises Invalid, by input. `keeps_people`: somebody is asked whom no line can say."""
    errors = [*judge_title(values.title_en, values.title_zh)]
    if not values.who and not keeps_people:
        errors.append(wrong("who", N_("Say who is asked.")))
    if values.need not in (*NEEDS, KEPT):
        errors.append(wrong("need", N_("Choose how many must approve.")))
    if values.reject not in (*REJECTS, KEPT):
        errors.append(wrong("reject", N_("Choose when the step counts as rejected.")))
    if values.need == "count" and not _is_count(values.count):
        errors.append(wrong("count", N_("Write a whole number from 1 to 100.")))
    elif values.need == "count" and int(values.count) > 1 and not values.deadlock:
        text = N_("Choose what happens when so many approvals cannot be reached any more.")
        errors.append(wrong("deadlock", text))
    if values.need == "all" and values.reject in ("impossible", "all"):
        errors.append(wrong("reject", N_("Where everybody must approve, one rejection decides.")))
    if not _leads(values.then, "end"):
        errors.append(wrong("then", N_("Choose where a rejection leads.")))
    if values.deadlock and not _leads(values.deadlock, "reject", "hold"):
        errors.append(wrong("deadlock", N_("Choose what happens then.")))
    if not all(_KEY.match(one) for one in values.returns):
        errors.append(wrong("returns", N_("Choose where it may be returned to.")))
    if values.transfer not in ("", "same_rule", "any", KEPT):
        errors.append(wrong("transfer", N_("Choose to whom it may be transferred.")))
    if errors:
        raise Invalid(errors=errors)


def _leads(action: str, *words: str) -> bool:
    return action in (*words, KEPT) or _KEY.match(action.removeprefix(_RETURN)) is not None


def judge_title(en: str, zh: str, prefix: str = "") -> list[FieldError]:
    """A title is given in one language at least, and is no essay."""
    if not en and not zh:
        return [wrong(f"{prefix}title_en", N_("Give it a title in one language at least."))]
    return [
        wrong(f"{prefix}title_{name}", N_("At most %(most)s characters."), most=LONGEST_TITLE)
        for name, text in (("en", en), ("zh", zh))
        if len(text) > LONGEST_TITLE
    ]


def wrong(path: str, text: str, **args: Any) -> FieldError:
    """What is wrong with one input."""
    return FieldError(path, "wrong", Message(text, args))


def new_step(values: StepValues, key: str) -> Json:
    """A step for these inputs."""
    step: Json = {
        "step": key,
        "title": write_text(Text(values.title_en, values.title_zh)),
        "who": write_who(_read_lines(values.who)),
        "need": _need(values),
        "reject": _reject(values),
        "on_deadlock": values.deadlock or None,
        "may": {
            "return": dict.fromkeys(values.returns, "rerun") or None,
            "transfer": values.transfer or None,
        },
        "meaning": write_text(Text(values.meaning_en, values.meaning_zh)),
    }
    step["may"] = {name: one for name, one in step["may"].items() if one is not None} or None
    return {name: one for name, one in step.items() if one is not None}


def change_step(text: str, path: Path, values: StepValues) -> str:
    """The text with the step at a path changed where its inputs differ."""
    old = read_step(value_at(text, path))
    text = set_words(text, path, "title", (values.title_en, values.title_zh))
    text = change_who(text, path, values.who)
    if (values.need, values.count) != (old.need, old.count) and values.need != KEPT:
        text = set_member(text, path, "need", _need(values))
    if (values.reject, values.then) != (old.reject, old.then) and values.reject != KEPT:
        text = _change_reject(text, path, values)
    if values.deadlock not in (old.deadlock, KEPT):
        text = set_member(text, path, "on_deadlock", values.deadlock or None)
    text = _change_may(text, path, old, values)
    return set_words(text, path, "meaning", (values.meaning_en, values.meaning_zh))


def change_who(text: str, path: Path, who: tuple[str, ...]) -> str:
    """The text with the people of the block at a path; what no line can say stays among them."""
    raw = value_at(text, path).get("who")
    lines, kept = read_who(raw)
    wanted = _read_lines(who)
    if wanted == lines:
        return text
    return set_member(text, path, "who", write_who(wanted, kept))


def set_words(text: str, path: Path, key: str, words: tuple[str, str]) -> str:
    """The text with the title (or the like) of the block at a path in both languages."""
    raw = value_at(text, path).get(key)
    if words_of(raw) == words:
        return text
    if not isinstance(raw, dict) or not any(words):
        return set_member(text, path, key, write_text(Text(*words)))
    for language, typed, now in zip(("en", "zh"), words, words_of(raw), strict=True):
        if typed != now:
            text = set_member(text, (*path, key), language, typed or None)
    return text


def value_at(text: str, path: Path) -> Any:
    """What is written at a path."""
    value = read_source(text).value
    for part in path:
        value = value[part]
    return value


def _read_lines(who: tuple[str, ...]) -> list[Line]:
    found = (line_from(one) for one in dict.fromkeys(who))
    return [line for line in found if line is not None]


def _read_need(raw: Any) -> tuple[str, str]:
    if raw in ("any", "all") or raw is None:
        return (raw or "any"), ""
    if isinstance(raw, dict) and list(raw) == ["count"] and _is_count(str(raw["count"])):
        return "count", str(raw["count"])
    return KEPT, ""


def _read_reject(raw: Any) -> tuple[str, str]:
    if isinstance(raw, dict) and raw.get("by") in REJECTS:
        then = raw.get("then", "end")
        return raw["by"], then if isinstance(then, str) else KEPT
    return (raw, "end") if raw in REJECTS else (KEPT, "end")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= _MOST_COUNT


def _need(values: StepValues) -> Any:
    return {"count": int(values.count)} if values.need == "count" else values.need


def _reject(values: StepValues) -> Any:
    if values.then == "end":
        return values.reject
    return {"by": values.reject, "then": values.then}


def _change_reject(text: str, path: Path, values: StepValues) -> str:
    raw = value_at(text, path).get("reject")
    if not isinstance(raw, dict):
        return set_member(text, path, "reject", _reject(values))
    text = set_member(text, (*path, "reject"), "by", values.reject)
    if values.then in (KEPT, raw.get("then", "end")):
        return text
    return set_member(text, (*path, "reject"), "then", values.then)


def _change_may(text: str, path: Path, old: StepValues, values: StepValues) -> str:
    if values.transfer not in (old.transfer, KEPT):
        text = _set_inside(text, path, "may", "transfer", values.transfer or None)
    if set(values.returns) == set(old.returns):
        return text
    raw = value_at(text, path).get("may")
    before = raw.get("return") if isinstance(raw, dict) else None
    if not isinstance(before, dict) or not values.returns:
        made = dict.fromkeys(values.returns, "rerun") or None
        return _set_inside(text, path, "may", "return", made)
    for target in dict.fromkeys([*before, *values.returns]):
        if target not in values.returns:
            text = set_member(text, (*path, "may", "return"), target, None)
        elif target not in before:
            text = set_member(text, (*path, "may", "return"), target, "rerun")
    return text


def _set_inside(text: str, path: Path, key: str, name: str, value: Any) -> str:
    """The text with a member of a member of the block; an object left empty goes as well."""
    inside = value_at(text, path).get(key)
    if not isinstance(inside, dict):
        return text if value is None else set_member(text, path, key, {name: value})
    if value is None and set(inside) <= {name}:
        return set_member(text, path, key, None)
    return set_member(text, (*path, key), name, value)
