"""`reportgen explain`: every sentence has its clause, and its answers stand where the trace says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.pipeline import compose
from reportgen.protocols.addresses import addresses
from reportgen.protocols.load import protocol_ids, read_protocol
from reportgen.reports.model import Table
from tests.cli.program import MARK, SAMPLES, edited, invoke, sample

RENDERED = sorted(path.stem for path in SAMPLES.glob("*.yaml") if path.stem != "q2-metastatic")


def traced(path: Path) -> list[dict[str, Any]]:
    outcome = invoke("explain", path, "--json")
    assert outcome.code == 0
    assert outcome.err == ""
    data = json.loads(outcome.out)
    assert data["file"] == str(path)
    assert data["findings"] == []
    return list(data["trace"])


class Entries:
    """The entries of a case file as a plain YAML parser sees them."""

    def __init__(self, path: Path) -> None:
        self.top = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)

    def at(self, path: str) -> set[str]:
        """Where the answer under a path may be said to stand, as `line:column`.

        What is no single answer (a stain panel as a whole, the label as received) may stand at its part.
        """
        node: Any = self.top
        part = None
        for step in path.split("."):
            before = node
            node = self._below(node, step)
            if isinstance(before, yaml.SequenceNode) and not step.isdigit():
                part = node
        while isinstance(node, yaml.MappingNode) and (answer := self._answer(node)) is not None:
            node = answer
        several = isinstance(node, yaml.MappingNode) or path.endswith(".received_as")
        return {spot_of(node), spot_of(part)} if part is not None and several else {spot_of(node)}

    def _below(self, node: Any, step: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return next(value for key, value in node.value if key.value == step)
        if step.isdigit():
            return node.value[int(step) - 1]
        return next(item for item in node.value if self._below(item, "label").value == step)

    def _answer(self, node: Any) -> Any:
        return next((value for key, value in node.value if key.value in ("result", "count")), None)


def spot_of(node: Any) -> str:
    return f"{node.start_mark.line + 1}:{node.start_mark.column + 1}"


@pytest.mark.parametrize("name", RENDERED)
def test_every_sentence_and_pair_of_a_report_is_explained(name: str) -> None:
    report = compose(sample(name))
    items = traced(sample(name))
    assert [item["text"] for item in items if "text" in item] == [sentence.text for sentence in report.sentences()]
    pairs = [(item["element"], item["answer"]) for item in items if "element" in item and item["section"] != "stains"]
    assert pairs == [(pair.label, pair.text) for pair in report.pairs()]
    rows = [(item["element"], item["answer"]) for item in items if item["section"] == "stains"]
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    assert rows == [
        (first.text, "; ".join(cell.text for cell in rest if cell.text))
        for table in tables
        for first, *rest in table.rows
    ]
    for item in items:
        if "text" not in item:
            continue
        assert item["answers"], item["text"]
        if item["clause"]:
            assert item["gap"] or item["source"], item["text"]
        else:
            assert item["section"] in ("diagnosis", "microscopic", "gross", "history"), item["text"]


@pytest.mark.parametrize("name", RENDERED)
def test_every_place_points_at_the_answer(name: str) -> None:
    entries = Entries(sample(name))
    seen = 0
    for item in traced(sample(name)):
        for answer in item["answers"] if not item["gap"] else []:
            file, _, place = answer["place"].partition(".yaml:")
            if not file:
                assert item["answer"] == "Not applicable"
                continue
            assert f"{file}.yaml" == str(sample(name))
            if ".blocks." in answer["path"]:
                continue  # a row of several answers stands at its first
            assert place in entries.at(answer["path"]), answer
            seen += 1
    assert seen >= 15


@pytest.mark.parametrize("name", RENDERED)
def test_every_clause_stands_in_its_protocol(name: str) -> None:
    known = {address for id in protocol_ids() for address in addresses(read_protocol(id))["wording"]}
    clauses = {item["clause"] for item in traced(sample(name)) if item.get("clause")}
    assert len(clauses) >= 2
    for clause in clauses:
        assert clause in known or clause.endswith((".pending", ".override", ".missing")), clause


def test_what_people_read() -> None:
    outcome = invoke("explain", sample("unfinished"))
    assert outcome.code == 0
    place = f"({sample('unfinished')}:"
    assert "  [PENDING: Perineural invasion]\n    clause   comment.perineural.pending\n" in outcome.out
    assert f"    waits for parts.A.perineural {place}" in outcome.out
    (spot,) = Entries(sample("unfinished")).at("parts.A.pleomorphism")
    assert f"    answer   parts.A.pleomorphism {place}{spot})\n" in outcome.out
    assert "    source   Atypical intradermal smooth muscle neoplasm: Sample pathology report\n" in outcome.out


def test_words_of_the_pathologists_own_are_traced_to_the_override(tmp_path: Path) -> None:
    words = "override: {recommendation: As discussed.}\nprotocol: aismn"
    case = edited(tmp_path / "case.yaml", ("protocol: aismn", words))
    (item,) = [item for item in traced(case) if item.get("text") == "As discussed."]
    assert item["clause"] == "comment.recommendation.override"
    assert item["answers"] == [{"path": "parts.A.override.recommendation", "place": f"{case}:3:12"}]


def test_a_refused_case_is_refused_in_both_forms(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("growth: infiltrative", f"growth: {MARK}"))
    told = invoke("explain", case)
    assert (told.code, told.out) == (1, "")
    assert "E103 parts.A.growth" in told.err
    outcome = invoke("explain", case, "--json")
    data = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (1, "")
    assert [finding["code"] for finding in data["findings"]] == ["E103"]
    assert data["trace"] == []
    assert MARK not in told.both + outcome.both
