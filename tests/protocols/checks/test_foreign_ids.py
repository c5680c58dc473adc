"""Foreign ids are kept beside ours, each for one thing."""

from __future__ import annotations

from reportgen.protocols.checks.foreign_ids import twins
from reportgen.protocols.load import load_header
from reportgen.protocols.page import page
from reportgen.protocols.schema import case_schema
from reportgen.reading.source import source_of
from reportgen.tables.starter import dictionary
from tests.support.toy import Templates

FORM = """\
- id: edge
  kind: choice
  title: Edge
  foreign_id: 2118.100004300
  source: {book: p}
  choices: [{id: free, foreign_id: 2119.100004300}, {id: in}]
- {id: stains, kind: panel, title: S, source: {book: p}, stains: [{id: S1, foreign_id: s1}], results: [{id: positive}]}
"""


def test_a_foreign_id_is_kept_and_shown(templates: Templates) -> None:
    made = templates.load(FORM, extra="foreign_id: Adrenal.3.004\n", section="foreign_id: '1'\n")
    assert made.form.foreign_id == "Adrenal.3.004"
    assert made.form.sections[0].foreign_id == "1"
    assert (made.slots["edge"].element.foreign_id, made.slots["stains.S1"].element.foreign_id) == (
        "2118.100004300",
        "s1",
    )
    assert "  edge · Edge · optional · 2118.100004300" in page(made)
    assert '"$comment": "2118.100004300"' in str(case_schema(load_header(), made)).replace("'", '"')
    row = next(row for row in dictionary(load_header(), made) if row[0] == "edge")
    assert row[-1] == "2118.100004300 in the form it was taken from"


def test_one_foreign_id_for_two_things_is_refused(templates: Templates) -> None:
    found = templates.refused(FORM.replace("2119.", "2118."))
    assert [(each.code, each.path) for each in found] == [("T404", "2118.100004300")]
    assert str(found[0].place).startswith(templates.line("{id: free, foreign_id: 2118.100004300}"))
    assert "first at protocols/toy/protocol.yaml:" in found[0].message


def test_twins_are_found_at_any_depth() -> None:
    source = source_of({"a": [{"foreign_id": "x", "b": {"foreign_id": " x "}}], "foreign_id": ""})
    assert list(twins(source)) == [(("a", 0, "b", "foreign_id"), ("a", 0, "foreign_id"), "x")]
