"""Letterheads as laboratories make them, and letters that would show other words; what passes is looked at.

Each template is built here, with one thing in it that changes what a reader sees. The few that lie in a folder beside
the checkout were made by others in Word's and LibreOffice's own ways; they are tried where that folder is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Rendered, Settings, render
from tests.acceptance.support import SAMPLES
from tests.formats.visible import faults, needs_libreoffice, pages_of
from tests.formats.word_templates import box_xml, cell_xml, good, line_xml, with_body, with_header, word_lab
from tests.support.labs import refused as findings_of

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = next((path / "shared/cases" for path in CHECKOUT.parents if (path / "shared/cases/profiles").is_dir()), None)
SHAVE = SAMPLES / "shave-biopsy.yaml"
PASS = ""
# Folder of a profile → the code and words of its finding, PASS for one whose pages must show the report.
OTHERS = {
    "inputs/02-bound-control": PASS, "inputs/02-exact-row": PASS, "inputs/11-sensitivity-label": PASS,
    "inputs/12-comments": PASS, "inputs/12-white-on-dark": PASS,
    "profiles/lo-t11_nbsp": PASS,
    "profiles/lo-t15_unclosed": "T408 word/document.xml, paragraph 5: a brace is missing: “{{ report.title }”",
    "profiles/lo-t17_missing": PASS,
    "profiles/lo-t18_order": "T416 sections.synoptic: is printed at another place than in the report",
    "profiles/lo-t4_footnote": PASS, "profiles/lo-t6_twocol": PASS,
    "profiles/word-01_field_result": "T414 word/header1.xml, paragraph 1: words for a placeholder are inside a field",
    "profiles/word-02_field_code": "T414 word/header1.xml, paragraph 1: words are in the code of a field",
    "profiles/word-03_altcontent": "T414 word/header1.xml, paragraph 1: content of which programs show one version",
    "profiles/word-05_databinding": PASS,
    "profiles/word-08_highlight": "T413 word/header1.xml, paragraph 1, style “header”: its color #000000 on #000000",
    "profiles/word-09_shd_black": "T413 word/header1.xml, paragraph 1, style “header”: its color #000000 on #000000",
    "profiles/word-11_indent": "T413 word/header1.xml, paragraph 1, style “header”: its indent of -1500 points",
    "profiles/word-14_style_black": "T422 word/styles.xml, style “Pair Answer”: its color #1a1d21 on #1a1d21",
    "profiles/word-15_tablestyle_white": "T422 word/styles.xml, table style “Pairs”: its size is 1 points",
    "profiles/word-17_numbering_words": "T414 word/numbering.xml: a list writes the words “No evidence of ”",
    "profiles/word-18_hyperlink_field": "T414 word/header1.xml, paragraph 1: the field HYPERLINK leads to “file:",
    "profiles/word-21_exact_row": PASS,
    "profiles/word-22_small_textbox": "T413 word/document.xml, paragraph 9: a block or a list of the report",
    "profiles/word-25b_top_margin": "T413 word/document.xml, section 1: the top margin is -72 points",
    "profiles/word-26_columns": "T413 word/document.xml, section 1: 40 columns of 11 points",
    "profiles/word-43_vml_behind": "T414 word/header1.xml, paragraph 2: a drawing of the old kind (VML)",
    "profiles/word-46_pagesize_tiny": "T413 word/document.xml, section 1: a page of 45 by 45 points leaves",
    "profiles/word-50_looks_final": "T428 word/document.xml, paragraph ",
    "profiles/word-51_forged_answers": PASS,
    "profiles/word-60_nop": "T408 word/document.xml, paragraph 6: a block needs the p: “{{ block.notices }}”",
}  # fmt: skip
needs_shared = pytest.mark.skipif(SHARED is None, reason="the folder of further templates is not here")


def _case(folder: Path) -> Path:
    own = folder / "case.yaml"
    return own if own.exists() else SHAVE


def _rendered(laboratory: Laboratory, case: Path) -> Rendered:
    return render(case, Settings(formats=("docx",), laboratory=laboratory))


@needs_shared
@pytest.mark.parametrize("which", [name for name, finding in OTHERS.items() if finding])
def test_a_letter_that_shows_other_words_is_refused_with_its_place(which: str) -> None:
    assert SHARED is not None
    laboratory = load_laboratory(SHARED / which)
    told = [f"{each.code} {each.path}: {each.message}" for each in findings_of(lambda: _rendered(laboratory, SHAVE))]
    assert any(each.startswith(OTHERS[which]) for each in told), told


_BOX = box_xml(line_xml("{{ report.patient }}"), at=(330, 90), size=(200, 20))
_BAR = '<w:shd w:val="clear" w:color="auto" w:fill="1F3F5F"/>'
_BOUND = '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/r" w:storeItemID="{1}"/><w:text/></w:sdtPr><w:sdtContent>'
_LETTERS = {
    "plain": good(),
    "white on a dark bar": with_body(cell_xml(line_xml("Our banner", '<w:color w:val="FFFFFF"/>'), _BAR)),
    "text box": with_body(_BOX),
    "exact row": with_body(cell_xml(line_xml("{{p block.gross }}"), row='<w:trHeight w:val="300" w:hRule="exact"/>')),
    "bound control": with_header(f"{_BOUND}{line_xml('{{ report.mark }}')}</w:sdtContent></w:sdt>"),
    "exact line": with_header(line_xml("{{ report.mark }}", paragraph='<w:spacing w:line="20" w:lineRule="exact"/>')),
}


@needs_libreoffice
@pytest.mark.slow
def test_the_pages_of_the_letters_that_pass_show_the_report(tmp_path: Path) -> None:
    """One run of LibreOffice sets them all, those of the folder beside the checkout where it is."""
    letters = {name: (word_lab(tmp_path / f"lab{at}", data), SHAVE) for at, (name, data) in enumerate(_LETTERS.items())}
    if SHARED is not None:
        passing = [SHARED / which for which, finding in OTHERS.items() if not finding]
        letters |= {folder.name: (load_laboratory(folder), _case(folder)) for folder in passing}
    made = {name: _rendered(laboratory, case) for name, (laboratory, case) in letters.items()}
    pages = pages_of({name: each.documents["docx"] for name, each in made.items()}, tmp_path)
    assert {name: faults(each.report, pages[name]) for name, each in made.items()} == {name: [] for name in made}
