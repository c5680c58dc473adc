"""Word lists: shared, the protocol's and the laboratory's, added to one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.laboratory.read import load_laboratory
from reportgen.prose.load import added, load_prose
from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.reading.readers import read_text
from reportgen.reading.source import plain

LAB = "name: Example\nversion: '1'\nmade_for: 0.1.0\n"


def lab(folder: Path, more: str) -> Path:
    (folder / "lab.yaml").write_text(LAB + more, encoding="utf-8")
    return folder


def test_lists_are_joined_and_entries_of_one_id_merged() -> None:
    base = read_text("a: [x]\nb: [{id: one, words: [y]}]\nc: {d: [z]}\n", name="a.yaml")
    more = read_text("a: [w]\nb: [{id: one, words: [v]}, {id: two}]\nc: {e: [u]}\n", name="b.yaml")
    assert plain(added(base, more)) == {
        "a": ["x", "w"],
        "b": [{"id": "one", "words": ["y", "v"]}, {"id": "two"}],
        "c": {"d": ["z"], "e": ["u"]},
    }


@pytest.mark.parametrize("id", protocol_ids())
def test_every_protocol_has_words_whose_elements_are_there(id: str) -> None:
    made = load_protocol(id)
    for reader in made.prose.readers:
        for _, mention in reader.mentions:
            for path in mention.elements:
                slot = made.slots[path]
                known = {choice.id for choice in slot.element.choices}  # type: ignore[attr-defined]
                assert {*mention.yes, *mention.no, *reader.group.unsaid} <= known, path
    measures = [each.measure.element for each in made.prose.numbers] + [each.element for each, _ in made.prose.kinds]
    assert all(path.startswith("case.") or path in made.slots for path in measures)


def test_a_laboratory_adds_words(tmp_path: Path) -> None:
    words = "free_text: {all: {masks: [left field]}, aismn: {groups: [{id: stains, also: {SMA: [muscle marker X]}}]}}\n"
    prose = load_protocol("aismn", load_laboratory(lab(tmp_path, words))).prose
    assert "left field" in prose.words.masks
    assert any(pattern.fullmatch("muscle marker x") for pattern, _ in prose.readers[0].mentions)
    assert "left field" not in load_prose("aismn", None, {}).words.masks


def test_words_of_the_wrong_shape_are_told_when_the_profile_is_read(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        load_protocol("general", load_laboratory(lab(tmp_path, "free_text: {all: {masks: left}}\n")))
    assert [finding.code for finding in caught.value.findings] == ["T401"]
