"""`explain` says everything, defaults included, in both languages."""

import re

import pytest

from portal.workflows.definition import explain, in_language, read_workflow
from portal.workflows.words import SENTENCES
from tests.workflows.build import Chance, any_workflow, step, workflow
from tests.workflows.test_check import sound


def test_defaults_that_are_not_written_are_said() -> None:
    said = "\n".join(explain(read_workflow(workflow(step("s1"))), "en"))
    for sentence in (
        "The requester may withdraw until somebody has decided.",
        "Nobody decides on their own request, on any route.",
        "If nobody is found for a step, the approval is held and shown to the administrators.",
        "Changing a protected field removes the approvals given and restarts at “s1”.",
        "It may be returned at most 5 times.",
        "May not return it.",
        "A deadlock cannot occur.",
    ):
        assert sentence in said


def test_both_languages_say_the_same_lines() -> None:
    for seed in range(50):
        definition = read_workflow(any_workflow(Chance(seed)))
        english, chinese = explain(definition, "en"), explain(definition, "zh")
        assert len(english) == len(chinese)
        assert all(re.search("[一-鿿]", line) for line in chinese), chinese
        assert not any(re.search("[一-鿿]", line) for line in english[1:]), english


def test_what_is_inside_a_choice_is_indented() -> None:
    lines = explain(read_workflow(sound()), "en")
    depth = {line.strip()[:12]: len(line) - len(line.lstrip()) for line in lines}
    assert depth["Choice “c1”:"] < depth["If amount > "] < depth["Step “s2” (s"]


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_takes_the_same_words_in_both_languages(key: str) -> None:
    english, chinese = SENTENCES[key]
    holes = re.compile(r"%\((\w+)\)s")
    assert sorted(holes.findall(english)) == sorted(holes.findall(chinese))


def test_a_text_falls_back_to_english_and_then_to_what_there_is() -> None:
    assert in_language({"en": "Pay", "zh": "付款"}, "zh") == "付款"
    assert in_language({"en": "Pay"}, "zh") == "Pay"
    assert in_language({"zh": "付款"}, "en") == "付款"
    assert in_language("Pay", "zh") == "Pay"
