"""The list of what a template may hold is whole: our own Word file, which needs none of it, is made of it."""

from __future__ import annotations

from reportgen.formats.docx_allowed import ANYWHERE, IN_WORDS, PARENTS, PROPERTIES, UPRIGHT
from reportgen.formats.docx_xml import local
from tests.formats.docx_reading import REPORTS, W, tree_of


def test_what_a_report_is_made_of_is_listed() -> None:
    for report in REPORTS.values():
        for part in ("document", "header1", "footer1"):
            for element in tree_of(report, part).iter(f"{W}*"):
                above = element.getparent()
                if above is not None and local(element) in PARENTS:
                    assert local(above) in PARENTS[local(element)]
                elif above is not None and local(above) in PROPERTIES:
                    assert local(element) in PROPERTIES[local(above)]


def test_nothing_is_both_listed_and_told_as_refused() -> None:
    listed = {*PARENTS, *ANYWHERE, *(name for names in PROPERTIES.values() for name in names)} - {"textDirection"}
    assert not listed & set(IN_WORDS)
    assert "btLr" not in UPRIGHT
    assert all(what and hint for what, hint in IN_WORDS.values())
