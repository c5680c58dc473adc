"""Pairs and stain tables: everything entered is printed once, everything required and open is a visible gap."""

from __future__ import annotations

from typing import Any

from reportgen.reports.model import Pair, Pairs, Report, Table
from tests.support.toy import Templates, said, toy_report

GAP = "[NOT ENTERED]"
FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}, {id: silent, omit: true}], source: {book: p}}
- {id: maybe, kind: text, title: Maybe, label: Short, source: {book: p}}
- {id: only_a, kind: text, title: Only a, status: conditional, applies_when: kind == 'a', source: {book: p}}
- {id: needed, kind: text, title: Needed, status: conditional, required_when: kind == 'b', source: {book: p}}
- id: edge
  kind: choice
  title: Edge
  status: core
  source: {book: p}
  choices: [{id: in}, {id: out}]
  followups:
    - {id: far, kind: text, title: Far, status: core, under: [out]}
    - id: group
      kind: group
      title: Group
      under: [in]
      elements: [{id: deep, kind: choice, title: Deep, choices: [{id: x}], followups: [{id: er, kind: text, title: Deeper}]}]
- {id: small, kind: choice, title: Small, status: core, applies_when: kind == 'b', choices: [{id: x}], source: {book: p}}
- {id: hidden, kind: text, title: Hidden, chapter: none, source: {book: p}}
"""  # noqa: E501


def pairs(report: Report) -> list[tuple[str, str]]:
    """The pairs of the synopsis."""
    section = next(section for section in report.sections if section.id == "synoptic")
    return [(pair.label, pair.text) for block in section.blocks if isinstance(block, Pairs) for pair in block.pairs]


def of(**answers: Any) -> list[tuple[str, str]]:
    return pairs(toy_report(answers))


def gaps(report: Report) -> list[Pair]:
    return [pair for pair in report.pairs() if pair.gap]


def test_core_elements_are_always_printed_and_optional_ones_when_answered(templates: Templates) -> None:
    templates.load(FORM)
    assert of() == [("Site", "arm"), ("Kind", GAP), ("Edge", GAP), ("Small", GAP)]
    assert of(kind="a", edge="in") == [
        ("Site", "arm"), ("Kind", "a"), ("Only a", GAP), ("Edge", "in"), ("Small", "Not applicable"),
    ]  # fmt: skip
    assert of(kind="b", edge="in", maybe="m", small="x") == [
        ("Site", "arm"), ("Kind", "b"), ("Short", "m"), ("Needed", GAP), ("Edge", "in"), ("Small", "x"),
    ]  # fmt: skip


def test_an_answer_that_is_to_be_left_out_is_left_out(templates: Templates) -> None:
    templates.load(FORM)
    assert "Kind" not in dict(of(kind="silent"))


def test_follow_ups_hang_below_their_answer(templates: Templates) -> None:
    templates.load(FORM)
    report = toy_report({"kind": "a", "edge": {"result": "in", "group": {"deep": {"result": "x", "er": "words"}}}})
    shown = [(pair.label, pair.text, pair.depth) for pair in report.pairs() if pair.path.startswith("parts.A.edge")]
    assert shown == [("Edge", "in", 0), ("Deep", "x", 1), ("Deeper", "words", 2)]
    assert dict(of(edge="out"))["Far"] == GAP
    assert "Far" not in dict(of(edge="in"))


def test_a_pair_knows_its_element_and_its_place(templates: Templates) -> None:
    templates.load(FORM)
    report = toy_report({"kind": "a"})
    kind = next(pair for pair in report.pairs() if pair.label == "Kind")
    assert kind.path == "parts.A.kind"
    assert (kind.place.file, kind.place.line) == ("case.json", 1)
    assert kind.place.column > 1
    assert {pair.path for pair in gaps(report)} == {"parts.A.only_a", "parts.A.edge"}


def test_what_stands_in_no_chapter_is_not_printed(templates: Templates) -> None:
    templates.load(FORM)
    assert "Hidden" not in dict(of(hidden="words"))


def test_a_name_with_a_term_in_it_follows_the_answers(templates: Templates) -> None:
    terms = """\
    terms:
      - {id: word, clauses: [{id: a, when: kind == 'a', say: edge}, {id: b, when: kind == 'b', say: margin}]}
    """
    wording = said("- {id: one, when: kind == 'a', say: X, source: {book: p}}", terms=terms)
    form = FORM.replace("title: Edge", 'title: Edge or margin\n  label: "Deep {{ word }}"')
    templates.load(form, wording=wording)
    assert "Deep edge" in dict(of(kind="a"))
    assert "Deep margin" in dict(of(kind="b"))
    assert "Edge or margin" in dict(of())


# ----------------------------------------------------------------------------------------------------- repeated groups

ROWS = """\
- id: rows
  kind: group
  repeats: true
  title: Lesion
  source: {book: p}
  elements:
    - {id: name, kind: text, title: Name, status: core}
    - {id: kind, kind: choice, title: Kind, choices: [{id: a, followups: [{id: sub, kind: text, title: Sub, status: core}]}, {id: b}]}
    - {id: deep, kind: group, title: Deep, elements: [{id: x, kind: text, title: X}]}
