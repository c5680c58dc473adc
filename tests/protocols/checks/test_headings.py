"""Headings and answers without a name: what would be read as the answer to another question is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.protocols.load import load_protocol
from tests.support.labs import lab
from tests.support.toy import Templates

HEADED = """\
- {id: free, kind: text, title: Free, source: {book: p}}
- id: margins
  kind: group
  title: Margins
  heading: MARGINS
  source: {book: p}
  elements:
    - {id: deep, kind: group, title: Deep, heading: Deep margin, elements: [{id: state, kind: text, title: State}]}
- {id: nodes, kind: group, title: Nodes, heading: Nodes, source: {book: p}, elements: [{id: number, kind: text, title: Number}]}
"""  # noqa: E501
PANEL = """\
- {id: stains, kind: panel, title: Stains, source: {book: p}, stains: [{id: S1, core: true}], results: [{id: positive}]}
"""


def test_no_answer_is_printed_under_the_heading_of_another(templates: Templates) -> None:
    end = "- {id: end, kind: text, title: End, source: {book: p}}\n"
    found = templates.refused(HEADED + end)
    assert [(each.code, each.path) for each in found] == [("T412", "end")]
    assert 'under the heading "Nodes"' in found[0].message
    assert str(found[0].place) == templates.line("id: end") + ":9"
    inside = "    - {id: last, kind: text, title: Last}\n- {id: nodes"  # the outer heading is printed again above it
    assert templates.load(HEADED.replace("- {id: nodes", inside)).slots["margins.last"].headings == ("MARGINS",)
    nameless = "- {id: end, kind: text, title: End, label: none, source: {book: p}}\n"
    assert [each.message for each in templates.refused(nameless)] == ["would be printed without a name"]
    group = HEADED[HEADED.index("- {id: nodes") :]
    assert "another section's heading" in templates.refused(group + PANEL)[0].message


def test_a_heading_is_words_alone(templates: Templates) -> None:
    found = templates.refused(HEADED.replace("MARGINS", '"{{ site }}"'))
    assert [(each.code, each.path, each.message) for each in found] == [
        ("T401", "sections › main › elements › margins › heading", "must have no braces")
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("sections.main: {heading: Lesion}", ""),
        ("margins: {heading: Edges}", ""),
        ("sections.main: {heading: No carcinoma}", "T426"),
        ("margins: {heading: Not involved}", "T426"),
        ("margins.deep.state: {label: none}", "T426"),
    ],
)
def test_a_laboratory_changes_headings_and_takes_no_name_away(
    change: str, code: str, templates: Templates, tmp_path: Path
) -> None:
    templates.load(HEADED, section="heading: Main\n")
    own = lab(tmp_path, f"protocols: {{toy: {{elements: {{{change}}}}}}}\n")
    if not code:
        load_protocol("toy", own)
        return
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy", own)
    assert [each.code for each in caught.value.findings] == [code]
