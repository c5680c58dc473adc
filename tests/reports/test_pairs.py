"""Pairs and stain tables: everything entered is printed once, everything required and open is a visible gap."""

from __future__ import annotations

from typing import Any

from reportgen import formats
from reportgen.formats.layout import load_layout
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


# ------------------------------------------------------------------------------------- headings, answers without a name

HEADED = """\
- {id: free, kind: text, title: Free, source: {book: p}}
- id: margins
  kind: group
  title: Margins
  heading: MARGINS
  source: {book: p}
  elements:
    - {id: all, kind: choice, title: All margins, label: none, status: core, choices: [{id: all negative}, {id: closest, followups: [{id: far, kind: text, title: Distance, label: none}]}]}
    - {id: deep, kind: group, title: Deep, heading: Deep margin, elements: [{id: state, kind: text, title: State}]}
    - {id: last, kind: text, title: Last}
- {id: nodes, kind: group, title: Nodes, heading: Nodes, source: {book: p}, elements: [{id: number, kind: text, title: Number}]}
"""  # noqa: E501


def headed(**answers: Any) -> list[tuple[str, str, bool]]:
    found = [block for block in toy_report(answers).blocks() if isinstance(block, Pairs)]
    return [(pair.label, pair.text, pair.heading) for block in found for pair in block.pairs][1:]


def test_a_heading_is_above_what_is_under_it_and_again_behind_one_inside_it(templates: Templates) -> None:
    templates.load(HEADED)
    assert headed(margins={"all": "all negative", "deep": {"state": "clear"}, "last": "z"}, nodes={"number": "3"}) == [
        ("MARGINS", "", True), ("", "all negative", False), ("Deep margin", "", True), ("State", "clear", False),
        ("MARGINS", "", True), ("Last", "z", False), ("Nodes", "", True), ("Number", "3", False),
    ]  # fmt: skip


def test_an_answer_without_a_name_is_printed_alone_and_its_gap_is_named(templates: Templates) -> None:
    templates.load(HEADED)
    assert headed() == [("MARGINS", "", True), ("All margins", GAP, False)]
    assert headed(margins={"all": {"result": "closest", "far": "2 mm"}}) == [
        ("MARGINS", "", True), ("", "closest", False), ("", "2 mm", False),
    ]  # fmt: skip


def test_the_gap_of_a_panel_is_under_the_heading_of_its_section(templates: Templates) -> None:
    templates.load(STAINS, section="heading: Findings\n")
    (found,) = [block for block in toy_report({}).blocks() if isinstance(block, Pairs)]
    assert [pair.label for pair in found.pairs] == ["Findings", "Site", "Immunohistochemistry"]


# ------------------------------------------------------------------------------------------ responses, what is omitted

ASKED = """\
- id: edge
  kind: choice
  title: Edge
  multiple: true
  source: {book: p}
  choices:
    - {id: at, label: Distance, response: {kind: quantity, unit: mm, required: false}}
    - {id: exact, response: {kind: quantity, unit: mm}, print: response}
    - {id: on, response: {kind: date}, print: answer}
- id: found
  kind: choice
  title: Found
  source: {book: p}
  choices:
    - {id: nothing, omit: question, followups: [{id: why, kind: text, title: Why}, {id: must, kind: text, title: Must, status: core}]}
    - {id: hidden, omit: true, followups: [{id: where, kind: text, title: Where}]}
"""  # noqa: E501


def test_an_answer_prints_itself_its_response_or_both(templates: Templates) -> None:
    templates.load(ASKED)
    assert dict(of(edge=["at"]))["Edge"] == "Distance"
    answers = [
        {"result": "at", "text": "1.5 mm"},
        {"result": "exact", "text": "2 mm"},
        {"result": "on", "text": "2026-01-02"},
    ]
    assert dict(of(edge=answers))["Edge"] == "Distance: 1.5 mm; 2 mm; on"


def test_a_response_is_printed_in_sentences_with_the_laboratory_s_decimal_mark(templates: Templates) -> None:
    choices = "[{id: at, response: {kind: quantity, unit: mm}}]"
    one = f"- {{id: found, kind: choice, title: F, source: {{book: p}}, choices: {choices}}}\n"
    clause = "- {id: one, when: found == 'at', say: '{{ found }}, {{ found.text }}.', source: {book: p}}"
    templates.load(one, wording=said(clause))
    report = toy_report({"found": {"result": "at", "text": "1.5 mm"}})
    assert "at (1.5 mm), 1.5 mm." in [sentence.text for sentence in report.sentences()]


