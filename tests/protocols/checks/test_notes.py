"""Notes are words of the form: they take no answer, and a report prints them only where they are asked to be."""

from __future__ import annotations

import pytest

from reportgen.protocols.load import load_header
from reportgen.protocols.page import page
from reportgen.protocols.schema import case_schema
from reportgen.protocols.starter import starter
from reportgen.tables.starter import table_headings
from tests.support.toy import Templates, codes, toy_findings, toy_report

NOTES = """\
- {id: kind, kind: choice, title: Kind, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: about, kind: note, title: About, text: Enter the kind first., source: {book: p}}
- {id: said, kind: note, title: Note, print: true, applies_when: kind == 'a', text: "See   the guideline.", source: {book: p}}
- {id: alone, kind: note, title: Note, label: none, print: true, chapter: microscopic, text: Copyright 2026., source: {book: p}}
"""  # noqa: E501


def printed(**answers: str) -> list[tuple[str, str]]:
    return [(pair.label, pair.text) for pair in toy_report(answers).pairs()][-3:]


def test_a_note_is_printed_where_it_is_asked_to_be_and_applies(templates: Templates) -> None:
    templates.load(NOTES)
    assert printed(kind="a") == [("Kind", "a"), ("Note", "See the guideline."), ("", "Copyright 2026.")]
    assert printed(kind="b")[1:] == [("Kind", "b"), ("", "Copyright 2026.")]
    assert ("Note", "See the guideline.") not in printed()


def test_a_note_takes_no_answer_and_has_no_column(templates: Templates) -> None:
    made = templates.load(NOTES)
    assert codes(toy_findings({"about": "words"})) == [("E101", "parts.A.about")]
    assert not {"about", "said"} & set(table_headings(load_header(), made))
    assert '"about"' not in str(case_schema(load_header(), made)).replace("'", '"')
    text = starter(load_header(), made, "x.json")
    assert "    # Enter the kind first." in text.splitlines()
    assert "about:" not in text
    assert "    on the form: Enter the kind first." in page(made)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("status: core", "is a note, which has no status"),
        ("undetermined: not known", "is a note, which has no undetermined"),
        ("followups: [{id: x, kind: text, title: X}]", "is a note, which has no followups"),
    ],
)
def test_a_note_has_nothing_of_an_answer(fields: str, message: str, templates: Templates) -> None:
    found = templates.refused(f"- {{id: it, kind: note, title: It, text: Words., source: {{book: p}}, {fields}}}\n")
    assert [(each.code, each.path, each.message) for each in found] == [("T401", "it", message)]


def test_a_printed_note_that_states_a_finding_is_refused(templates: Templates) -> None:
    note = "- {id: it, kind: note, title: It, text: Margins are not involved., source: {book: p}, print: true}\n"
    assert codes(templates.refused(note)) == [("T417", "it")]
    templates.load(note.replace(", print: true", ""))


def test_a_note_says_something(templates: Templates) -> None:
    found = templates.refused("- {id: it, kind: note, title: It, text: ' ', source: {book: p}}\n")
    assert [each.code for each in found] == ["T401"]
