"""The Word file: a Report's words in named styles and real tables, so that it reads aloud and edits well in Word.

python-docx makes the package once: styles, settings, page. The words of a report are then written as WordprocessingML
directly, since an object for every cell takes twenty times as long as its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from reportgen.formats.continued import part_begun
from reportgen.formats.docx_base import base
from reportgen.formats.docx_pack import Packed, compress, pack, unpack, utc
from reportgen.formats.docx_pieces import (
    AFTER_TABLE,
    BEFORE_SHORT,
    SPACE,
    cell_xml,
    cells_xml,
    grid_xml,
    paragraph_style,
    paragraph_xml,
    row_xml,
    twips,
    wrapped_xml,
)
from reportgen.formats.docx_styles import head_rule
from reportgen.formats.docx_text import escaped, run
from reportgen.formats.heights import Heights
from reportgen.formats.layout import IDENTIFICATION_LABEL, Layout
from reportgen.formats.pair_rows import PairRow, pair_rows
from reportgen.formats.registry import Engine
from reportgen.formats.scripts import runs_leftward
from reportgen.formats.short_sections import is_short
from reportgen.reports.model import (
    Block,
    Furniture,
    Heading,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Role,
    Section,
    Table,
    Tone,
)

_ROLES = {
    Role.specimen: "Specimen",
    Role.diagnosis: "Diagnosis",
    Role.detail: "Diagnosis Detail",
    Role.received: "Received As",
    Role.body: "Body Text",
}
_STYLED = re.compile(r'(<w:pStyle w:val="[^"]*"/>)(?:<w:keepNext/>)?')
NOTICE_STYLES = {Tone.draft: "Notice State", Tone.gap: "Notice Gap", Tone.info: "Notice Info"}
_LABELS = ("Pair Label", "Pair Label 2", "Pair Label 3")
_PROPERTY_LIMIT = 255  # characters; longer properties are not read by every program
_SENDER = 0.64  # of the page: the laboratory in the letterhead, beside the title
_TWO_ABREAST = 330  # points; in a narrower place each pair has a row of its own
_DOCUMENT, _HEADER, _FOOTER, _CORE = (
    "word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml",
)  # fmt: skip


def render(report: Report, layout: Layout) -> bytes:
    """Lay out a report as a Word file; the same report and layout give the same bytes."""
    shell = _shell(layout, report.metadata.language, report.metadata.generator)
    words = {
        _DOCUMENT: "".join(_body(report, layout)),
        _HEADER: _page_head(report.furniture),
        _FOOTER: _page_foot(report.furniture),
        _CORE: "".join(core_properties(report)),
    }
    filled = {name: before + words[name] + behind for name, (before, behind) in shell.around.items()}
    return pack(shell.static | {name: compress(text.encode()) for name, text in filled.items()}, report.metadata.stamp)


class _Shell(NamedTuple):
    """The package that all reports of one layout share: parts as they are, and what is around a report's own words."""

    static: dict[str, Packed]
    around: dict[str, tuple[str, str]]


@lru_cache(maxsize=8)
def _shell(layout: Layout, language: str, generator: str) -> _Shell:
    parts = unpack(base(layout, language, generator))
    document, header, footer, core = (parts.pop(name).decode() for name in (_DOCUMENT, _HEADER, _FOOTER, _CORE))
    around = {
        _DOCUMENT: _cut(document, "<w:sectPr", "<w:sectPr"),
        _HEADER: _cut(header, "<w:p>", "</w:hdr>"),
        _FOOTER: _cut(footer, "<w:p>", "</w:ftr>"),
        _CORE: (core.rstrip().removesuffix("/>") + ">", "</cp:coreProperties>"),
    }
    return _Shell({name: compress(data, once=True) for name, data in parts.items()}, around)


def _cut(part: str, start: str, end: str) -> tuple[str, str]:
    """A part up to where something starts, and from where something ends it."""
    return part[: part.index(start)], part[part.rindex(end) :]


