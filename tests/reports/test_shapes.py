"""The shapes of an IHE SDC form, all in one protocol that the code never saw: it loads, validates and composes.

Nested and repeated groups, follow-ups of follow-ups, follow-ups of one choice, exclusive and omitted answers, fill-ins.
"""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.assessment.completeness import completeness
from reportgen.reports.model import Report, Table
from tests.support.toy import Templates, codes, scope_of, toy_case, toy_findings, toy_report

FORM = """\
- id: outer
  kind: group
  title: Outer
  source: {book: p}
  elements:
    - id: inner
      kind: group
      title: Inner
      elements:
        - {id: word, kind: text, title: Word, status: core}
        - id: choice
          kind: choice
          title: Choice
          status: core
          undetermined: cannot be determined
          choices:
            - id: yes it is
              followups:
                - id: how
                  kind: choice
                  title: How
                  status: core
                  choices: [{id: much}, {id: little, fill_in: true}]
                  followups:
                    - id: exactly
                      kind: quantity
                      title: Exactly
                      unit: mm
                      dimensions: 3
                      status: core
                      under: [much]
                    - {id: remark, kind: text, title: Remark}
            - {id: no it is not}
            - {id: not to be printed, omit: true}
- id: several
  kind: choice
  multiple: true
  title: Several
  status: core
  source: {book: p}
  choices:
    - {id: first}
    - {id: second, fill_in: true}
    - {id: third, fill_in: true}
    - {id: silent, omit: true}
    - {id: none of these, exclusive: true}
  followups:
    - {id: detail, kind: text, title: Detail, status: core, under: [first]}
- id: nodes
  kind: group
  repeats: true
  title: Node
  source: {book: p}
  elements:
    - {id: name, kind: text, title: Name, status: core}
    - id: state
      kind: choice
      title: State
      status: core
      choices:
        - {id: free}
        - {id: involved, followups: [{id: size, kind: quantity, title: Size, unit: mm, status: core}]}
    - {id: more, kind: group, title: More, elements: [{id: note, kind: text, title: Note}]}
- id: asked
  kind: text
  title: Asked
  status: conditional
  applies_when: outer.inner.choice == 'yes it is'
  required_when: outer.inner.choice.how == 'much'
  source: {book: p}
"""
FULL: dict[str, Any] = {
    "outer": {
        "inner": {
            "word": "wordA",
            "choice": {"result": "yes it is", "how": {"result": "much", "exactly": "7 x 8 mm", "remark": "wordB"}},
        }
    },
    "several": {
        "result": ["first", {"result": "second", "text": "wordC"}, {"result": "third", "text": "wordD"}],
        "detail": "wordE",
    },
    "nodes": [
        {"name": "wordF", "state": {"result": "involved", "size": "9 mm"}, "more": {"note": "wordG"}},
        {"name": "wordH", "state": "free"},
    ],
    "asked": "wordI",
}  # fmt: skip


def choice(entry: Any) -> dict[str, Any]:
    return {"outer": {"inner": {"choice": entry}}}


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM)


def words(report: Report) -> str:
    return "|".join(report.reading_order())


def gaps(report: Report) -> set[str]:
    """The paths of all that stands open."""
    assert not [block for block in report.blocks() if isinstance(block, Table)]
    return {pair.path.removeprefix("parts.A.") for pair in report.pairs() if pair.gap}


def test_everything_entered_is_printed_once() -> None:
    printed = words(toy_report(FULL))
    for word in (*(f"word{letter}" for letter in "ABCDEFGHI"), "7 × 8 mm", "9 mm", "yes it is", "much"):
        assert printed.count(word) == 1, word
    assert "[NOT ENTERED]" not in printed


