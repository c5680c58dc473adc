"""The Word file's styles: all looks are theirs, none is missing and none is left over."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from reportgen.formats.docx_styles import styles_xml
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Notice, Report, Section, Tone
from tests.formats.docx_reading import REPORTS, W, both_papers, every_report, lines_of, style_named, tree_of, value_of
from tests.formats.specimen import REPORT, paragraph


@every_report
def test_every_style_used_is_defined(report: Report) -> None:
    known = {style.get(f"{W}styleId") for style in tree_of(report, "styles").iter(f"{W}style")}
    used = {
        item.get(f"{W}val")
        for part in ("document", "header1", "footer1", "styles")
        for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next")
        for item in tree_of(report, part).iter(f"{W}{tag}")
    }
    assert len(used) >= 10
    assert used <= known


def test_no_style_is_left_over() -> None:
    deep = REPORT._replace(sections=(*REPORT.sections, *REPORTS["tables only"].sections))
    body = Section("x", "X", (paragraph("Text"), Notice("Note", Tone.info)))
    text = "".join(
        etree.tostring(tree_of(deep._replace(sections=(*deep.sections, body)), part), encoding="unicode")
        for part in ("document", "header1", "footer1")
    )
    own = {style.get(f"{W}styleId") for style in tree_of(part="styles").iter(f"{W}style")}
    builtin = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
    assert {name for name in own if f'val="{name}"' not in text} == builtin


@both_papers
def test_diagnosis_is_largest(paper: str) -> None:
    sizes = {
        value_of(style, "name"): int(value_of(style, "rPr/sz") or 0)
        for style in tree_of(part="styles", paper=paper).iter(f"{W}style")
    }
    assert max(sizes, key=lambda name: sizes[name]) == "Diagnosis"
    assert sorted(sizes.values())[-2] < sizes["Diagnosis"]


def test_looks_come_from_styles() -> None:
    allowed = {f"{W}{tag}" for tag in ("pStyle", "keepNext", "keepLines", "rStyle", "b", "bCs")}
    direct = {
        item.tag
        for part in ("document", "header1", "footer1")
        for properties in tree_of(part=part).iter(f"{W}pPr", f"{W}rPr")
        for item in properties
    }
    assert direct == allowed
    assert not list(tree_of().iter(f"{W}shd"))
    ruled = [next(borders.iterancestors(f"{W}tr")) for borders in tree_of().iter(f"{W}tcBorders")]
    assert ruled
    for row in ruled:  # below the name of a part: the first row of a table is the only one that its style can rule
        assert list(row.iter(f"{W}tblHeader"))
        (above,) = row.itersiblings(f"{W}tr", preceding=True)
        assert value_of(above, "tc/p/pPr/pStyle") == "Heading2"


def test_depth_hangs_labels_below_each_other() -> None:
    lines = {text: style for style, text in lines_of()}
    assert [lines[text] for text in ("Deep edge", "Location", "Nearest block")] == [
        "PairLabel", "PairLabel2", "PairLabel3",
    ]  # fmt: skip
    indents = [int(value_of(style_named(f"Pair Label{n}"), "pPr/ind", "left") or 0) for n in ("", " 2", " 3")]
    assert indents[0] < indents[1] < indents[2]


def test_the_state_the_patient_and_gaps_keep_the_standard_font_where_a_design_names_another() -> None:
    design = load_layout().design
    fonts = design.fonts.model_copy(update={"word": "Our Font"})
    own = replace(load_layout(), design=design.model_copy(update={"fonts": fonts}))
    styles = etree.fromstring(styles_xml(own, "en-US").encode())
    named = {
        style.get(f"{W}styleId"): [fonts.get(f"{W}ascii") for fonts in style.iter(f"{W}rFonts")]
        for style in styles.iter(f"{W}style")
    }
    assert {name for name, fonts in named.items() if fonts == ["Calibri"]} == {
        "Gap", "StateMark", "Identity", "NoticeState", "NoticeGap",
    }  # fmt: skip
    assert next(styles.iter(f"{W}rFonts")).get(f"{W}ascii") == "Our Font"
