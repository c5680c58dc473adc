"""Invented cases: in order, varied, the same for the same seed, and marked."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from itertools import islice
from typing import Any

import pytest

from reportgen.findings import FindingsError
from reportgen.invented.cases import cases
from reportgen.pipeline import Settings, check, compose
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol
from reportgen.reading.source import source_of
from tests.cli.program import CHECKOUT
from tests.support.toy import Templates


@pytest.fixture(scope="module")
def made_cases() -> list[dict[str, Any]]:
    return list(cases("aismn", 320, 4, parts=2))


def test_every_case_is_in_order_and_marked(made_cases: list[dict[str, Any]]) -> None:
    for case in (*made_cases[:150], *cases("general", 30, 1, parts=8)):
        checked = check(source_of(case))
        assert checked.errors == ()
        assert case["purpose"] == "test data"
    assert len({case["accession"] for case in made_cases}) == len(made_cases)
    assert {len(case["parts"]) for case in made_cases} == {1, 2}


def test_a_case_depends_on_the_seed_and_its_number_alone(made_cases: list[dict[str, Any]]) -> None:
    assert list(cases("aismn", 5, 4, parts=2)) == made_cases[:5]
    assert next(cases("aismn", 1, 5)) != next(cases("aismn", 1, 4))
    one_part = list(cases("aismn", 5, 4))
    assert list(cases("aismn", 40, 4))[:5] == one_part
    code = "from reportgen.invented.cases import cases; print(list(cases('aismn', 8, 4, parts=2)))"
    told = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1] == f"{made_cases[:8]}\n"


def test_prefix_and_first_day_are_as_asked_for() -> None:
    made = list(cases("aismn", 40, 4, prefix="LOAD.", first=date(2020, 2, 27)))
    assert [case["accession"] for case in made[:2]] == ["LOAD.00001", "LOAD.00002"]
    assert [case["collected"] for case in made[:3]] == ["2020-02-28", "2020-02-29", "2020-03-01"]
    for case in made:
        assert case["patient"]["birth_date"] < case["collected"] <= case["received"]
        assert len(case["patient"]["mrn"]) == 6
        assert check(source_of(case)).errors == ()


def test_every_answer_of_the_protocol_occurs(made_cases: list[dict[str, Any]]) -> None:
    seen: dict[str, set[str]] = {}
    for case in made_cases:
        for part in check(source_of(case)).case.parts:  # type: ignore[union-attr]
            for answer in part.answers.values():
                seen.setdefault(answer.slot, set()).update(pick.id for pick in getattr(answer.value, "picks", ()))
    slots = load_protocol("aismn").slots
    asked = {path: slot.element for path, slot in slots.items() if isinstance(slot.element, ChoiceElement)}
    never = [
        f"{path}: {choice.id}"
        for path, element in asked.items()
        for choice in element.choices
        if choice.id not in seen.get(path, set())
    ]
    assert len(asked) > 40
    assert never == []


def test_nearly_every_sentence_of_the_protocol_occurs(made_cases: list[dict[str, Any]]) -> None:
    printed = set[str]()
    for case in made_cases:
        printed |= {sentence.clause for sentence in compose(source_of(case), Settings()).sentences()}
    wording = load_protocol("aismn").protocol.wording
    groups = (("header", (wording.header,)), ("diagnosis", wording.diagnosis), ("comment", wording.comment))
    known = {
        f"{group}.{statement.id}.{clause.id}" if group != "header" else f"header.{clause.id}"
        for group, statements in groups
        for statement in statements
        if not statement.on_request  # which only a laboratory's profile switches on
        for clause in statement.clauses
    }
    assert len(known) > 70
    assert len(known & printed) >= 0.95 * len(known), sorted(known - printed)


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(FindingsError) as caught:
        next(cases("aismnn", 1, 1))
    assert caught.value.findings[0].code == "E110"


def test_some_are_complete_and_some_are_not(made_cases: list[dict[str, Any]]) -> None:
    def open_in(case: dict[str, Any]) -> int:
        return sum(len(made.completeness.missing) for made in check(source_of(case)).assessments)

    gaps = [open_in(case) for case in islice(made_cases, 200)]
    assert 0 in gaps
    assert max(gaps) >= 3


ASKED = """\
- {id: deep, kind: quantity, title: Depth, unit: mm, status: core, decimals: 0, at_least: at least, source: {book: p}}
- {id: ratio, kind: quantity, title: Ratio, unit: none, status: core, source: {book: p}}
- {id: nodes, kind: count, title: Nodes, status: core, minimum: 4, source: {book: p}}
- id: edge
  kind: choice
  title: Edge
  status: core
  source: {book: p}
  choices:
    - {id: at, response: {kind: quantity, unit: mm}}
    - {id: on, response: {kind: date, required: false}, omit: question}
"""


def test_numbers_and_responses_are_drawn_as_the_protocol_asks(templates: Templates) -> None:
    templates.load(ASKED)
    parts = [part for case in cases("toy", 40, 1) for part in case["parts"]]
    depths = [part["deep"] for part in parts if "deep" in part]
    assert {depth.startswith("at least ") for depth in depths} == {True, False}
    assert not any("." in depth for depth in depths)
    assert all(int(part["nodes"]) >= 4 for part in parts if "nodes" in part)
    assert {edge["result"] for part in parts if isinstance(edge := part.get("edge"), dict)} == {"at", "on", "other"}


def test_invented_sites_are_those_of_the_protocol(templates: Templates) -> None:
    folder = templates.folder / "protocols" / "toy"
    templates.write()
    (folder / "free-text.yaml").write_text(
        'site_examples: [gland]\nreceived_example: "{site}, left"\n', encoding="utf-8"
    )
    parts = [part for case in cases("toy", 10, 1) for part in case["parts"]]
    assert {part["site"] for part in parts if "site" in part} == {"gland"}
    assert "gland, left" in {part.get("received_as") for part in parts}


def test_no_macro_answers_for_an_invented_case() -> None:
    assert all("macro" not in part for case in cases("seborrheic", 30, 1) for part in case["parts"])
