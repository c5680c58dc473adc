"""The starter: every key of the protocol, not one answer filled in."""

from __future__ import annotations

import re

import pytest

from reportgen.cases.validate import validate
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.starter import answers_in_words, starter
from reportgen.reading.readers import read_text
from reportgen.reading.source import Items, Mapping, Text, is_empty
from tests.protocols.test_slots import NESTED
from tests.support.toy import Templates, codes, valid_case


def text_of(id: str) -> str:
    return starter(load_header(), load_protocol(id), "x.schema.json")


@pytest.fixture(name="toy")
def fixture_toy(templates: Templates) -> str:
    templates.load(NESTED)
    return text_of("toy")


def assert_only_what_is_essential_is_missing(text: str) -> None:
    source = read_text(text, name="case.yaml")
    validation = validate(source)
    assert sorted(codes(validation.findings)) == [("E102", "accession"), ("E102", "patient.name")]
    filled = [entry.key for entry in source if not is_empty(entry.value)]
    assert filled == ["protocol", "parts"]
    parts = source.get("parts")
    assert isinstance(parts, Items)
    part = parts.items[0]
    assert isinstance(part, Mapping)
    assert [entry.key for entry in part if not is_empty(entry.value)] == ["label"]


@pytest.mark.parametrize("id", protocol_ids())
def test_a_starter_answers_nothing(id: str) -> None:
    assert_only_what_is_essential_is_missing(text_of(id))


def test_the_starter_of_a_protocol_never_seen_answers_nothing(toy: str) -> None:
    assert_only_what_is_essential_is_missing(toy)


def named(form: CompiledForm, text: str) -> set[str]:
    """The elements whose own key the text names, as an entry or as a detail in a remark."""
    return {
        path
        for path, slot in form.slots.items()
        if re.search(rf"(?:^|[\s{{,]){re.escape(slot.element.id)}:", text, re.MULTILINE)
        and re.search(rf"\b{re.escape(slot.element.id)}:", text)
    }


@pytest.mark.parametrize("id", protocol_ids())
def test_every_key_of_the_protocol_stands_in_its_starter(id: str) -> None:
    text = text_of(id)
    made = load_protocol(id)
    panels = {path for path, slot in made.slots.items() if slot.panel}
    assert set(made.slots) - panels <= named(made, text)
    stains = {path for path in panels if path.count(".") == 1 and not made.slots[path].repeated}
    assert stains <= named(made, text)
    assert set(load_header().slots) <= named(load_header(), text)


def test_every_key_of_a_protocol_never_seen_stands_in_its_starter(toy: str, templates: Templates) -> None:
    made = load_protocol("toy")
    assert set(made.slots) - named(made, toy) == set()
    assert templates.folder.exists()


@pytest.mark.parametrize("id", protocol_ids())
def test_a_starter_begins_with_its_schema_and_fits_the_screen(id: str) -> None:
    lines = text_of(id).splitlines()
    assert lines[0] == "# yaml-language-server: $schema=./x.schema.json"
    assert not [line for line in lines if line != line.rstrip() or "\t" in line]
    assert max(len(line) for line in lines if line.lstrip().startswith("# ")) <= 120


def test_filled_in_where_it_says_so_a_starter_is_a_case() -> None:
    text = text_of("general")
    filled = text
    for key, answer in {"accession": "S1", "name": "N", "site": "arm", "laterality": "left"}.items():
        filled, count = re.subn(rf"(?m)^( *{key}:)", rf"\1 {answer}", filled, count=1)
        assert count == 1
    case = valid_case(read_text(filled, name="case.yaml"))
    assert case is not None
    assert sorted(case.parts[0].answers) == ["laterality", "site"]


def test_the_allowed_answers_are_in_the_remarks() -> None:
    made = load_protocol("aismn")
    words = answers_in_words(made.slots["procedure"].element)
    assert words.startswith("shave biopsy | punch biopsy |")
    assert "{result: other, text: …}" in words
    assert answers_in_words(made.slots["size"].element) == (
        "a number in mm or cm, up to 3 dimensions with x | cannot be determined (why)"
    )
    assert answers_in_words(made.slots["atypia.features"].element).startswith("one or more of: ")
    assert answers_in_words(made.slots["prior.date"].element) == "YYYY-MM-DD"
    assert answers_in_words(made.slots["mitoses"].element).startswith("a count per 10 HPF | a count per mm²")
    assert answers_in_words(made.slots["site"].element) == ""


def test_no_value_of_the_starter_is_text() -> None:
    def values(node: object) -> list[str]:
        match node:
            case Text(text=text, empty=empty):
                return [] if empty else [text]
            case Items(items=items):
                return [value for item in items for value in values(item)]
            case Mapping():
                return [value for entry in node for value in values(entry.value)]
        return []

    for id in protocol_ids():
        assert values(read_text(text_of(id), name="case.yaml")) == [id, "A"]
