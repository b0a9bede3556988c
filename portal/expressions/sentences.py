"""A stored condition as a sentence, in English or Chinese."""

import re
from collections.abc import Mapping
from typing import Any

from portal.expressions.conditions import Condition, check_condition, parts

_PLAIN = re.compile(r"[-0-9.,]+")  # numbers and dates need no quotes

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "==": "{field} is {value}",
        "!=": "{field} is not {value}",
        "<": "{field} is less than {value}",
        "<=": "{field} is at most {value}",
        ">": "{field} is more than {value}",
        ">=": "{field} is at least {value}",
        "in": "{field} is one of {value}",
        "not in": "{field} is none of {value}",
        "is_empty": "{field} is empty",
        "is_not_empty": "{field} is filled in",
        "includes": "{field} includes {value}",
        "starts_with": "{field} starts with {value}",
        "any_row": "in at least one row, {sentence}",
        "all_rows": "in every row, {sentence}",
        "in_base": "{field} in base currency",
        "all": " and ",
        "any": " or ",
        "not": "not: {sentence}",
        "list": ", ",
        "quote": "“{value}”",
        "group": "({sentence})",
        "yes": "yes",
        "no": "no",
    },
    "zh": {
        "==": "{field}为{value}",
        "!=": "{field}不为{value}",
        "<": "{field}小于{value}",
        "<=": "{field}不超过{value}",
        ">": "{field}大于{value}",
        ">=": "{field}不少于{value}",
        "in": "{field}为{value}之一",
        "not in": "{field}不是{value}中的任何一个",
        "is_empty": "{field}为空",
        "is_not_empty": "{field}已填写",
        "includes": "{field}包含{value}",
        "starts_with": "{field}以{value}开头",
        "any_row": "至少有一行{sentence}",
        "all_rows": "每一行{sentence}",
        "in_base": "{field}（折合本位币）",
        "all": "，且",
        "any": "，或",
        "not": "并非：{sentence}",
        "list": "、",
        "quote": "“{value}”",
        "group": "（{sentence}）",
        "yes": "是",
        "no": "否",
    },
}


def to_sentence(condition: Condition, labels: Mapping[str, str], language: str) -> str:
    """The condition in words; the result is plain text, to be escaped where it lands.

    `labels` gives the label of a path and, as "path=value", of a choice; what has none stands for
    itself. Raises ExpressionError where the condition has not the right shape.
    """
    check_condition(condition)
    return _sentence(condition, labels, _WORDS["zh" if language.startswith("zh") else "en"])


def _sentence(condition: Condition, labels: Mapping[str, str], words: dict[str, str]) -> str:
    group = parts(condition)
    if group is None:
        return _single(condition, labels, words)
    word, members = group
    if word == "not":
        return words["not"].format(sentence=_sentence(members[0], labels, words))
    if len(members) == 1:
        return _sentence(members[0], labels, words)
    return words[word].join(_member(member, labels, words) for member in members)


def _member(member: Condition, labels: Mapping[str, str], words: dict[str, str]) -> str:
    """A member of a group, in brackets where it is a group itself."""
    sentence = _sentence(member, labels, words)
    return words["group"].format(sentence=sentence) if parts(member) else sentence


def _single(condition: Condition, labels: Mapping[str, str], words: dict[str, str]) -> str:
    path: str = condition["field"]
    field = labels.get(path, path)
    if condition.get("in_base"):
        field = words["in_base"].format(field=field)
    value = _value(condition.get("value"), path, labels, words)
    sentence = words[condition["op"]].format(field=field, value=value)
    if "[]" not in path:
        return sentence
    rows = "all_rows" if condition.get("rows") == "all" else "any_row"
    return words[rows].format(sentence=sentence)


def _value(value: Any, path: str, labels: Mapping[str, str], words: dict[str, str]) -> str:
    if isinstance(value, list):
        return words["list"].join(_value(one, path, labels, words) for one in value)
    if isinstance(value, Mapping):
        return labels.get(str(value.get("field")), str(value.get("field")))
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    label = labels.get(f"{path}={value}")
    if label is None and isinstance(value, str) and not _PLAIN.fullmatch(value):
        return words["quote"].format(value=value)
    return str(value) if label is None else words["quote"].format(value=label)
