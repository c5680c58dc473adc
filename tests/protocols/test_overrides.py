"""A laboratory's changes over a protocol: by id, field by field, and nothing is dropped silently."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from reportgen.findings import Finding
from reportgen.protocols.load import load_protocol
from reportgen.protocols.overrides import lay_over
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping, plain
from tests.support.labs import HEAD, lab, protocol_lab, refused, write_lab

PROTOCOL = """\
id: toy
sources: {book: {title: A book}}
thresholds: [{id: many, number: 5, minimum: 0, maximum: 9}]
sections:
  - id: main
    title: Main
    elements:
      - {id: site, kind: text, title: Site, status: core}
      - id: grade
        kind: choice
        title: Grade
        choices: [{id: low}, {id: high, label: raised}]
        followups: [{id: by, kind: text, title: By}]
      - {id: stains, kind: panel, title: Stains, stains: [{id: SMA}], results: [{id: positive}, {id: negative}]}
advisories:
  - {id: A1, title: One, levels: [{level: note, when: x, say: first}, {level: warning, when: y, say: second}]}
  - {id: A2, title: Two, levels: [{level: stop, when: x, say: stop}]}
wording:
  terms: [{id: edge, clauses: [{id: biopsy, when: b, say: edge}]}]
  header: {id: header, clauses: [{id: plain, when: s, say: head}]}
  diagnosis: [{id: headline, title: D, clauses: [{id: plain, when: s, say: d}]}]
  comment:
    - id: extent
      title: Extent
      clauses:
        - {id: deep, when: d, say: built-in, source: {book: p1}}
        - {id: unsure, when: u, say: unsure, gap: "true"}
        - {id: clear, when: c, say: clear, source: {book: p2}}
    - {id: more, title: More, clauses: [{id: one, when: o, say: one}]}
