"""The settings of a whole chain as inputs: read from what is written, judged, written back; pure.

Only the members whose inputs differ from what is written are touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.builder.design.chain import written
from portal.builder.design.chain_people import line_from, read_who, write_who
from portal.builder.design.chain_step import judge_title, set_words, value_at, who_lines, words_of
from portal.builder.design.chain_step import wrong as _wrong
from portal.builder.splicing import insert_member, set_member
from portal.errors import N_, Invalid

Groups = tuple[tuple[str, ...], ...]

WITHDRAW = "until_first_decision"
EMPTIES = ("hold", "reject", "skip", "go")
MOST_RETURNS = 20
_RESTART = "restart_from:"


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """The inputs: title, withdrawal, groups of steps kept apart, and what follows from changes.

    `empty` says what happens where nobody is found; with `go` the people of `empty_who` are asked.
    `restart` is the block a change of a protected field leads back to; empty: the first.
    """

    title_en: str = ""
    title_zh: str = ""
    withdraw: str = WITHDRAW
    distinct: Groups = ()
    empty: str = "hold"
    empty_who: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    restart: str = ""
    max_returns: str = "5"


def read_policy(raw: Any) -> PolicyValues:
    """The inputs of a chain as written; what cannot be read stands as its default."""
    top = _dict(raw)
    policy, start = _dict(top.get("policy")), _dict(top.get("start"))
    empty, returns = policy.get("empty", "hold"), policy.get("max_returns", 5)
    go = empty.get("go") if isinstance(empty, dict) else None
    title = words_of(top.get("title"))
    restart = str(policy.get("on_protected_change", ""))
    return PolicyValues(
        title_en=title[0],
        title_zh=title[1],
        withdraw=str(start.get("withdraw", WITHDRAW)),
        distinct=tuple(map(_texts, _list(policy.get("distinct")))),
        empty="go" if go is not None else str(empty),
        empty_who=() if go is None else who_lines(go),
        protected=_texts(policy.get("protected")),
        restart=restart.removeprefix(_RESTART),
        max_returns=str(returns),
    )


def marked(raw: Any) -> str:
    """What of a chain its settings show, as one line."""
    top = _dict(raw)
    return written({key: top.get(key) for key in ("title", "start", "policy")})


def judge_policy(values: PolicyValues) -> None:
    """Raises Invalid, by input."""
    errors = judge_title(values.title_en, values.title_zh)
    errors += [
        _wrong(f"distinct-{number}", N_("A group names at least two different steps."))
        for number, group in enumerate(values.distinct)
        if len(set(group)) == 1
    ]
    if values.empty not in EMPTIES:
        errors.append(_wrong("empty", N_("Choose one of the list.")))
    if values.empty == "go" and not values.empty_who:
        errors.append(_wrong("empty_who", N_("Say who is asked instead.")))
    returns = values.max_returns
    if not (returns.isascii() and returns.isdigit() and int(returns[:9]) <= MOST_RETURNS):
        errors.append(_wrong("max_returns", N_("Write a number from 0 to 20.")))
    if errors:
        raise Invalid(errors=errors)


def change_policy(text: str, values: PolicyValues) -> str:
    """The text of a chain with its settings as typed. Raises Invalid."""
    judge_policy(values)
    old = read_policy(value_at(text, ()))
    text = set_words(text, (), "title", (values.title_en, values.title_zh))
    if values.withdraw != old.withdraw:
        withdraw = None if values.withdraw == WITHDRAW else values.withdraw
        text = _set_within(text, "start", "withdraw", withdraw)
    groups = _groups(old.distinct, values.distinct)
    if groups != old.distinct:
        text = _set_within(text, "policy", "distinct", [list(one) for one in groups] or None)
    if (values.empty, values.empty_who) != (old.empty, old.empty_who):
        text = _set_within(text, "policy", "empty", _empty(text, values))
    protected = _in_order(old.protected, values.protected)
    if protected != old.protected:
        text = _set_within(text, "policy", "protected", list(protected) or None)
    if values.restart != old.restart:
        restart = f"{_RESTART}{values.restart}" if values.restart else None
        text = _set_within(text, "policy", "on_protected_change", restart)
    if values.max_returns != old.max_returns:
        returns = int(values.max_returns)
        text = _set_within(text, "policy", "max_returns", None if returns == 5 else returns)
    return text


def _in_order(old: Sequence[str], chosen: Sequence[str]) -> tuple[str, ...]:
    """What was chosen, in the order in which it is written; what is new comes last."""
    return (*(one for one in old if one in chosen), *(one for one in chosen if one not in old))


def _groups(old: Sequence[Sequence[str]], chosen: Sequence[Sequence[str]]) -> Groups:
    known = [*old, *([()] * len(chosen))]
    return tuple(_in_order(was, one) for was, one in zip(known, chosen, strict=False) if one)


def _empty(text: str, values: PolicyValues) -> Any:
    if values.empty != "go":
        return None if values.empty == "hold" else values.empty
    now = _dict(_dict(value_at(text, ()).get("policy")).get("empty")).get("go")
    lines = [line for one in values.empty_who if (line := line_from(one))]
    return {"go": write_who(lines, read_who(now)[1])}


def _set_within(text: str, key: str, name: str, value: Any) -> str:
    """The text with one member of an object of the chain; an object left empty goes."""
    raw = value_at(text, ())
    holder = raw.get(key)
    if not isinstance(holder, dict):
        if value is None:
            return text
        if key == "start" and "blocks" in raw:
            return insert_member(text, (), key, {name: value}, at=list(raw).index("blocks"))
        return set_member(text, (), key, {name: value})
    if value is None and set(holder) <= {name}:
        return set_member(text, (), key, None)
    return set_member(text, (key,), name, value)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))
