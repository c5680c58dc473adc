"""Words as runs: nothing of them is markup, none is lost, and what runs from right to left says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reportgen.formats.docx_text import attribute, run
from tests.formats.docx_reading import W

_NAMESPACE = f'xmlns:w="{W[1:-1]}"'
_TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t<&")
)


def read(xml: str) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    root = etree.fromstring(f"<w:p {_NAMESPACE}>{xml}</w:p>")
    return "".join(signs.get(str(each.tag), each.text or "") for each in root.iter(f"{W}t", f"{W}tab", f"{W}br"))


@given(_TEXTS)
def test_words_are_read_back_as_they_were(text: str) -> None:
    assert read(run(text)) == text
    assert etree.fromstring(f'<a b="{attribute(text)}"/>').get("b") == text


def test_only_what_runs_from_right_to_left_is_marked_so() -> None:
    root = etree.fromstring(f"<w:p {_NAMESPACE}>{run('MRN 12, כהן, דוד', 'Gap')}</w:p>")
    ways = {each.findtext(f"{W}t"): each.find(f"{W}rPr/{W}rtl") is not None for each in root.iter(f"{W}r")}
    assert ways == {"MRN 12, ": False, "כהן, דוד": True}
    assert all(each.find(f"{W}rPr/{W}rStyle") is not None for each in root.iter(f"{W}r"))
    assert "rtl" not in run("Sample, Alexandra")


def test_a_control_character_is_refused() -> None:
    with pytest.raises(ValueError, match="control character"):
        run("a\x01b")
