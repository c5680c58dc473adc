"""Typo-one: every key and every answer misspelt by one letter is refused, at its place.

The keys are those of the complete case files in `cases/`, mutated in the file's own text, so that the place expected is
where YAML itself finds the word. The answers are all that the protocols offer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen import check
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_header, load_protocol
from reportgen.reading.readers import read_text
from tests.acceptance.support import HERE, Data, base, source

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
FILES = sorted((HERE / "cases").glob("full-*.yaml"))
SPELT_EITHER_WAY = {"epicentre", "colour"}  # one letter away from the usual key, and allowed
OF_TWO_KEYS = {"sie"}  # "size" and "site": twins, which are refused at once
BESIDE_ELEMENTS = {"label", "protocol", "parts", "received_as", "acknowledge", "override"}
BESIDE_ANSWERS = {"text", "count", "per"}
# Without these two keys what they stand in cannot be read at all: that is said, at the place of what they stand in.
READ_FIRST = {("parts", "protocol"): "E102", ("parts", "atypia", "features", "result"): "E108"}


def misspelt(word: str) -> list[str]:
    """The word with one letter deleted, swapped with the next, inserted or replaced, at its begin, middle and end."""
    spots = sorted({0, len(word) // 2, len(word) - 1})
    made = [word[:spot] + word[spot + 1 :] for spot in spots]
    made += [word[:spot] + word[spot + 1 : spot + 2] + word[spot] + word[spot + 2 :] for spot in spots]
    made += [word[:spot] + "x" + word[spot:] for spot in (*spots, len(word))]
    made += [word[:spot] + ("q" if word[spot] == "x" else "x") + word[spot + 1 :] for spot in spots]
    return [each for each in dict.fromkeys(made) if each.strip() == each != "" and each.casefold() != word.casefold()]


@dataclass(frozen=True)
class Spot:
    """A word in a file: where it begins and ends, its line and column from 1, and the keys above it."""

    word: str
    begin: int
    end: int
    line: int
    column: int
    path: tuple[str, ...]


@lru_cache(maxsize=16)
def keys(file: Path) -> list[Spot]:
    """Every key of a YAML file."""
    found: list[Spot] = []

    def walk(node: yaml.Node, above: tuple[str, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                mark = key.start_mark
                path = (*above, key.value)
                found.append(Spot(key.value, mark.index, key.end_mark.index, mark.line + 1, mark.column + 1, path))
                walk(value, path)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                walk(item, above)

    root = yaml.compose(file.read_text(encoding="utf-8"))
    assert root is not None
    walk(root, ())
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_complete_case_is_in_order(file: Path) -> None:
    assert check(file).findings == ()


def refusals(text: str) -> tuple[set[str], set[tuple[str, int, int]]]:
    """The codes of all errors, and each with its place."""
    findings = check(read_text(text, name="case.yaml")).errors
    return {each.code for each in findings}, {(each.code, each.place.line, each.place.column) for each in findings}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_misspelt_key_is_refused_at_its_place(file: Path) -> None:
    """One key at a time: each in one spelling after another, or in all where time does not count."""
    text = file.read_text(encoding="utf-8")
    passed, tried = [], 0
    for number, spot in enumerate(keys(file)):
        words = sorted(set(misspelt(spot.word)) - SPELT_EITHER_WAY)
        for word in words if LONG else [words[number % len(words)]]:
            tried += 1
            codes, places = refusals(text[: spot.begin] + word + text[spot.end :])
            if ("E101", spot.line, spot.column) not in places and READ_FIRST.get(spot.path) not in codes:
                passed.append((".".join(spot.path), word, sorted(places)))
    assert passed == []
    assert tried >= len(keys(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_misspelt_key_hides_another(file: Path) -> None:
    """Every key that holds no other keys, all misspelt at once: each spelling has its turn."""
    text = file.read_text(encoding="utf-8")
    holding = {spot.path[:-1] for spot in keys(file)}
    alone = [spot for spot in keys(file) if spot.path not in holding and spot.path not in READ_FIRST]
    alone = [spot for spot in alone if spot.word not in ("label", "protocol", "result")]  # needed to read the rest
    spellings = [sorted(set(misspelt(spot.word)) - SPELT_EITHER_WAY - OF_TWO_KEYS) for spot in alone]
    assert len(alone) > 20
    for turn in range(max(map(len, spellings))):
        made, end, begins = "", 0, []
        for spot, words in zip(alone, spellings, strict=True):
            made += text[end : spot.begin]
            begins.append(len(made))
            made += words[turn % len(words)]
            end = spot.end
        made += text[end:]
        places = {("E101", made.count("\n", 0, at) + 1, at - made.rfind("\n", 0, at)) for at in begins}
        assert places - refusals(made)[1] == set()


def test_the_complete_cases_use_every_key() -> None:
    used = {spot.word for file in FILES for spot in keys(file)}
    forms: list[CompiledForm] = [load_header(), load_protocol("aismn"), load_protocol("general")]
    known = {slot.element.id for form in forms for slot in form.slots.values()}
    assert known - used == set()
    assert used - known == BESIDE_ELEMENTS | BESIDE_ANSWERS | {"A5", "interpretation", "recommendation"}


@pytest.mark.parametrize("entry", ["acknowledge", "override"])
@pytest.mark.parametrize("inside", [True, False], ids=["in the part", "at the top"])
def test_a_misspelt_stop_or_sentence_is_refused(entry: str, inside: bool) -> None:
    data = base("full-excision")
    part = data["parts"][0]
    (word, text) = next(iter(part.pop(entry).items()))
    for wrong in misspelt(word):
        changed = {**data, "parts": [{**part, entry: {wrong: text}}]} if inside else {**data, entry: {wrong: text}}
        codes = {(each.code, each.path) for each in check(source(changed)).errors}
        assert ("E101", f"parts.A.{entry}.{wrong}" if inside else f"{entry}.{wrong}") in codes


def answers(form: CompiledForm) -> Iterator[tuple[str, ChoiceElement, str]]:
    """Path, element and answer, of every answer that a form offers, `cannot be determined` included."""
    for path, slot in form.slots.items():
        if isinstance(slot.element, ChoiceElement) and not slot.repeated:
            for choice in slot.element.choices:
                yield path, slot.element, choice.id
            if slot.element.undetermined:
                yield path, slot.element, f"{slot.element.undetermined} (crushed)"


def with_answer(data: Data, path: str, answer: str, multiple: bool) -> Data:
    """The case with an answer; what it hangs below is answered so that it may."""
    part: dict[str, Any] = data["parts"][0]
    *above, last = path.split(".")
    for step in above:
        inner = part.get(step)
        part[step] = inner if isinstance(inner, dict) else {"result": inner} if inner else {}
        part = part[step]
    nested = isinstance(part.get(last), dict)
    part[last] = {**part[last], "result": answer} if nested else [answer] if multiple else answer
    return data


@pytest.mark.parametrize("quarter", range(4))
def test_every_misspelt_answer_is_refused(quarter: int) -> None:
    passed, tried = [], 0
    for number, (path, element, answer) in enumerate(answers(load_protocol("aismn"))):
        if number % 4 != quarter:
            continue
        words = {choice.id.casefold() for choice in element.choices}
        wrongs = misspelt(answer.removesuffix(" (crushed)"))
        for wrong in wrongs[::3] if LONG else [wrongs[number % len(wrongs)]]:
            tried += 1
            assert wrong.casefold() not in words
            data = with_answer(base("full-biopsy"), path, wrong, element.multiple)
            if ("E103", f"parts.A.{path}") not in {(each.code, each.path) for each in check(source(data)).errors}:
                passed.append((path, wrong))
    assert passed == []
    assert tried > 60


def test_a_misspelt_answer_is_refused_at_its_place() -> None:
    file = HERE / "cases" / "full-biopsy.yaml"
    lines = file.read_text(encoding="utf-8").split("\n")
    number = next(index for index, line in enumerate(lines) if line.strip() == "growth: mixed")
    for wrong in misspelt("mixed"):
        made = [*lines[:number], lines[number].replace("mixed", wrong), *lines[number + 1 :]]
        (finding,) = check(read_text("\n".join(made), name="case.yaml")).errors
        assert (finding.code, finding.place.line, finding.place.column) == ("E103", number + 1, 13)


@pytest.mark.parametrize(("path", "answer"), [("patient.sex", "female"), ("patient.sex", "unknown")])
def test_a_misspelt_answer_of_the_head_is_refused(path: str, answer: str) -> None:
    for wrong in misspelt(answer):
        data = base("full-biopsy")
        data["patient"]["sex"] = wrong
        assert [(each.code, each.path) for each in check(source(data)).errors] == [("E103", path)]


@pytest.mark.parametrize("protocol", ["aismn", "general"])
def test_a_misspelt_protocol_is_refused(protocol: str) -> None:
    for wrong in misspelt(protocol):
        data = {**base("full-biopsy"), "protocol": wrong}
        assert ("E110", "parts.A.protocol") in {(each.code, each.path) for each in check(source(data)).errors}