def test_the_synopsis_stands_in_the_order_of_the_form() -> None:
    pairs = [
        (pair.label, pair.text, pair.depth) for pair in toy_report(FULL).pairs() if pair.path.startswith("parts.A.")
    ]
    assert pairs == [
        ("Site", "arm", 0),
        ("Word", "wordA", 0),
        ("Choice", "yes it is", 0),
        ("How", "much", 1),
        ("Exactly", "7 × 8 mm", 2),
        ("Remark", "wordB", 2),
        ("Several", "first; second: wordC; third: wordD", 0),
        ("Detail", "wordE", 1),
        ("Node wordF", "State: involved, Size: 9 mm; Note: wordG", 0),
        ("Node wordH", "State: free", 0),
        ("Asked", "wordI", 0),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"several": ["first", "none of these"]}, [("E202", "several")]),
        ({"several": {"result": "none of these", "detail": "words"}}, [("E204", "several.detail")]),
        ({"several": [{"result": "first", "text": "words"}]}, [("E204", "several")]),
        ({"several": ["second", "third"]}, [("E109", "several")]),
        ({"several": {"result": ["second", "third"], "text": "words"}}, [("E109", "several")]),
        ({"asked": "words", "outer": {"inner": {"choice": "no it is not"}}}, [("E205", "asked")]),
        (choice({"result": "no it is not", "how": "much"}), [("E204", "outer.inner.choice.how")]),
        (
            choice({"result": "yes it is", "how": {"result": "other", "text": "words", "exactly": "1 mm"}}),
            [("E204", "outer.inner.choice.how.exactly")],
        ),
        (choice({"how": "much"}), [("E102", "outer.inner.choice")]),
        ({"nodes": [{"state": {"result": "free", "size": "1 mm"}}]}, [("E204", "nodes.1.state.size")]),
        ({"nodes": [{"name": "one"}, {"state": "fre"}]}, [("E103", "nodes.2.state")]),
        ({"nodes": {"name": "words"}}, [("E108", "nodes")]),
        ({"outer": {"inner": "words"}}, [("E108", "outer.inner")]),
        ({"outer": {"word": "words"}}, [("E101", "outer.word")]),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_shape_is_found(change: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(toy_findings(change)) == [(code, f"parts.A.{path}") for code, path in found]


OPEN: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"outer.inner.word", "outer.inner.choice", "several"}),
    ({"outer": {"inner": {"choice": "no it is not"}}}, {"outer.inner.word", "several"}),
    ({"outer": {"inner": {"choice": "not to be printed"}}}, {"outer.inner.word", "several"}),
    ({"outer": {"inner": {"choice": "cannot be determined (why)"}}}, {"outer.inner.word", "several"}),
    ({"outer": {"inner": {"choice": "yes it is"}}}, {"outer.inner.word", "several", "outer.inner.choice.how"}),
    (
        {"outer": {"inner": {"choice": {"result": "yes it is", "how": "much"}}}},
        {"outer.inner.word", "several", "outer.inner.choice.how.exactly", "asked"},
    ),
    ({"several": ["first"]}, {"outer.inner.word", "outer.inner.choice", "several.detail"}),
    ({"several": ["silent"]}, {"outer.inner.word", "outer.inner.choice"}),
    ({"nodes": [{"name": "words", "state": "free"}]}, {"outer.inner.word", "outer.inner.choice", "several"}),
]
ENTRIES: list[tuple[dict[str, Any], set[str]]] = [
    ({"name": "words"}, {"nodes.1.state"}),
    ({"state": "involved"}, {"nodes.1.name", "nodes.1.state.size"}),
    ({"more": {"note": "words"}}, {"nodes.1.name", "nodes.1.state"}),
]


@pytest.mark.parametrize(("answers", "wanted"), OPEN)
def test_what_is_missing_is_counted_and_visible_in_one_and_the_same_way(
    answers: dict[str, Any], wanted: set[str]
) -> None:
    missing = {item.slot for item in completeness(scope_of(toy_case(answers))).missing}
    assert missing == wanted
    assert gaps(toy_report(answers)) == wanted


@pytest.mark.parametrize(("entry", "wanted"), ENTRIES)
def test_what_an_entry_lacks_is_counted_and_its_pair_is_a_gap(entry: dict[str, Any], wanted: set[str]) -> None:
    answers = {"nodes": [entry]}
    missing = {item.slot for item in completeness(scope_of(toy_case(answers))).missing if item.slot.startswith("nodes")}
    assert missing == wanted
    assert "nodes.1" in gaps(toy_report(answers))


def test_a_required_answer_in_an_entry_is_a_gap_where_its_condition_holds(templates: Templates) -> None:
    templates.load(
        FORM.replace(
            "    - {id: more, kind: group",
            "    - {id: why, kind: text, title: Why, status: conditional, required_when: several is answered}\n"
            "    - {id: more, kind: group",
        )
    )
    entry = {"nodes": [{"name": "words", "state": "free"}]}
    assert "nodes.1" not in gaps(toy_report(entry))
    answers = {**entry, "several": ["none of these"]}
    assert "nodes.1.why" in {item.slot for item in completeness(scope_of(toy_case(answers))).missing}
    assert "nodes.1" in gaps(toy_report(answers))
