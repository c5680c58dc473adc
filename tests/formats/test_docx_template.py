"""A laboratory's Word template filled: every word of the report, and no template that leaves one out."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image

from reportgen import contained, formats
from reportgen.formats.html_contract import squeezed
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, compose
from reportgen.profiles.check import check
from tests.acceptance.support import SAMPLES, base, changed, source
from tests.formats.word_templates import (
    BLOCKS,
    BODY,
    RELATED,
    SHAVE,
    Change,
    changed_part,
    codes,
    escaped,
    filled,
    first,
    good,
    headed,
    laid_out,
    last,
    paragraphs_of,
    part_named,
    parts_of,
    refused,
    retyped,
    text_of,
    with_body,
    with_footnote,
    word_lab,
)

CASES = [path for path in sorted(SAMPLES.glob("*.yaml")) if path.stem != "q2-metastatic"]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
LABORATORY = "Example Dermatopathology Laboratory"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A profile with the template as it is; one child fills it for all tests."""
    return word_lab(tmp_path_factory.mktemp("lab"), good())


def _png() -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 20), (10, 80, 160)).save(target, "PNG")
    return target.getvalue()


def _first_page_differs(document: Document) -> None:
    document.sections[0].different_first_page_header_footer = True


def _out(element: etree._Element) -> None:
    above = element.getparent()
    assert above is not None
    above.remove(element)


def _one_block_for_all(document: Document) -> None:
    for id in ("comment", *BLOCKS):
        retyped(f"{{{{p block.{id} }}}}", "")(document)
    for table in document.tables:
        _out(table._tbl)
    for line in document.paragraphs:
        if line.text == "{{p block.diagnosis }}":
            line.text = "{{p block.sections }}"
        elif line.text.startswith(("{%p for part", "{%p if part", "{{ part", "{%p endif", "{{ title")):
            _out(line._p)
    _out(document.paragraphs[-1]._p)  # the end of the loop


@every_case
def test_every_word_of_the_report_comes_out_and_word_would_open_it_without_repair(
    case: Path, own: Laboratory, tmp_path: Path
) -> None:
    report = compose(case, Settings(laboratory=own))
    made = laid_out(own, "docx", case)
    body = squeezed(text_of(made))
    assert [text for text in report.reading_order() if squeezed(text) not in body] == []
    assert [name for name, part in parts_of(made).items() if b"{{" in part or b"{%" in part] == []
    file = tmp_path / "report.docx"
    file.write_bytes(made)
    result = OpenXmlValidator(security_validation=True).validate(file)
    assert [str(error) for error in result.errors] == []


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    data = good()
    assert filled(tmp_path / "one", data) == filled(tmp_path / "two", data)


def test_one_child_reads_a_template_and_fills_it(tmp_path: Path) -> None:
    contained.release()
    assert filled(tmp_path / "lab", good())
    assert len(contained._children) == 1


def test_header_and_footer_are_filled(own: Laboratory) -> None:
    report = compose(SHAVE, Settings(laboratory=own))
    made = formats.render(report, "docx", load_layout(laboratory=own))
    head = text_of(made, part_named(made, "header"))
    assert head == f"{report.furniture.state_mark} · {' · '.join(report.furniture.patient)}"
    assert "DRAFT" in head  # from a tag that Word had torn into three runs
    assert paragraphs_of(made, part_named(made, "footer")) == list(report.furniture.record)


def test_a_header_may_be_related_by_an_absolute_path(tmp_path: Path) -> None:
    data = good()
    part = part_named(data, "header")
    absolute = changed_part(data, RELATED, f'Target="{part.removeprefix("word/")}"', f'Target="/{part}"')
    made = filled(tmp_path / "lab", absolute)
    assert "DRAFT" in text_of(made, part)


def test_quotes_that_word_made_typographic_still_quote(tmp_path: Path) -> None:
    title = compose(SHAVE, Settings()).title
    made = filled(tmp_path / "lab", good(last("One: {{ report[“title”] }}"), last("Two: {{ report[‘title’] }}")))
    assert f"One: {title}" in paragraphs_of(made)
    assert f"Two: {title}" in paragraphs_of(made)


