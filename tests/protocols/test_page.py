"""The readable page of a protocol: everything that it asks, judges and says, with its source."""

from __future__ import annotations

import pytest

from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.protocols.page import page


@pytest.mark.parametrize("id", protocol_ids())
def test_everything_of_a_protocol_is_on_its_page(id: str) -> None:
    made = load_protocol(id)
    lines = list(page(made))
    text = " ".join(" ".join(lines).split())
    assert made.hash[:12] in lines[0]
    panels = {path for path, slot in made.slots.items() if slot.panel}
    for path, slot in made.slots.items():
        assert (f" {path} · " in text) == (path not in panels)
        if slot.panel and not slot.repeated and not slot.parent:
            assert slot.element.id in text
    for macro in made.protocol.macros:
        assert f"{macro.id} · {macro.title} {macro.in_words}" in text
    for criterion in made.protocol.criteria:
        assert criterion.title in text
        assert f"met when {criterion.met}; unmet when {criterion.unmet}" in text
    for advisory in made.protocol.advisories:
        for remark in advisory.levels:
            assert " ".join(f"{remark.level.value} when {remark.when}: {remark.say}".split()) in text
    for name, statement in made.statements().items():
        for clause in statement.clauses:
            assert f".{clause.id}" in text, (name, clause.id)
            assert " ".join(f"says {clause.say}".split()) in text
            assert " ".join(f"when {clause.when}".split()) in text
    for key, source in made.protocol.sources.items():
        assert f"{key}: {source.title}" in text


@pytest.mark.parametrize("id", protocol_ids())
def test_a_page_fits_the_screen(id: str) -> None:
    lines = list(page(load_protocol(id)))
    long = [line for line in lines if len(line) > 100 and not line.startswith("  ")]
    assert not long[1:]
    assert not [line for line in lines if line != line.rstrip()]


def test_gaps_are_marked() -> None:
    lines = list(page(load_protocol("aismn")))
    assert "  diagnosis.headline.withheld (a gap)" in lines
    assert "  diagnosis.headline.surface" in lines
