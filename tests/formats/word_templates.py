"""A laboratory's Word template as it would be typed in Word, with one change at a time; and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from lxml import etree

from reportgen import formats
from reportgen.findings import Finding, FindingsError
from reportgen.formats.docx_door import opened
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import File, Laboratory
from reportgen.pipeline import compose
from reportgen.reading.source import Mapping as Source
from reportgen.reports.model import Report
from tests.acceptance.support import SAMPLES
from tests.support.labs import lab
from tests.support.labs import refused as findings_of

SHAVE = SAMPLES / "shave-biopsy.yaml"
BODY = "word/document.xml"
TYPES = "[Content_Types].xml"
RELATED = "word/_rels/document.xml.rels"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MICROSOFT = "http://schemas.microsoft.com/office/word/2010/"
W = f"{{{WORD}}}"
BLOCKS = ("stains", "microscopic", "gross", "history", "coding", "signature")
Change = Callable[[Document], object]


def good(*changes: Change) -> bytes:
    """A template that prints everything; each change is made before it is saved."""
    document = docx.Document(BytesIO(_empty()))
    document.core_properties.title = "Letter of theirs"
    header = document.sections[0].header.paragraphs[0]
    for piece in ("{", "{ report.ma", "rk }} · {{ report.patient }}"):
        header.add_run(piece)
    footer = document.sections[0].footer
    footer.paragraphs[0].text = "{%p for line in report.record %}"
    footer.add_paragraph("{{ line }}")
    footer.add_paragraph("{%p endfor %}")
    document.add_heading("University Dermatopathology", 0)
    lines = ["{{ laboratory.name }}", "{%p for line in laboratory.lines %}", "{{ line }}", "{%p endfor %}"]
    lines += ["{{ report.title }}", *(f"{{{{p block.{id} }}}}" for id in ("notices", "identification", "diagnosis"))]
    lines += ["{{p block.comment }}", "{{ title.synoptic }}", "{%p for part in synopses %}"]
    lines += ["{%p if part.caption %}", "{{ part.caption }}", "{%p endif %}"]
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for pair in part.pairs %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ pair.label }}", "{{ pair.text }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    document.add_paragraph("{%p endfor %}")
    for id in BLOCKS:
        document.add_paragraph(f"{{{{p block.{id} }}}}")
    for change in changes:
        change(document)
    return saved(document)


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """A new document with few table styles: the hundred that python-docx brings take most of the time of a check."""
    document = docx.Document()
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid", "Light List"):
            style.delete()
    return saved(document)


def saved(document: Document) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def retyped(old: str, new: str) -> Change:
    """One paragraph of the body or a table in other words; "" takes it out."""

    def change(document: Document) -> None:
        inside = [line for table in document.tables for cell in table._cells for line in cell.paragraphs]
        (found,) = [line for line in [*document.paragraphs, *inside] if line.text == old]
        if new:
            found.text = new
        else:
            found._p.getparent().remove(found._p)

    return change


def first(text: str) -> Change:
    """A paragraph before all others."""
    return lambda document: document.paragraphs[0].insert_paragraph_before(text)


def last(text: str) -> Change:
    """A paragraph behind all others."""
    return lambda document: document.add_paragraph(text)


def headed(text: str) -> Change:
    """Another paragraph in the header."""
    return lambda document: document.sections[0].header.add_paragraph(text)


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return target.getvalue()


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """The package with a part added or replaced."""
    return packed({**parts_of(data), name: content.encode() if isinstance(content, str) else content})


def without_part(data: bytes, name: str) -> bytes:
    return packed({key: part for key, part in parts_of(data).items() if key != name})


def changed_part(data: bytes, name: str, old: str, new: str) -> bytes:
    """The package with a text of one part replaced, at its first place."""
    part = parts_of(data)[name].decode()
    assert old in part, f"{name} does not say {old}"
    return with_part(data, name, part.replace(old, new, 1))


def with_body(xml: str, data: bytes | None = None) -> bytes:
    """The template with WordprocessingML at the beginning of its body."""
    return changed_part(data or good(), BODY, "<w:body>", f"<w:body>{xml}")


def with_type(data: bytes, name: str, kind: str) -> bytes:
    """The package with a content type for a part."""
    return changed_part(data, TYPES, "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')


def with_relation(data: bytes, kind: str, target: str, *, outside: bool = False, part: str = RELATED) -> bytes:
    """The package with one more relationship; a kind without a slash is one of Office's."""
    mode = ' TargetMode="External"' if outside else ""
    full = kind if "/" in kind else f"{OFFICE}/{kind}"
    line = f'<Relationship Id="rIdMore" Type="{full}" Target="{target}"{mode}/></Relationships>'
    return changed_part(data, part, "</Relationships>", line)


