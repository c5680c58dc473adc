"""A laboratory's Word template as it would be typed in Word, with one change at a time; and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document
from lxml import etree

from reportgen.findings import Finding
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, render
from reportgen.reading.source import Mapping as Source
from tests.acceptance.support import SAMPLES
from tests.support.labs import lab
from tests.support.labs import refused as findings_of

SHAVE = SAMPLES / "shave-biopsy.yaml"
BODY = "word/document.xml"
TYPES = "[Content_Types].xml"
RELATED = "word/_rels/document.xml.rels"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = f"{{{WORD}}}"
BLOCKS = ("stains", "microscopic", "gross", "history", "coding", "signature")
Change = Callable[[Document], object]


def good(*changes: Change) -> bytes:
    """A template that prints everything; each change is made before it is saved."""
    document = docx.Document()
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
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
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
    """The report in this template."""
    return render(case, Settings(formats=("docx",), laboratory=word_lab(folder, data))).documents["docx"]


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