"""  # noqa: E501


def rows(*entries: dict[str, Any]) -> list[tuple[str, str]]:
    return [pair for pair in of(rows=list(entries)) if pair[0].startswith("Lesion")]


def test_each_entry_of_a_repeated_group_is_one_pair(templates: Templates) -> None:
    templates.load(ROWS)
    found = rows({"name": "one", "kind": "b"}, {"name": "two"})
    assert [label for label, _ in found] == ["Lesion one", "Lesion two"]
    assert found[0][1] == "Kind: b"


def test_everything_in_a_repeated_entry_is_printed(templates: Templates) -> None:
    templates.load(ROWS)
    assert rows({"name": "one", "kind": {"result": "a", "sub": "s"}, "deep": {"x": "y"}}) == [
        ("Lesion one", "Kind: a, Sub: s; X: y")
    ]
    assert rows({"name": "two", "kind": "b"}) == [("Lesion two", "Kind: b")]
    assert rows({"name": "three", "kind": "a"}) == [("Lesion three", f"Kind: a, Sub: {GAP}")]
    assert rows({"kind": "b"}) == [(f"Lesion {GAP}", "Kind: b")]


def test_an_entry_that_holds_only_something_nested_is_printed(templates: Templates) -> None:
    templates.load(ROWS.replace("title: Name, status: core", "title: Name"))
    assert rows({"deep": {"x": "y"}}) == [("Lesion", "X: y")]


# ------------------------------------------------------------------------------------------------- descriptive chapters

DESCRIBED = """\
- {id: micro, kind: text, title: Micro, lines: true, status: core, chapter: microscopic, source: {book: p}}
- {id: second, kind: text, title: Second, lines: true, chapter: microscopic, source: {book: p}}
- {id: colour, kind: text, title: Colour, chapter: gross, source: {book: p}}
- {id: weight, kind: text, title: Weight, chapter: gross, status: core, source: {book: p}}
"""


def section(report: Report, id: str) -> list[str]:
    found = [section for section in report.sections if section.id == id]
    bare = Report(report.state, report.letterhead, "", (), Pairs(()), tuple(found), report.furniture, report.metadata)
    return list(bare.reading_order())[1 + len(report.letterhead.lines) + 1 :]


def test_free_texts_are_paragraphs_and_short_ones_pairs(templates: Templates) -> None:
    templates.load(DESCRIBED)
    report = toy_report({"micro": "One.\n\nTwo.", "second": "Three.", "colour": "tan", "weight": "1 g"})
    assert section(report, "microscopic") == ["Microscopic description", "One.", "Two.", "Three."]
    assert section(report, "gross") == ["Gross description", "Colour", "tan", "Weight", "1 g"]
    assert "Weight" in [pair.label for pair in gaps(toy_report({}))]


def test_a_required_free_text_that_is_missing_is_a_gap(templates: Templates) -> None:
    templates.load(DESCRIBED)
    assert "Micro" in [pair.label for pair in gaps(toy_report({}))]


def test_free_texts_stand_in_the_order_of_the_protocol(templates: Templates) -> None:
    templates.load(DESCRIBED)
    report = toy_report({"second": "Two.", "micro": "One."})
    assert section(report, "microscopic") == ["Microscopic description", "One.", "Two."]


# --------------------------------------------------------------------------------------------------------------- stains

STAINS = """\
- id: stains
  kind: panel
  title: Immunohistochemistry (one of S1, S2)
  label: Immunohistochemistry
  status: core
  chapter: stains
  other: Further stain
  source: {book: p}
  stains: [{id: S1, title: Stain one, core: true}, {id: S2, core: true}, {id: S3}]
  results: [{id: positive}, {id: negative}, {id: pending, pending: true}]
  details:
    - {id: extent, kind: quantity, title: Extent, unit: "%", under: [positive]}
    - {id: block, kind: text, title: Block}
"""


def table(**stains: Any) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[str]]:
    """Columns, rows, and the stains whose row has a gap."""
    report = toy_report({"stains": stains})
    (found,) = [block for block in report.blocks() if isinstance(block, Table)]
    rows = [tuple(cell.text for cell in row) for row in found.rows]
    return found.columns, rows, [row[0].text for row in found.rows if any(cell.gap for cell in row)]


def test_stains_stand_in_the_order_of_the_protocol_with_the_details_that_were_given(templates: Templates) -> None:
    templates.load(STAINS)
    assert table(S3="negative", S1="positive") == (
        ("Stain", "Result"),
        [("Stain one", "positive"), ("S3", "negative")],
        [],
    )
    columns, rows, _ = table(S2={"result": "negative", "block": "A1"}, S1={"result": "positive", "extent": "80 %"})
    assert columns == ("Stain", "Result", "Extent", "Block")
    assert rows == [("Stain one", "positive", "80 %", ""), ("S2", "negative", "", "A1")]


def test_further_stains_come_last_and_what_they_lack_is_a_gap(templates: Templates) -> None:
    templates.load(STAINS)
    other = [{"name": "X9", "result": "negative", "block": "B"}, {"name": "X8"}]
    assert table(S1="positive", other=other) == (
        ("Stain", "Result", "Block"),
        [("Stain one", "positive", ""), ("X9", "negative", "B"), ("X8", GAP, "")],
        ["X8"],
    )


def test_a_further_stain_without_a_name_is_a_gap(templates: Templates) -> None:
    templates.load(STAINS)
    assert table(S1="positive", other=[{"result": "positive"}])[2] == [GAP]


def test_a_result_still_to_come_is_a_gap(templates: Templates) -> None:
    templates.load(STAINS)
    assert table(S1="pending")[2] == ["Stain one"]


def test_a_panel_without_the_stain_it_needs_is_a_gap_in_the_synopsis(templates: Templates) -> None:
    templates.load(STAINS)
    assert ("Immunohistochemistry", GAP) in of()
    assert ("Immunohistochemistry", GAP) in of(stains={"S3": "positive"})
    assert "Immunohistochemistry" not in dict(of(stains={"S2": "pending"}))


def test_without_stains_there_is_no_table(templates: Templates) -> None:
    templates.load(STAINS)
    assert not [block for block in toy_report({}).blocks() if isinstance(block, Table)]