def with_footnote(text: str, data: bytes | None = None, name: str = "footnotes.xml") -> bytes:
    """The template with a footnote in its body; `text` is escaped already."""
    note = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:footnotes xmlns:w="{WORD}">'
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        f'</w:footnote><w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    made = with_body('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>', data)
    return with_relation(with_type(with_part(made, f"word/{name}", note), f"word/{name}", kind), "footnotes", name)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def word_lab(folder: Path, data: bytes) -> Laboratory:
    """A profile whose reports are this letter."""
    return lab(folder, "layout: {word: letter.docx}\n", letter_docx=data)


def filled(folder: Path, data: bytes, case: Source | Path = SHAVE) -> bytes:
    """The report in this template; its words are those without a profile, which takes a third of the time."""
    return laid_out(word_lab(folder, data), "docx", case)


def laid_out(own: Laboratory, format: str, case: Source | Path = SHAVE) -> bytes:
    """The report as a laboratory's layout shows it."""
    return formats.render(_composed(case), format, load_layout(laboratory=own))


@lru_cache(maxsize=4)
def _composed(case: Source | Path) -> Report:
    return compose(case)


def refused(folder: Path, data: bytes) -> tuple[Finding, ...]:
    """What is found wrong with this template."""
    found = findings_of(lambda: filled(folder, data))
    assert all(finding.place.file.endswith("letter.docx") for finding in found)
    return found


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


def tree_of(data: bytes, name: str = BODY) -> etree._Element:
    return etree.fromstring(parts_of(data)[name])


def text_of(data: bytes, name: str = BODY) -> str:
    """All the words of a part, one after another."""
    return "".join(each.text or "" for each in tree_of(data, name).iter(f"{W}t"))


def part_named(data: bytes, kind: str) -> str:
    """The name of the one header, footer or other part of a kind."""
    (name,) = [name for name in parts_of(data) if name.startswith(f"word/{kind}")]
    return name


def paragraphs_of(data: bytes, name: str = BODY) -> list[str]:
    found: Any = tree_of(data, name).iter(f"{W}p")
    return ["".join(each.text or "" for each in line.iter(f"{W}t")) for line in found]


def let_in(data: bytes) -> dict[str, bytes]:
    """The parts of a template that the door lets in."""
    return opened(File("letter.docx", Path("letter.docx"), data))


def told(data: bytes) -> list[str]:
    """What the door says of a template, without rendering it: code, place, message and hint of each finding."""
    try:
        let_in(data)
    except FindingsError as error:
        return [f"{each.code} {each.path}: {each.message} ({each.hint})" for each in error.findings]
    return []


def run_xml(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def line_xml(text: str, properties: str = "", paragraph: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{paragraph}</w:pPr>{run_xml(text, properties)}</w:p>"


def cell_xml(content: str, properties: str = "", table: str = "", row: str = "", width: int = 9000) -> str:
    """A table of one cell."""
    return (
        f'<w:tbl><w:tblPr>{table}<w:tblW w:w="{width}" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/>'
        f'</w:tblGrid><w:tr><w:trPr>{row}</w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}'
        f"</w:tcPr>{content}</w:tc></w:tr></w:tbl>"
    )


def box_xml(
    content: str, *, fill: str = "", body: str = "<a:noAutofit/>", turned: str = "", attributes: str = 'wrap="none"',
    wrap: str = "<wp:wrapNone/>", at: tuple[int, int] = (100, 100), size: tuple[int, int] = (200, 40),
    behind: str = "0", needs: str = "wps", relative: str = "page", style: str = "",
) -> str:  # fmt: skip
    """A paragraph with a text box as Word writes it; lengths in points."""
    across, down = (12_700 * each for each in size)
    a, wps = "http://schemas.openxmlformats.org/drawingml/2006/main", f"{MICROSOFT}wordprocessingShape"
    return (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice xmlns:wps="{wps}" xmlns:foo="urn:foo" '
        f'Requires="{needs}"><w:drawing><wp:anchor xmlns:wp="{DRAWN}" distT="0" distB="0" distL="0" distR="0" '
        f'simplePos="0" relativeHeight="2" behindDoc="{behind}" locked="0" layoutInCell="1" allowOverlap="1">'
        f'<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="{relative}"><wp:posOffset>{at[0] * 12_700}'
        f'</wp:posOffset></wp:positionH><wp:positionV relativeFrom="{relative}"><wp:posOffset>{at[1] * 12_700}'
        f'</wp:posOffset></wp:positionV><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/>{wrap}<wp:docPr id="9" name="Box"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{a}"><a:graphicData uri="{wps}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        f'<a:xfrm {turned}><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom>{fill}</wps:spPr>{style}<wps:txbx>"
        f"<w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr {attributes}>{body}</wps:bodyPr></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def with_style(xml: str, data: bytes | None = None) -> bytes:
    """The template with one more style."""
    return changed_part(data or good(), "word/styles.xml", "</w:styles>", f"{xml}</w:styles>")


def with_header(xml: str, data: bytes | None = None) -> bytes:
    """The template with WordprocessingML at the beginning of its header."""
    data = data or good()
    return changed_part(data, part_named(data, "header"), "<w:p>", f"{xml}<w:p>")