def _body(report: Report, layout: Layout) -> Iterator[str]:
    yield _letterhead(report, layout)
    if not report.notices:
        yield AFTER_TABLE
    yield from notices_xml(report)
    yield identification_xml(report, layout.text_width)
    for section in report.sections:
        yield from section_xml(section, layout)
    last = report.sections[-1].blocks if report.sections else (report.identification,)
    printed = [block for block in last if not isinstance(block, Pairs) or block.pairs or block.caption]
    is_table = bool(report.sections) and is_short(report.sections[-1], layout)
    if is_table or any(map(_ends_in_table, printed[-1:])):
        yield AFTER_TABLE  # Word cannot end in a table


def _letterhead(report: Report, layout: Layout) -> str:
    """The laboratory and, beside it, the title."""
    widths = twips(layout.text_width * _SENDER), twips(layout.text_width * (1 - _SENDER))
    sender = paragraph_xml("Laboratory", report.letterhead.name, gap=report.letterhead.gap)
    sender += "".join(paragraph_xml("Laboratory Address", text) for text in report.letterhead.lines)
    return grid_xml(
        "Letterhead", widths, report.title, [row_xml(cells_xml(widths, (sender, paragraph_xml("Title", report.title))))]
    )


def notices_xml(report: Report) -> Iterator[str]:
    """The boxed remarks at the top."""
    for notice in report.notices:
        yield paragraph_xml(NOTICE_STYLES[notice.tone], notice.text)


def section_xml(section: Section, layout: Layout) -> Iterator[str]:
    """A section with its heading, as WordprocessingML; one that is not higher than a page is kept together."""
    if is_short(section, layout):
        yield from _short(section, layout)
    elif Heights(layout).is_whole(section):
        yield _together("".join(_blocks(section, layout)))
    else:
        yield from _blocks(section, layout)


def _short(section: Section, layout: Layout) -> Iterator[str]:
    """A section of one line: its heading is beside it, in the column of labels."""
    widths = twips(layout.design.columns.label), twips(layout.text_width - layout.design.columns.label)
    (block,) = section.blocks
    text = paragraph_xml("Notice Beside", block.text) if isinstance(block, Notice) else ""
    cells = paragraph_xml("Heading Beside", section.title), text or "".join(_block(block, (), section.title, layout))
    yield BEFORE_SHORT
    yield grid_xml("Short", widths, section.title, [row_xml(cells_xml(widths, cells))])


def _together(xml: str) -> str:
    """A section whose paragraphs are not parted and stay on one page with the next, but for the last or its row."""
    xml = xml.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>")
    last = xml.rindex("<w:tr>") if xml.endswith("</w:tbl>") else xml.rindex("<w:p>")
    return _STYLED.sub(r"\1<w:keepNext/><w:keepLines/>", xml[:last]) + _STYLED.sub(r"\1<w:keepLines/>", xml[last:])


def _blocks(section: Section, layout: Layout) -> Iterator[str]:
    """The heading and the blocks of a section; each part that it names is a table with its name for a head."""
    yield paragraph_xml("Heading 1", section.title)
    after_table = False  # where a thin line must part what follows from a table: Word would join two tables
    for name, blocks in _by_part(section.blocks):
        if name and not blocks:
            yield paragraph_xml("Heading 2", name)
        elif name:
            yield AFTER_TABLE * after_table
            yield from _part(name, blocks, section.title, layout)
            after_table = True
        for number, block in enumerate(blocks if not name else (), start=1):
            yield AFTER_TABLE * after_table
            yield from _block(block, blocks[number:], section.title, layout)
            after_table = _ends_in_table(block)


def _block(block: Block, following: Sequence[Block], title: str, layout: Layout) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _sentences(block, following)
        case Pairs():
            yield from pairs_xml(block, title, layout)
        case Table():
            yield from _table(block, title, layout)
        case Notice(text=text, tone=tone):
            yield paragraph_xml(NOTICE_STYLES[tone], text)


