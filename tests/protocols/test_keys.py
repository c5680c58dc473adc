"""The keys that pick answers: set by the author of a protocol, and each with one meaning in a section."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.protocols.elements import Choice, ChoiceElement
from reportgen.protocols.keys import answers, clashes, unknown
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.slots import Slot
from tests.support.labs import protocol_lab, refused
from tests.support.toy import Templates, codes

GRADES = "- {id: %s, kind: choice, title: X, other: false, source: {book: p}, choices: [%s]}\n"
TWO = GRADES % ("one", "{id: mild}, {id: severe}") + GRADES % ("two", "{id: moderate}, {id: severe}")


@pytest.fixture
def templates(tmp_path: Path) -> Iterator[Templates]:
    with Templates.at(tmp_path / "templates") as made:
        yield made


def test_a_letter_that_means_two_answers_of_a_section_is_refused_at_its_line(templates: Templates) -> None:
    keys = "answer_keys:\n  mild: m\n  severe: s\n  moderate: m  # here\n"
    (found,) = templates.refused(TWO, extra=keys)
    assert (found.code, found.path, str(found.place)) == ("T435", "two", templates.line("# here") + ":3")
    assert '"m" picks "mild" and, in the same section, "moderate"' in found.message


def test_a_letter_of_an_answer_s_own_is_held_to_the_same(templates: Templates) -> None:
    own = TWO.replace("{id: moderate}", "{id: moderate, key: m}")
    assert codes(templates.refused(own, extra="answer_keys: {mild: m, severe: s}\n")) == [("T435", "two")]
    made = templates.load(TWO.replace("{id: moderate}", "{id: moderate, key: d}"), extra="answer_keys: {mild: m}\n")
    element = made.slots["two"].element
    assert isinstance(element, ChoiceElement)
    assert [each.key for each in answers(element, made.form.answer_keys)] == ["d", None]


def test_one_word_has_one_letter_wherever_it_is_an_answer_and_digits_belong_to_their_list(
    templates: Templates,
) -> None:
    made = templates.load(TWO, extra='answer_keys: {mild: "1", severe: s, moderate: "1"}\n')
    shown = {
        path: [each.key for each in answers(slot.element, made.form.answer_keys)]
        for path, slot in made.slots.items()
        if isinstance(slot.element, ChoiceElement)
    }
    assert shown == {"one": ["1", "s"], "two": ["1", "s"]}


def test_the_same_letter_in_another_section_is_no_clash(templates: Templates) -> None:
    further = "sections:\n  - id: other\n    title: Other\n    elements:\n      " + GRADES % ("two", "{id: moderate}")
    templates.write(GRADES % ("one", "{id: mild}"), extra="answer_keys: {mild: m, moderate: m}\n")
    file = templates.folder / "protocols" / "toy" / "protocol.yaml"
    file.write_text(file.read_text("utf-8") + further.removeprefix("sections:\n"), encoding="utf-8")
    assert load_protocol("toy").form.answer_keys == {"mild": "m", "moderate": "m"}


@pytest.mark.parametrize(
    ("keys", "code"),
    [("{mildd: m}", "T402"), ("{mild: M}", "T401"), ("{mild: mi}", "T401"), ('{mild: "-"}', "T401")],
)
def test_a_key_for_no_answer_and_a_key_that_is_no_key_are_refused(templates: Templates, keys: str, code: str) -> None:
    assert [found.code for found in templates.refused(TWO, extra=f"answer_keys: {keys}\n")] == [code]


WORDS = st.sampled_from(["mild", "moderate", "severe", "none", "other"])


@given(st.lists(st.lists(WORDS, min_size=1, unique=True), max_size=4), st.dictionaries(WORDS, st.sampled_from("mso1")))
def test_where_no_clash_is_found_a_letter_has_one_meaning(lists: list[list[str]], keys: dict[str, str]) -> None:
    slots = [
        Slot(
            f"e{n}",
            ChoiceElement(
                kind="choice", id=f"e{n}", title="X", other=False, choices=tuple(Choice(id=w) for w in words)
            ),
            "main",
        )
        for n, words in enumerate(lists)
    ]
    asked = {word for words in lists for word in words}
    meant: dict[str, set[str]] = {}
    for word, key in keys.items():
        if word in asked and not key.isdigit():
            meant.setdefault(key, set()).add(word)
    alike = any(keys.get(a) == keys.get(b) == "1" for words in lists for a in words for b in words if a != b)
    assert bool(list(clashes(slots, keys))) == (alike or any(len(words) > 1 for words in meant.values()))
    assert set(unknown(slots, keys)) == keys.keys() - asked


def test_every_answer_of_the_built_in_protocols_has_a_key_that_its_author_set() -> None:
    for form in (load_header(), *map(load_protocol, protocol_ids())):
        for path, slot in form.slots.items():
            for answer in (
                answers(slot.element, form.form.answer_keys) if isinstance(slot.element, ChoiceElement) else ()
            ):
                assert answer.key is not None, f"{path}: {answer.words}"


def test_answers_that_are_easily_taken_for_each_other_share_no_key() -> None:
    keys = load_protocol("aismn").form.answer_keys
    assert len({keys[word] for word in ("mild", "moderate", "severe", "marked", "none", "multiple")}) >= 5
    assert len({keys[word] for word in ("mild", "moderate", "severe", "marked")}) == 4
    assert keys["involved"] != keys["uninvolved"]
    assert load_header().form.answer_keys["test data"] == ""


SHOWN = """\
elements:
  sections.further:
    append:
      - {id: conference, kind: choice, title: Conference, other: false, source: {laboratory: policy}, choices: [%s]}
"""


def test_a_laboratory_gives_its_own_answers_keys_and_a_clash_is_refused(tmp_path: Path) -> None:
    own = protocol_lab(tmp_path / "one", SHOWN % "{id: early, key: y}, {id: late}")
    element = load_protocol("aismn", own).slots["conference"].element
    assert isinstance(element, ChoiceElement)
    assert [each.key for each in answers(element, {})] == ["y", None]
    clashing = protocol_lab(tmp_path / "two", SHOWN % "{id: early, key: s}, {id: late}")
    assert codes(refused(lambda: load_protocol("aismn", clashing))) == [("T435", "conference")]