def test_an_omitted_question_hides_what_was_answered_below_it_and_no_gap(templates: Templates) -> None:
    templates.load(ASKED)
    report = toy_report({"found": {"result": "nothing", "why": "because"}})
    assert [
        (pair.label, pair.text, pair.depth) for pair in report.pairs() if pair.path.startswith("parts.A.found")
    ] == [("Must", GAP, 0)]


def test_what_is_below_an_omitted_answer_is_not_indented(templates: Templates) -> None:
    templates.load(ASKED)
    report = toy_report({"found": {"result": "hidden", "where": "there"}})
    assert [(pair.label, pair.text, pair.depth) for pair in report.pairs() if "where" in pair.path] == [
        ("Where", "there", 0)
    ]


def test_a_detail_in_an_entry_is_not_added_to_another_answer(templates: Templates) -> None:
    below = ASKED[ASKED.index("- id: found") :].replace("  source: {book: p}\n", "")
    inside = "".join(f"    {line}\n" for line in below.splitlines())
    first = "    - {id: name, kind: text, title: Name}\n    - {id: size, kind: text, title: Size}\n"
    head = "- id: rows\n  kind: group\n  repeats: true\n  title: Lesion\n  source: {book: p}\n  elements:\n"
    templates.load(head + first + inside)
    entry = {"name": "one", "size": "3", "found": {"result": "hidden", "where": "there"}}
    assert rows(entry) == [("Lesion one", "Size: 3; Where: there")]
    entry = {"name": "one", "size": "3", "found": {"result": "nothing", "why": "because", "must": "x"}}
    assert rows(entry) == [("Lesion one", "Size: 3")]


def test_questions_may_be_nested_deep(templates: Templates) -> None:
    deepest, element = 12, ""
    for level in range(deepest, 0, -1):
        below = f", followups: [{element}]" if element else ""
        element = f"{{id: q{level}, kind: choice, title: Question {level}, choices: [{{id: a{below}}}]}}"
    templates.load("- " + element.replace("title: Question 1,", "title: Question 1, source: {book: p},") + "\n")
    data: Any = "a"
    for level in range(deepest, 1, -1):
        data = {"result": "a", f"q{level}": data}
    report = toy_report({"q1": data})
    assert [pair.depth for pair in report.pairs() if pair.label.startswith("Question")] == list(range(deepest))
    for name in formats.names():
        assert formats.render(report, name, load_layout())


def test_one_answer_may_omit_the_question_with_all_its_answers(templates: Templates) -> None:
    choices = "[{id: a}, {id: none, omit: question}, {id: b, omit: true}]"
    templates.load(f"- {{id: it, kind: choice, multiple: true, title: It, source: {{book: p}}, choices: {choices}}}\n")
    assert dict(of(it=["a", "b"]))["It"] == "a"
    assert "It" not in dict(of(it=["a", "none"]))


def test_a_question_of_its_own_below_an_omitted_one_is_printed_and_not_indented(templates: Templates) -> None:
    below = "followups: [{id: apart, kind: text, title: Apart, independent: true}]"
    choices = "[{id: none, omit: question}, {id: a}]"
    templates.load(f"- {{id: it, kind: choice, title: It, source: {{book: p}}, choices: {choices}, {below}}}\n")
    for answer, depth in (("none", 0), ("a", 1)):
        report = toy_report({"it": {"result": answer, "apart": "words"}})
        assert [(pair.text, pair.depth) for pair in report.pairs() if pair.label == "Apart"] == [("words", depth)]


def test_what_the_pathologist_judges_is_under_its_heading_too(templates: Templates) -> None:
    judged = "title: Nodes, judged: {title: Nodes submitted, 'no': none submitted},"
    templates.load(HEADED.replace("title: Nodes,", judged).replace("status: core, ", ""))
    assert headed(nodes_applies="no") == [("Nodes", "", True), ("Nodes", "none submitted", False)]
    assert headed(nodes_applies="yes", nodes={"number": "3"})[0] == ("Nodes", "", True)