"""


def laid(tmp_path: Path, changes: str, more: str = "") -> Mapping:
    made = protocol_lab(tmp_path, changes, "toy", more)
    return lay_over(read_text(PROTOCOL, name="built-in"), "toy", made)[0]


def part(source: Mapping, *path: str | int) -> Any:
    node: Any = plain(source)
    for step in path:
        node = node[step]
    return node


def found(tmp_path: Path, changes: str, more: str = "") -> tuple[Finding, ...]:
    return refused(lambda: laid(tmp_path, changes, more))


def test_only_the_fields_given_are_replaced_and_the_words_are_signed(tmp_path: Path) -> None:
    made = laid(tmp_path, "wording: {comment.extent.deep: {say: own}}")
    own = {"book": "p1", "laboratory": "Example Laboratory 1.0"}
    assert part(made, "wording", "comment", 0, "clauses", 0) == {"id": "deep", "when": "d", "say": "own", "source": own}
    assert part(made, "wording", "comment", 0, "clauses", 2) == {
        "id": "clear", "when": "c", "say": "clear", "source": {"book": "p2"},
    }  # fmt: skip
    assert "laboratory" in dict(part(made, "sources"))


@pytest.mark.parametrize(
    "name", ["terms.edge.biopsy", "header.plain", "diagnosis.headline.plain", "comment.extent.deep", "comment.more.one"]
)
def test_every_clause_has_an_id_to_be_changed_by(name: str, tmp_path: Path) -> None:
    assert "own words" in str(plain(laid(tmp_path, f"wording: {{{name}: {{say: own words}}}}")))


def test_what_a_laboratory_wrote_keeps_its_own_place(tmp_path: Path) -> None:
    made = protocol_lab(tmp_path, "wording:\n  comment.extent.deep:\n    say: own\n", "toy")
    _, (change,) = lay_over(read_text(PROTOCOL, name="built-in"), "toy", made)
    assert (change.place.file, change.place.line) == (str(tmp_path / "lab.yaml"), 8)
    assert (change.space, change.address, change.field) == ("wording", "comment.extent.deep", "say")


def test_nothing_laid_over_changes_nothing(tmp_path: Path) -> None:
    source = read_text(PROTOCOL, name="built-in")
    assert lay_over(source, "toy", lab(tmp_path)) == (source, ())


def test_clauses_and_statements_are_added_and_set_in_order(tmp_path: Path) -> None:
    changes = """\
    wording:
      comment.extent: {append: [{id: new, when: n, say: new}], order: [deep, unsure, new]}
      comment: {append: [{id: last, title: Last, clauses: [{id: x, when: x, say: x}]}], order: [more]}
    """
    made = laid(tmp_path, dedent(changes))
    order = [part(made, "wording", "comment", number, "id") for number in range(3)]
    assert order == ["more", "extent", "last"]
    clauses = [part(made, "wording", "comment", 1, "clauses", number, "id") for number in range(4)]
    assert clauses == ["deep", "unsure", "new", "clear"]
    assert part(made, "wording", "comment", 1, "clauses", 2, "source") == {"laboratory": "Example Laboratory 1.0"}
    assert part(made, "wording", "comment", 2, "clauses", 0, "source") == {"laboratory": "Example Laboratory 1.0"}


def test_a_removed_clause_stays_in_its_place_and_is_silent(tmp_path: Path) -> None:
    made = laid(tmp_path, "wording: {comment.extent: {remove: [deep]}}")
    assert part(made, "wording", "comment", 0, "clauses", 0, "silent") == "true"
    gone = laid(tmp_path, "wording: {comment: {remove: [more]}}")
    assert "one" not in str(part(gone, "wording", "comment"))


def test_elements_answers_thresholds_and_advisories_are_changed(tmp_path: Path) -> None:
    changes = """\
    elements:
      grade: {label: G, answers: {low: slight, high: {label: marked}}, status: core}
      grade.by: {help: who}
      stains: {answers: {positive: expressed}, append: [{id: CD1}]}
      stains.SMA: {title: Smooth}
      sections.main: {append: [{id: own, kind: text, title: Own}]}
    thresholds: {many: 7}
    advisories: {remove: [A1], A2: {title: Zwei}, A2.1: {say: other}}
    """
    made = laid(tmp_path, dedent(changes))
    _, grade, stains, own = part(made, "sections", 0, "elements")
    assert (grade["label"], grade["status"], [each["label"] for each in grade["choices"]]) == (
        "G", "core", ["slight", "marked"],
    )  # fmt: skip
    assert grade["followups"][0]["help"] == "who"
    assert stains["results"] == [{"id": "positive", "label": "expressed"}, {"id": "negative"}]
    assert [each["id"] for each in stains["stains"]] == ["SMA", "CD1"]
    assert (stains["stains"][0]["title"], own["id"]) == ("Smooth", "own")
    assert part(made, "thresholds", 0, "number") == "7"
    (advisory,) = part(made, "advisories")
    assert (advisory["id"], advisory["title"], advisory["levels"][0]["say"]) == ("A2", "Zwei", "other")


@pytest.mark.parametrize(
    ("changes", "code", "hint"),
    [
        ("wording: {comment.extent.deeep: {say: own}}", "T402", 'did you mean "comment.extent.deep"?'),
        ("wording: {deep: {say: own}}", "T402", ""),
        ("wordign: {}", "T402", 'did you mean "wording"?'),
        ("wording: {comment.extent.deep: own}", "T401", "write {say: …}"),
        ("wording: {comment.extent.deep: {}}", "T401", "write {say: …}"),
        ("wording: {comment.extent.deep: [say]}", "T401", "write {say: …}"),
        ("wording: {comment.extent.deep: {gap: false}}", "T401", "one of: say, when, uses, source"),
        ("wording: {comment.extent: {clauses: []}}", "T401", ""),
        ("wording: {comment.extent: {order: deep}}", "T401", ""),
        ("wording: {comment.extent: {order: [deeep]}}", "T402", 'did you mean "deep"?'),
        ("wording: {comment.extent: {append: [{when: x, say: y}]}}", "T401", ""),
        ("wording: {comment.extent: {append: [{id: n, when: x, say: y, coded: true}]}}", "T401", ""),
        ("elements: {grade: {answers: {lo: slight}}}", "T407", 'did you mean "low"?'),
        ("elements: {grade: {answers: {low: [x]}}}", "T401", ""),
        ("elements: {grade: {answers: low}}", "T401", ""),
        ("elements: {grade: {applies_when: x}}", "T401", ""),
        ("advisories: {A3: {title: x}}", "T402", ""),
        ("thresholds: {few: 1}", "T402", ""),
    ],
)
def test_what_does_not_fit_is_refused_with_the_next_step(changes: str, code: str, hint: str, tmp_path: Path) -> None:
    first, *_ = found(tmp_path, changes)
    assert first.code == code
    assert first.place.file == str(tmp_path / "lab.yaml")
    assert first.place.line == 6
    assert hint in first.hint


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    changes = "wording: {a: {say: x}, header.plain: {say: y}, b: {say: z}}"
    assert [finding.path for finding in found(tmp_path, changes)] == ["wording.a", "wording.b"]


def test_profiles_change_what_those_below_them_made(tmp_path: Path) -> None:
    own = "protocols: {aismn: {wording: {comment.recommendation.re_excision: {say: One.}}}}\n"
    write_lab(tmp_path / "low", own)
    high = "extends: ../low\n" + own.replace("One.", "Two.")
    made = load_protocol("aismn", lab(tmp_path / "high", high, head=HEAD.replace("Example", "High")))
    (clause,) = [each for each in made.statements()["recommendation"].clauses if each.id == "re_excision"]
    assert clause.say == "Two."
    assert clause.source["laboratory"] == "High Laboratory 1.0"
    assert [change.profile.spec.name for change in made.changes] == ["Example Laboratory", "High Laboratory"]


def test_the_elements_of_a_section_and_of_a_group_take_another_order(tmp_path: Path) -> None:
    changes = "elements: {sections.neoplasm: {order: [necrosis, mitoses]}, margins: {order: [peripheral, deep]}}"
    made = load_protocol("aismn", protocol_lab(tmp_path, changes))
    sections = {section.id: [element.id for element in section.elements] for section in made.protocol.sections}
    assert sections["neoplasm"][:3] == ["necrosis", "mitoses", "size"]
    slots = list(made.slots)
    assert slots.index("necrosis") < slots.index("mitoses") < slots.index("size")
    assert slots.index("margins.peripheral") < slots.index("margins.deep")
    assert set(slots) == set(load_protocol("aismn").slots)


def test_a_list_and_what_is_in_it_take_another_order_together(tmp_path: Path) -> None:
    changes = "wording: {comment: {order: [S100]}, comment.S100: {order: [focal]}}"
    first, *_ = load_protocol("aismn", protocol_lab(tmp_path, changes)).protocol.wording.comment
    assert (first.id, [clause.id for clause in first.clauses]) == ("S100", ["focal", "positive"])


def test_sections_and_advisories_take_another_order(tmp_path: Path) -> None:
    changes = "{elements: {sections: {order: [margins]}}, advisories: {order: [A3]}}"
    protocol = load_protocol("aismn", protocol_lab(tmp_path, changes)).protocol
    assert [section.id for section in protocol.sections][:2] == ["margins", "specimen"]
    assert [advisory.id for advisory in protocol.advisories][:2] == ["A3", "A1"]
