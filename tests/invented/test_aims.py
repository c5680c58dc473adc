"""What cases aim at: the answers that were found do what they were looked for."""

from __future__ import annotations

from itertools import islice

from reportgen.invented.aims import Aims, entered
from reportgen.invented.cases import cases
from reportgen.pipeline import check, compose
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol
from reportgen.reading.source import source_of


def test_wishes_are_answers_of_the_protocol() -> None:
    made = load_protocol("aismn")
    for wishes in islice(Aims(made, 1).turns(), 200):
        assert wishes
        for path, reading in wishes.items():
            slot = made.slots.get(path)
            assert slot or path.startswith(("override.", "case.")) or path in ("received_as", "stains.pending")
            if slot and isinstance(slot.element, ChoiceElement) and isinstance(reading.value, str):
                assert slot.element.choice(reading.value), (path, reading.value)


def test_turns_are_the_same_for_the_same_seed_and_differ_for_others() -> None:
    made = load_protocol("aismn")
    first, again, other = (list(islice(Aims(made, seed).turns(), 50)) for seed in (1, 1, 2))
    assert first == again != other


def test_what_waits_for_its_turn_comes_before_long() -> None:
    made = load_protocol("aismn")
    turns = list(islice(Aims(made, 3).turns(), 300))
    wished = {(path, reading.value or reading.words) for wishes in turns for path, reading in wishes.items()}
    for path, slot in made.slots.items():
        if isinstance(slot.element, ChoiceElement) and not slot.element.multiple:
            assert {(path, choice.id) for choice in slot.element.choices} <= wished, path


def test_nearly_every_wished_answer_is_in_the_case() -> None:
    made = load_protocol("aismn")
    kept = total = 0
    for wishes, case in zip(Aims(made, 5).turns(), cases("aismn", 60, 5), strict=False):
        found = check(source_of(case)).case
        assert found is not None
        given = {(answer.slot, pick.id) for answer in found.parts[0].answers.values()
                 for pick in getattr(answer.value, "picks", ())}  # fmt: skip
        asked = {
            (path, each.value) for path, each in wishes.items() if isinstance(each.value, str) and path in made.slots
        }
        asked = {(path, word) for path, word in asked if isinstance(made.slots[path].element, ChoiceElement)}
        kept, total = kept + len(asked & given), total + len(asked)
    assert kept >= 0.95 * total > 100


def test_a_protocol_of_few_sentences_is_enough() -> None:
    printed = {sentence.clause for case in cases("general", 30, 1) for sentence in compose(source_of(case)).sentences()}
    wording = load_protocol("general").protocol.wording
    assert {f"diagnosis.{each.id}.{clause.id}" for each in wording.diagnosis for clause in each.clauses} <= printed


def test_numbers_are_entered_with_their_unit() -> None:
    slots = load_protocol("aismn").slots
    for wishes in islice(Aims(load_protocol("aismn"), 2).turns(), 160):
        for path, reading in wishes.items():
            slot = slots.get(path)
            if slot and getattr(slot.element, "kind", "") == "quantity" and reading.value is not None:
                assert entered(slot.element, reading.value).endswith(getattr(slot.element, "unit", "?"))
