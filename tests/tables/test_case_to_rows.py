"""Cases as rows: every text under its path, nothing lost, nothing added."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.cases.model import Answer, Case
from reportgen.cases.validate import validate
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping, plain
from reportgen.tables.bind_headings import bind
from reportgen.tables.case_to_rows import flatten, part_rows
from reportgen.tables.mapping import Columns
from tests.cli.program import SAMPLES
from tests.support.cases import CaseMaker
from tests.support.tables import case_table, place

FLAT: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"site": "arm", "size": "4 mm"}, {"site": "arm", "size": "4 mm"}),
    ({"deep": {"result": "involved", "location": "x"}}, {"deep": "involved", "deep.location": "x"}),
    ({"margins": {"deep": {"result": "a"}}}, {"margins.deep": "a"}),
    ({"mitoses": {"count": 4, "per": "10 HPF"}}, {"mitoses": "4", "mitoses.per": "10 HPF"}),
    ({"deep": {"location": "x"}}, {"deep.location": "x"}),
    ({"features": ["a", "b"]}, {"features": "a|b"}),
    ({"features": ["a", {"result": "other", "text": "w"}]}, {"features": "a|other", "features.text": "w"}),
    ({"features": [{"result": "other", "text": "w"}]}, {"features": "other", "features.text": "w"}),
    ({"features": {"result": ["a", "b"], "text": "w"}}, {"features": "a|b", "features.text": "w"}),
    ({"blocks": [{"id": "A1"}, {"id": "A2", "of": {"result": "x", "why": "y"}}]},
     {"blocks.1.id": "A1", "blocks.2.id": "A2", "blocks.2.of": "x", "blocks.2.of.why": "y"}),
    ({"other": [{"name": "STAT6", "result": "negative"}]}, {"other.1.name": "STAT6", "other.1.result": "negative"}),
    ({"a": None, "b": "", "c": {}, "d": []}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), FLAT)
def test_every_text_stands_under_its_path(data: dict[str, Any], expected: dict[str, str]) -> None:
    assert flatten(data) == expected


def test_two_texts_of_one_list_fit_no_cell() -> None:
    with pytest.raises(ValueError, match=r"features has words of its own for two answers"):
        flatten({"features": [{"result": "other", "text": "w"}, {"result": "else", "text": "v"}]})


def test_each_part_is_a_row_with_the_header() -> None:
    case = {"protocol": "toy", "accession": "S1", "patient": {"name": "N"}, "acknowledge": {"A1": "why"}}
    assert part_rows({**case, "parts": [{"label": "A", "site": "arm"}]}) == [
        {
            "accession": "S1",
            "patient.name": "N",
            "protocol": "toy",
            "acknowledge.A1": "why",
            "label": "A",
            "site": "arm",
        }
    ]
    rows = part_rows({**case, "parts": [{"label": "A"}, {"label": "B", "protocol": "general"}]})
    assert [(row["label"], row["protocol"], row["accession"]) for row in rows] == [
        ("A", "toy", "S1"), ("B", "general", "S1"),
    ]  # fmt: skip
    assert part_rows({"accession": "S1"}) == []


def there_and_back(source: Mapping) -> tuple[Case, Case]:
    """A case, and the same after it was a table."""
    header, rows = case_table(cast(dict[str, Any], plain(source)))
    node, findings = bind(header, place, Columns(), "").case(rows)
    assert findings == ()
    one, two = validate(source), validate(node)
    assert not one.refused
    assert not two.refused, [finding.as_line(show_values=True) for finding in two.findings]
    assert one.case is not None
    assert two.case is not None
    return one.case, two.case


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_sample_is_the_same_case_after_a_table(path: Path) -> None:
    one, two = there_and_back(read_file(path))
    assert one.fingerprint() == two.fingerprint()


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9))
def test_any_case_is_the_same_after_a_table(seed: int) -> None:
    one, two = there_and_back(CaseMaker(seed).case())
    # An empty entry of a repeated group holds no cell, so that those behind it move up by a number.
    assert [sorted(map(repr, texts(part.answers.values()))) for part in one.parts] == [
        sorted(map(repr, texts(part.answers.values()))) for part in two.parts
    ]
    if all(part.answers.keys() == other.answers.keys() for part, other in zip(one.parts, two.parts, strict=True)):
        assert one.fingerprint() == two.fingerprint()


def texts(answers: Iterable[Answer]) -> list[tuple[str, object]]:
    """Slot and value of every answer."""
    return [(answer.slot, answer.value) for answer in answers]