def _by_part(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks of a section that print more than its parts' names, by the part they are under; "" for under none."""
    name, share = "", list[Block]()
    for block in blocks:
        if isinstance(block, Heading | Notice) or (isinstance(block, Pairs) and block.caption):
            if name or share:
                yield name, share
            name, share = part_begun(block), []
        if isinstance(block, Pairs):
            share += [block._replace(caption="")] if block.pairs else []
        elif not isinstance(block, Heading):
            share.append(block)
    if name or share:
        yield name, share


def _part(name: str, blocks: list[Block], title: str, layout: Layout) -> Iterator[str]:
    """One part's share: its name is a row that comes again on each page which begins inside it."""
    width = twips(layout.text_width)
    head = name
    for is_table, together in groupby(blocks, lambda block: isinstance(block, Table)):
        if head != name:
            yield AFTER_TABLE
        share = list(together)
        if is_table:
            yield AFTER_TABLE.join(
                each for number, table in enumerate(share) if isinstance(table, Table)
                for each in _table(table, title, layout, "" if number else head)
            )  # fmt: skip
        else:
            lists = [pair_rows(block.pairs, layout) for block in share if isinstance(block, Pairs)]
            widths = _pair_widths([row for each in lists for row in each], layout)
            rows = [_name_row(head, width, len(widths))] if head else []
            for block in share:
                if isinstance(block, Paragraph):
                    rows.append(f"<w:tr>{wrapped_xml(_sentences(block, ()), width, len(widths))}</w:tr>")
                elif isinstance(block, Pairs):
                    rows += _pair_rows(widths, lists.pop(0))
            style = "Pairs" if all(isinstance(block, Pairs) for block in share) else "Part"
            yield grid_xml(style, widths, name, rows)
        head = ""


def _name_row(name: str, width: int, span: int) -> str:
    return row_xml(wrapped_xml(paragraph_xml("Heading 2", name), width, span), head=True)


def _ends_in_table(block: Block) -> bool:
    return isinstance(block, Table) or (isinstance(block, Pairs) and bool(block.pairs))


def _sentences(block: Paragraph, following: Sequence[Block]) -> str:
    runs = [run(sentence.text, "Gap" if sentence.gap else "") for sentence in block.sentences]
    # What belongs to a diagnosis stays with it.
    together = (Role.diagnosis, Role.detail, Role.received)
    keep = "<w:keepNext/>" * any(isinstance(each, Paragraph) and each.role in together for each in following[:1])
    # The space between is a run of its own, so that a gap's box holds the gap alone.
    return f"<w:p>{paragraph_style(_ROLES[block.role], keep)}{SPACE.join(runs)}</w:p>"


def identification_xml(report: Report, width: float) -> str:
    """The table of who, when and from where; `width` in points."""
    pairs = report.identification.pairs
    if not pairs:
        return ""  # a table without rows is not valid
    across = 2 if width >= _TWO_ABREAST else 1
    label, answer = twips(IDENTIFICATION_LABEL), twips(width / across - IDENTIFICATION_LABEL)
    rows = []
    for first in range(0, len(pairs), across):
        both = pairs[first : first + across]
        wide, span = (answer, 1) if len(both) == across else (2 * answer + label, 3)
        rows.append(row_xml("".join([_pair(label, wide, each, span) for each in both])))
    return grid_xml("Identification", [label, answer] * across, report.title, rows)


def pairs_xml(block: Pairs, title: str, layout: Layout) -> Iterator[str]:
    """Pairs under their caption; `title` names the table to who hears it read."""
    if block.caption:
        yield paragraph_xml("Heading 2", block.caption)
    if block.pairs:
        rows = pair_rows(block.pairs, layout)
        widths = _pair_widths(rows, layout)
        yield grid_xml("Pairs", widths, block.caption or title, _pair_rows(widths, rows))


def _pair_widths(rows: Sequence[PairRow], layout: Layout) -> tuple[int, ...]:
    """The columns of pairs in twips: of label and answer, twice where two of them share a row."""
    label = twips(layout.design.columns.label)
    if any(row.second for row in rows):
        return (label, twips(layout.text_width / 2) - label) * 2
    return label, twips(layout.text_width) - label


def _pair_rows(widths: Sequence[int], rows: Sequence[PairRow]) -> list[str]:
    """The rows of pairs; what the next row belongs to stays on one page with it."""
    stays = [below.first.depth > 0 for below in rows[1:]] + [False]
    return [row_xml(_pair_cells(widths, row, stay)) for row, stay in zip(rows, stays, strict=True)]


def _pair_cells(widths: Sequence[int], row: PairRow, stay: bool) -> str:
    label, *others = widths
    if row.first.heading:
        return _heading(sum(widths), row.first, len(widths))
    if row.second is None:
        return _pair(label, sum(others), row.first, len(others), stay=stay)
    return "".join([_pair(label, others[0], each, stay=stay) for each in row if each])


def _heading(width: int, pair: Pair, span: int) -> str:
    """One cell across all columns, on one page with the row below."""
    words = run(pair.label, bold=True)
    return wrapped_xml(f"<w:p>{paragraph_style(_label_style(pair), '<w:keepNext/>')}{words}</w:p>", width, span)


def _pair(label: int, answer: int, pair: Pair, span: int = 1, *, stay: bool = False) -> str:
    """Both cells of a pair; their widths come first."""
    named = cell_xml(label, _label_style(pair), pair.label, stay=stay)
    return named + cell_xml(answer, "Pair Answer", pair.text, pair.gap, span, stay)


def _label_style(pair: Pair) -> str:
    return _LABELS[min(pair.depth, len(_LABELS) - 1)]


def _table(block: Table, title: str, layout: Layout, name: str = "") -> Iterator[str]:
    """A table with the names of its columns for a head, and above them the name of its part."""
    if any(len(row) != len(block.columns) for row in block.rows):
        raise ValueError("a row of a table has more or fewer cells than the table has columns")
    wide = twips(layout.text_width / len(block.columns))
    rows = [_name_row(name, wide * len(block.columns), len(block.columns))] if name else []
    rule = head_rule(layout.design) if name else ""  # which the style draws below the first row alone
    rows.append(row_xml("".join([cell_xml(wide, "Column Head", text, rule=rule) for text in block.columns]), head=True))
    rows += [row_xml("".join([cell_xml(wide, "Cell", cell.text, cell.gap) for cell in row])) for row in block.rows]
    yield grid_xml("Findings", [wide] * len(block.columns), block.label or title, rows, head=not name)


def _page_head(furniture: Furniture) -> str:
    mark, patient = run(furniture.state_mark, "State Mark"), " · ".join(furniture.patient)
    if runs_leftward(patient):  # a run for each, so that a name from right to left does not move the numbers
        who = run(" · ", "Identity").join(run(each, "Identity") for each in furniture.patient)
    else:
        who = run(patient, "Identity")
    return f"<w:p>{paragraph_style('Header')}{mark}{run(chr(9))}{who}</w:p>"


def _page_foot(furniture: Furniture) -> str:
    *lines, last = furniture.record or ("",)
    page = f"{run(f'{chr(9)}{furniture.page} ')}{_field('PAGE')}{run(f' {furniture.of} ')}{_field('NUMPAGES')}"
    return (
        "".join(paragraph_xml("Footer", line) for line in lines)
        + f"<w:p>{paragraph_style('Footer')}{run(last)}{page}</w:p>"
    )


def _field(name: str) -> str:
    """A number that Word works out; until then it shows 1."""
    return f'<w:fldSimple w:instr=" {name} ">{run("1")}</w:fldSimple>'


def core_properties(report: Report) -> Iterator[str]:
    """What the file's properties say of the report."""
    metadata, stamp = report.metadata, _moment(utc(report.metadata.stamp))
    for tag, text in (
        ("dc:title", metadata.title),
        ("dc:subject", metadata.subject),
        ("dc:creator", metadata.author),
        ("cp:keywords", ", ".join(metadata.keywords)),
        ("dc:language", metadata.language),
        ("cp:contentStatus", report.state.value),
    ):
        yield f"<{tag}>{escaped(text[:_PROPERTY_LIMIT])}</{tag}>"
    for name in ("created", "modified"):
        yield f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{name}>'
    yield "<cp:lastModifiedBy></cp:lastModifiedBy><dc:description></dc:description><cp:revision>1</cp:revision>"


def _moment(stamp: datetime) -> str:
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


ENGINE = Engine(render)