def test_typographic_quotes_outside_a_tag_stay(tmp_path: Path) -> None:
    made = filled(tmp_path / "lab", good(last("“Seen” by ‘{{ laboratory.name }}’")))
    assert f"“Seen” by ‘{LABORATORY}’" in paragraphs_of(made)


def test_a_footnote_is_filled(tmp_path: Path) -> None:
    made = filled(tmp_path / "lab", with_footnote("Seen at {{ laboratory.name }}"))
    assert text_of(made, "word/footnotes.xml") == f"Seen at {LABORATORY}"


def test_rows_repeat(own: Laboratory) -> None:
    report = compose(SHAVE, Settings())
    pairs = {pair.label: pair.text for pair in report.pairs()}
    (table,) = [each for each in docx.Document(BytesIO(laid_out(own, "docx"))).tables
                if each.rows[0].cells[0].text == "Procedure"]  # fmt: skip
    rows = [(row.cells[0].text, row.cells[1].text.replace("\u00a0", " ")) for row in table.rows]
    assert len(rows) > 10
    assert [pairs.get(label) for label, _ in rows] == [text for _, text in rows]


def test_one_block_prints_all_sections(tmp_path: Path) -> None:
    data = good(_one_block_for_all)
    report = compose(SHAVE, Settings())
    body = squeezed(text_of(filled(tmp_path / "lab", data)))
    assert [text for text in report.reading_order() if squeezed(text) not in body] == []


def test_a_name_of_the_case_is_offered(tmp_path: Path) -> None:
    made = filled(tmp_path / "lab", good(last("No. {{ case.accession }}")))
    assert "No. S26-01234" in paragraphs_of(made)


def test_a_picture_in_the_header_survives_byte_for_byte(tmp_path: Path) -> None:
    def pictured(document: Document) -> None:
        document.sections[0].header.add_paragraph().add_run().add_picture(BytesIO(_png()))

    made = parts_of(filled(tmp_path / "lab", good(pictured)))
    assert [part for name, part in made.items() if name.startswith("word/media/")] == [_png()]
    assert b"<pic:pic" in made[part_named(good(), "header")]


def test_parts_without_a_tag_stay_as_they_are(own: Laboratory) -> None:
    theirs, made = parts_of(good()), parts_of(laid_out(own, "docx"))
    same = ("word/theme/theme1.xml", "word/fontTable.xml")
    assert [made[name] for name in same] == [theirs[name] for name in same]


@pytest.mark.parametrize(
    "words",
    [
        "<1.0 mm",
        "R&D",
        "p<0.05",
        "a > b & c < d \"e\" 'f'",
        "&amp; &lt;w:t&gt;",
        "{{ case.accession }} {% if %}",
        "{%p endfor %}",
        "</w:t>",
    ],
)
def test_what_was_entered_comes_out_as_it_is(words: str, own: Laboratory) -> None:
    text = f"Seen before ({words}) elsewhere."
    data = changed(base("shave-biopsy"), {"case.clinical_history": text, "gross.description": text, "gross.ink": None})
    made = laid_out(own, "docx", source(data))
    assert text_of(made).replace("\u00a0", " ").count(words) >= 2
    assert escaped(words) in parts_of(made)[BODY].decode().replace("\u00a0", " ")


def test_entered_text_in_the_header_makes_no_markup(own: Laboratory) -> None:
    name = "Sample <w:b/> & R&D, {{ report.title }}"
    made = laid_out(own, "docx", source(changed(base("shave-biopsy"), {"case.patient.name": name})))
    assert name in text_of(made, part_named(made, "header"))


