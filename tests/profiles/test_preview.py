"""The preview: both wordings side by side, what differs marked, what is hostile harmless."""

from __future__ import annotations

from pathlib import Path

from lxml import html

from reportgen.invented.cases import cases
from reportgen.profiles.preview import compare, preview
from reportgen.reading.source import source_of
from tests.acceptance.support import CHECKOUT, base, changed, source
from tests.support.labs import worded_lab

SAMPLE = CHECKOUT / "samples" / "shave-biopsy.yaml"


def test_the_sentence_that_differs_is_marked_and_no_other(tmp_path: Path) -> None:
    own = worded_lab(tmp_path, {"comment.recommendation.re_excision": {"say": "Please re-excise."}})
    page = html.document_fromstring(
        preview(own, [("sample", SAMPLE), ("clear", CHECKOUT / "samples/punch-clear.yaml")])
    )
    marked = [
        [cell.text_content() for cell in row.iter("td")] for row in page.iter("tr") if row.get("class") == "changed"
    ]
    assert len(marked) == 1
    assert marked[0][0].startswith("Re-excision is recommended")
    assert marked[0][1] == "Please re-excise."
    opened = [each.text_content() for each in page.iterfind(".//details[@open]/summary")]
    assert opened == ["sample1 changed"]


def test_a_case_that_is_refused_is_named_with_its_codes(tmp_path: Path) -> None:
    own = worded_lab(tmp_path, {"comment.recommendation.re_excision": {"say": "Please re-excise."}})
    made = compare("stopped", CHECKOUT / "samples" / "q2-metastatic.yaml", own)
    assert (made.refused, made.sections) == ("E301", ())
    assert "refused: E301" in preview(own, [("stopped", CHECKOUT / "samples" / "q2-metastatic.yaml")])


def test_the_page_fetches_and_runs_nothing_and_shows_markup_as_text(tmp_path: Path) -> None:
    own = worded_lab(tmp_path, {"comment.recommendation.re_excision": {"say": "<script>x</script>"}})
    case = source(changed(base("shave-biopsy"), {"site": "<b>arm</b> left"}))
    invented = [(f"n{number}", source_of(each)) for number, each in enumerate(cases("aismn", 3, 1))]
    text = preview(own, [("hostile", case), *invented])
    page = html.document_fromstring(text)
    assert not list(page.iter("script", "link", "img", "b", "a", "iframe"))
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text
