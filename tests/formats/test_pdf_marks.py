"""Words with marks set apart in a page: nothing is said or left out by it."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reportgen.formats.fallback import has_mark
from reportgen.formats.pdf_marks import set_apart

_TEXTS = st.text(st.sampled_from("ab ọ̀G̃é\n"), max_size=30)


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
def test_only_words_with_marks_are_set_apart_and_every_text_stays_in_place(a: str, b: str, c: str, d: str) -> None:
    root = ElementTree.fromstring("<html><head><title/></head><body><p/><p/></body></html>")
    body = root[1]
    root[0][0].text, body.text, body[0].text, body[0].tail, body[1].tail = a, a, b, c, d
    before = "".join(root.itertext())
    set_apart(root)
    assert "".join(root.itertext()) == before
    spans = list(root.iter("span"))
    assert [span.text for span in spans] == [word for text in (a, b, c, d) for word in _words(text)]
    assert all(span.get("class") == "marked" for span in spans)
    assert root[0][0].text == a
    assert len(list(body.iter("p"))) == 2


def _words(text: str) -> list[str]:
    return [word for word in text.replace("\n", " ").split(" ") if has_mark(word)]