def test_core_properties_are_ours(own: Laboratory) -> None:
    theirs = docx.Document(BytesIO(good())).core_properties
    assert theirs.title == "Letter of theirs"
    report = compose(SHAVE, Settings(laboratory=own))
    ours = report.metadata
    made = docx.Document(BytesIO(formats.render(report, "docx", load_layout(laboratory=own)))).core_properties
    assert (made.title, made.author, made.subject) == (ours.title, ours.author, ours.subject)
    assert (made.keywords, made.created, made.last_modified_by) == (", ".join(ours.keywords)[:255], ours.stamp, "")
    assert "S26-01234" in made.title
    assert made.content_status == "draft"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_a_template_saved_by_libreoffice_works(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(good())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/user", "--headless", "--convert-to", "docx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "letter.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    made = filled(tmp_path / "lab", (tmp_path / "out" / "letter.docx").read_bytes())
    body = squeezed(text_of(made))
    assert [text for text in compose(SHAVE, Settings()).reading_order() if squeezed(text) not in body] == []


_LEFT_OUT: dict[str, tuple[tuple[Change, ...], str]] = {
    "mark": ((lambda document: setattr(document.sections[0].header.paragraphs[0], "text", "{{ report.patient }}"),),
             "furniture.header"),
    "patient": ((lambda document: setattr(document.sections[0].header.paragraphs[0], "text", "{{ report.mark }}"),),
                "furniture.header"),
    "record": ((lambda document: setattr(document.sections[0].footer.paragraphs[1], "text", "Page"),),
               "furniture.footer"),
    "letterhead": ((retyped("{{ laboratory.name }}", ""),), "letterhead"),
    "title": ((retyped("{{ report.title }}", ""),), "title"),
    "notices": ((retyped("{{p block.notices }}", ""),), "notices"),
    "identification": ((retyped("{{p block.identification }}", ""),), "identification"),
    "diagnosis": ((retyped("{{p block.diagnosis }}", ""),), "sections.diagnosis"),
    "gross": ((retyped("{{p block.gross }}", ""),), "sections.gross"),
    "synoptic title": ((retyped("{{ title.synoptic }}", ""),), "sections.synoptic"),
    "answers": ((retyped("{{ pair.text }}", ""), ), "sections.synoptic"),
    "columns swapped": ((retyped("{{ pair.label }}", "{{ pair.text }}!"),
                         retyped("{{ pair.text }}", "{{ pair.label }}")), "sections.synoptic"),
    "another's answer": ((retyped("{{ pair.text }}", "{{ part.pairs[1].text }}"),), "sections.synoptic"),
    "first page": ((_first_page_differs,), "furniture.header"),
    "first page's footer": ((_first_page_differs,), "furniture.footer"),
    "condition": ((retyped("{{p block.diagnosis }}", "{% if report.state == 'final' %}x{% endif %}"),),
                  "sections.diagnosis"),
}  # fmt: skip


@pytest.mark.parametrize("which", _LEFT_OUT)
def test_what_leaves_something_out_is_refused(which: str, tmp_path: Path) -> None:
    changes, path = _LEFT_OUT[which]
    findings = refused(tmp_path / "lab", good(*changes))
    assert codes(findings) == {"T416"}
    assert path in [finding.path for finding in findings]


def test_even_pages_without_a_header_of_their_own_are_refused(tmp_path: Path) -> None:
    def even(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True

    findings = refused(tmp_path / "lab", good(even))
    assert {(finding.code, finding.path) for finding in findings} == {
        ("T416", "furniture.header"), ("T416", "furniture.footer"),
    }  # fmt: skip


def test_a_second_section_with_a_header_of_its_own_is_refused(tmp_path: Path) -> None:
    def second(document: Document) -> None:
        header = document.add_section().header
        header.is_linked_to_previous = False
        header.paragraphs[0].text = "Appendix"

    assert [finding.path for finding in refused(tmp_path / "lab", good(second))] == ["furniture.header"]


def test_a_second_section_that_goes_on_with_the_header_is_accepted(tmp_path: Path) -> None:
    def second(document: Document) -> None:
        document.add_section()

    assert "DRAFT" in text_of(filled(tmp_path / "lab", good(second)), part_named(good(second), "header"))


@pytest.mark.parametrize(
    "words", ["Words {%p if report.title %}", "{%p if report.title %} words", "x {{p block.gross }}"]
)
def test_words_beside_a_tag_for_its_paragraph_are_refused(words: str, tmp_path: Path) -> None:
    data = good(last(words), last("{%p endif %}"))
    (finding,) = refused(tmp_path / "lab", data)
    number = paragraphs_of(data).index(words) + 1
    assert (finding.code, finding.path) == ("T416", f"{BODY}, paragraph {number}")


_WRONG = (
    "{{ case.accesion }}", "{{ nobody }}", "{{ case.accession", "{{ case.accession|default('x') }}",
    "{{ case.accession|safe }}", "{{ report.title.upper() }}", "{% endfor %}", "{% for line in report.record %}x",
)  # fmt: skip


@pytest.mark.parametrize("words", _WRONG)
def test_a_tag_that_is_wrong_is_named_with_part_and_paragraph(words: str, tmp_path: Path) -> None:
    (finding,) = refused(tmp_path / "lab", good(first("Words of their own"), first(words)))
    assert finding.code == "T408"
    assert finding.path.startswith(f"{BODY}, paragraph ")
    if "{% for" not in words:  # that one is missed only at the end
        assert finding.path == f"{BODY}, paragraph 1"
    if words == "{{ case.accesion }}":
        assert "'accesion'" in finding.message


def test_a_wrong_name_in_the_header_is_named_there(tmp_path: Path) -> None:
    data = good(headed("{{ nobody }}"))
    (finding,) = refused(tmp_path / "lab", data)
    assert (finding.code, finding.path) == ("T408", f"{part_named(data, 'header')}, paragraph 2")


def test_markup_that_is_uneven_once_it_is_filled_is_refused(tmp_path: Path) -> None:
    half = "<w:p><w:r><w:t>{%% if report.title == '' %%}%s</w:t></w:r></w:p><w:p><w:r><w:t>x%s</w:t></w:r></w:p>"
    assert filled(tmp_path / "even", with_body(half % ("", "{% endif %}")))  # one paragraph is left of the two
    uneven = "<w:p><w:r><w:t>{% if report.title == '' %}</w:t></w:r></w:p><w:p><w:pPr/>{% endif %}</w:p>"
    (finding,) = refused(tmp_path / "uneven", with_body(uneven))
    assert (finding.code, finding.path) == ("T408", f"{BODY}, paragraph 2")


@pytest.mark.usefixtures("hurried")
def test_a_loop_without_an_end_is_stopped(tmp_path: Path) -> None:
    loops = "".join("{% for a in report.title %}" for _ in range(12)) + "x" + "{% endfor %}" * 12
    assert codes(refused(tmp_path / "lab", good(last(loops)))) == {"T415"}


def test_a_name_that_is_nearly_right_is_told(tmp_path: Path) -> None:
    (finding,) = refused(tmp_path / "lab", good(first("{{ report.titel }}")))
    assert finding.hint == 'did you mean "title"?'


def test_blocks_in_another_order_are_told_as_such(tmp_path: Path) -> None:
    swapped = (
        retyped("{{p block.gross }}", "{{p block.x }}"),
        retyped("{{p block.microscopic }}", "{{p block.gross }}"),
    )
    findings = refused(tmp_path / "lab", good(*swapped, retyped("{{p block.x }}", "{{p block.microscopic }}")))
    assert {each.code for each in findings} == {"T416"}
    assert "at another place than in the report" in findings[0].message
    assert "set sections: in lab.yaml" in findings[0].hint


def test_the_check_tries_the_coding_line(tmp_path: Path) -> None:
    found = check(word_lab(tmp_path / "lab", good(retyped("{{p block.coding }}", ""))))
    assert "sections.coding" in {each.path for each in found if each.code == "T416"}
    assert [each for each in check(word_lab(tmp_path / "whole", good())) if each.code == "T416"] == []
