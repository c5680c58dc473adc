"""Read documents back: the words of the body, without white space and without what stands on every page.

Every format must give `Report.reading_order()`; white space is taken out because each format breaks lines elsewhere.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
from lxml import etree

from reportgen.formats.continued import part_begun
from reportgen.reports.model import Report, Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class ReadBack:
    """What was read: the body as one string without white space, pairs where the format marks them, pages of a PDF."""

    body: str
    pairs: tuple[tuple[str, str], ...] = ()
    pages: tuple[str, ...] = ()


def squeeze(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())


def expected_body(report: Report) -> str:
    """What every format must give."""
    return squeeze("".join(report.reading_order()))


def expected_pairs(report: Report) -> tuple[tuple[str, str], ...]:
    """Label and answer of every pair, in reading order."""
    return tuple((squeeze(pair.label), squeeze(pair.text)) for pair in report.pairs())


def read(name: str, data: bytes, report: Report) -> ReadBack:
    """Read a document of any format."""
    return {"html": read_html, "pdf": read_pdf, "txt": read_text, "docx": read_docx}[name](data, report)


def read_html(data: bytes, _: Report) -> ReadBack:
    """The text of `main`; pairs are header and cell of tables without a header row."""
    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))
    (main,) = root.iter("main")
    pairs: list[tuple[str, str]] = []
    for table in main.iter("table"):
        if next(table.iter("thead"), None) is None:
            for row in table.iter("tr"):
                cells = [_text_of(cell) for cell in row]
                if len(cells) == 1:
                    continue  # a heading
                pairs += zip(cells[::2], cells[1::2], strict=True)
    return ReadBack(_text_of(main), tuple(pairs))


def _text_of(element: etree._Element) -> str:
    return squeeze("".join(map(str, element.itertext())))


def read_docx(data: bytes, _: Report) -> ReadBack:
    """Every `w:t` of the document in order, content controls too; pairs are the cells in the styles of pairs."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    pairs: list[tuple[str, str]] = []
    for row in root.iter(f"{_W}tr"):
        styles = [style.get(f"{_W}val", "") for style in row.iter(f"{_W}pStyle")]
        if styles and styles[0].startswith("PairLabel"):
            cells = [_text(cell) for cell in row.iter(f"{_W}tc")]
            if len(cells) == 1:
                continue  # a heading
            pairs += [pair for pair in zip(cells[::2], cells[1::2], strict=True) if any(pair)]
    return ReadBack(_text(root), tuple(pairs))


def _text(element: etree._Element) -> str:
    return squeeze("".join(item.text or "" for item in element.iter(f"{_W}t")))


def read_pdf(data: bytes, report: Report) -> ReadBack:
    """The text of all pages, without the running header, the footer and the page number."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        # PDFium gives U+FFFE for a hyphen at the end of a line
        pages = tuple(page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document)
    continued = set(_continued(report))
    bodies = []
    for number, page in enumerate(pages, 1):
        own = [line for line in map(squeeze, page.splitlines()) if number == 1 or line not in continued]
        bodies.append(_without_furniture("".join(own), report, number, len(pages)))
    return ReadBack("".join(bodies), pages=pages)


def _without_furniture(page: str, report: Report, number: int, count: int) -> str:
    furniture = report.furniture
    head = squeeze(furniture.state_mark + " · ".join(furniture.patient))
    foot = squeeze("".join(furniture.record))
    numbering = squeeze(f"{furniture.page} {number} {furniture.of} {count}")
    for words in (numbering, head, foot):
        assert words in page, f"page {number} of {count} lacks {words!r}"
        before, _, after = page.rpartition(words)
        page = before + after
    if number == 1:
        return page
    for line in _continued(report):  # where the reader joined it with the line before or behind it
        page = page.removeprefix(line).removesuffix(line)
    return _without_repeated_header(page, report)


def _continued(report: Report) -> list[str]:
    """What a page may say that begins inside a part, whose name may be cut; without white space, long ones first."""
    names = {part_begun(block) for block in report.blocks()} - {""}
    cut = {f"{name[:end].rstrip(' ,;')}..." for name in names for end in range(1, len(name))}
    lines = {squeeze(report.furniture.continued.format(part=name)) for name in names | cut}
    return sorted(lines, key=len, reverse=True)


def _without_repeated_header(page: str, report: Report) -> str:
    """A table that goes on repeats its header; one that begins has its first row below it."""
    for block in report.blocks():
        if isinstance(block, Table):
            header = squeeze("".join(block.columns))
            first = squeeze("".join(cell.text for row in block.rows[:1] for cell in row))
            if page.startswith(header) and not page.startswith(header + first):
                return page.removeprefix(header)
    return page


def read_text(data: bytes, report: Report) -> ReadBack:
    """The text between the frames, without rules; colons after labels and leaders in tables are the format's own."""
    lines = [re.sub(r"^  .{1,20} \.{5,}  ", "", line) for line in data.decode().split("\n")]
    frame = [number for number, line in enumerate(lines) if line == "=" * 80]
    body = squeeze("".join(line for line in lines[frame[1] + 1 : frame[2]] if line != "-" * 80))
    record = squeeze("".join(report.furniture.record))
    assert body.endswith(record)
    return _with_pairs(body.removesuffix(record), report)


def _with_pairs(body: str, report: Report) -> ReadBack:
    """Take out each label's colon in turn; a label without one is left, and the comparison fails."""
    pairs, position = [], 0
    for pair in report.pairs():
        label, answer = squeeze(pair.label), squeeze(pair.text)
        found = body.find(f"{label}:{answer}" if label else answer, position)
        if found < 0:
            continue
        end = found + len(label)
        body = body[:end] + body[end + bool(label) :]
        position = end + len(answer)
        pairs.append((label, answer))
    return ReadBack(body, tuple(pairs))
