"""What a profile adds to the head of a case, to a part and to its stains goes through every door."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, compose
from reportgen.reports.model import Pairs, Report, Table
from tests.acceptance.support import base, changed, source
from tests.cli.program import Outcome, invoke
from tests.support.labs import write_lab
from tests.web.asgi import Visitor

LAB = """
case:
  elements:
    sections.sign_out: {append: [{id: clinic, kind: text, title: Copy to the clinic, chapter: signature, source: {laboratory: x}}]}
    sections.identification:
      append:
        - id: billing
          kind: choice
          title: Billing
          chapter: none
          other: false
          choices: [{id: insurance}, {id: self-pay}]
          source: {laboratory: x}
protocols:
  aismn:
    elements:
      stains: {append: [{id: WT1, title: WT1, aliases: [WT-1], source: {laboratory: x}}]}
      sections.further:
        append:
          - {id: hidden, kind: text, title: Hidden note, chapter: none, source: {laboratory: x}}
          - {id: leveled, kind: text, title: Levels, chapter: microscopic, source: {laboratory: x}}
          - {id: sliced, kind: text, title: Sliced, chapter: gross, source: {laboratory: x}}
          - {id: clone, kind: text, title: Clones, chapter: stains, source: {laboratory: x}}
          - {id: last, kind: text, title: Last, source: {laboratory: x}}
        order: [last]
      sections: {order: [further]}
      gross: {append: [{id: weight, kind: quantity, title: Weight, unit: g, chapter: gross}]}
    wording:
      comment.necrosis: {append: [{id: hidden, when: hidden is answered, say: "{{ hidden|bare }}."}], order: [hidden]}
"""  # noqa: E501
CHANGE = {
    "case.billing": "self-pay", "case.clinic": "Dr. Copy", "hidden": "Told in a sentence", "leveled": "three",
    "sliced": "sliced", "clone": "6F-H2", "last": "last", "gross.weight": "12 g",
    "stains.WT-1": {"result": "positive", "extent": "70 %", "block": "A1"},
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("added")
    write_lab(folder / "lab", LAB)
    (folder / "reportgen.toml").write_text('lab = "lab"\n', encoding="utf-8")
    (folder / "case.json").write_text(json.dumps(changed(base("shave-biopsy"), CHANGE)), encoding="utf-8")
    return folder


def done(place: Path, *arguments: str, code: int = 0) -> Outcome:
    outcome = invoke(*arguments, cwd=place)
    assert outcome.code == code, outcome.both
    return outcome


def pairs(report: Report) -> dict[str, list[str]]:
    """The pairs of each section."""
    return {
        section.id: [f"{pair.label}: {pair.text}" for block in section.blocks if isinstance(block, Pairs)
                     for pair in block.pairs]
        for section in report.sections
    }  # fmt: skip


def test_each_is_printed_in_its_chapter(place: Path) -> None:
    report = compose(source(changed(base("shave-biopsy"), CHANGE)), Settings(laboratory=load_laboratory(place / "lab")))
    said = pairs(report)
    assert "Copy to the clinic: Dr. Copy" in said["signature"]
    assert "Levels: three" in said["microscopic"]
    assert {"Sliced: sliced", "Weight: 12 g"} <= set(said["gross"])
    assert "Clones: 6F-H2" in said["stains"]
    assert said["synoptic"][0] == "Last: last"
    texts = [each.text for each in report.sentences()]
    assert "Told in a sentence." in texts
    whole = json.dumps([said, [f"{each.label}: {each.text}" for each in report.identification.pairs]])
    assert "Hidden note" not in whole
    assert "Billing" not in whole
    cells = [[cell.text for cell in row] for block in report.blocks() if isinstance(block, Table) for row in block.rows]
    assert [row for row in cells if row[0] == "WT1"] == [["WT1", "positive", "70 %", "", "A1"]]


def test_the_profile_is_in_order_and_told_in_full(place: Path) -> None:
    found = done(place, "template", "check").out.splitlines()
    assert {line.split()[1] for line in found[:-1]} <= {"W320"}
    changes = done(place, "template", "diff").out
    assert "case.elements.sections.sign_out.append (not accepted yet)" in changes
    done(place, "template", "accept")
    assert "not accepted" not in done(place, "template", "diff").out
    done(place, "template", "phrasebook", "--protocol", "aismn", "-f", "txt", "-o", "book")
    book = (place / "book" / "aismn.txt").read_text(encoding="utf-8")
    head = book.partition("\nHead of the case\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in head.splitlines() if "(" in line] == ["case.billing:", "case.clinic:"]


def test_starters_tables_and_batches_have_them(place: Path) -> None:
    done(place, "check", "case.json")
    done(place, "new", "case", "aismn", "-o", "new.yaml")
    assert "\nbilling:" in (place / "new.yaml").read_text(encoding="utf-8")
    assert "billing" in json.loads(done(place, "schema", "aismn").out)["properties"]
    done(place, "synth", "general", "-n", "1", "-f", "csv", "-o", "table.csv")
    with (place / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        head, row = list(csv.reader(file))
    filled = dict(zip(head, row, strict=True)) | {"billing": "insurance", "clinic": "Dr. Copy"}
    with (place / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, [filled[name] for name in head]])
    done(place, "batch", "rows.csv", "-f", "txt", "-o", "batch", "--jobs", "1")
    (report,) = (place / "batch").glob("*.txt")
    assert "Dr. Copy" in report.read_text(encoding="utf-8")


def test_the_desk_asks_for_them(place: Path) -> None:
    folder = place / "cases"
    folder.mkdir()
    (folder / "case.json").write_bytes((place / "case.json").read_bytes())
    made = Visitor(folder, load_laboratory(place / "lab"))
    page = made.get(made.case("case.json")).text
    assert "Copy to the clinic" in page
    assert "self-pay" in page
    sent = {"path": "clinic", "value": "Dr. Other", "revision": made.revision("case.json")}
    assert made.post(f"{made.case('case.json')}/entries", **sent).status == 200
    assert json.loads((folder / "case.json").read_text(encoding="utf-8"))["clinic"] == "Dr. Other"
