"""What of a text is taken into account: no past, no questions, no other people."""

from __future__ import annotations

import pytest

from reportgen.prose.phrases import any_of
from reportgen.prose.sentences import Filter, Read

FILTER = Filter(
    any_of(["prior", "if"]), any_of(["rule out", "vs"]), any_of(["mother"]), any_of(["left over"]), any_of(["but"])
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Dr. Example saw 0.5 cm.", ["Dr. Example saw 0.5 cm."]),
        ("The prior one was red. This is blue.", ["This is blue."]),
        ("Papule, rule out scar.", ["Papule, "]),
        ("Scar? Papule here.", ["Papule here."]),
        ("Her mother is red.", []),
        ("Removed in 2019.", []),
        ("First line\nsecond line", ["First line", "second line"]),
        ("What is left over.", ["What is _________."]),
    ],
)
def test_sentences_that_speak_of_this_specimen(text: str, said: list[str]) -> None:
    assert Read(FILTER, text).sentences == said


def test_a_question_and_the_past_still_speak_of_the_patient() -> None:
    assert list(FILTER.of_the_patient("The prior one? Her mother.")) == ["The prior one?"]


def test_clauses_begin_where_a_sentence_turns() -> None:
    assert FILTER.clauses("one but two") == ["one ", " two"]
